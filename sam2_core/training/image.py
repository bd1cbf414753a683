"""Train a model on labelled pictures: clicks, boxes and corrections are simulated.

`python -m sam2_core.training.image --data FOLDER --out RUN` trains from nothing, `--model` starts from a checkpoint.
The same command goes on where it was stopped. RUN gets the model (averaged weights, float16), the log and its plot.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from sam2_core.modeling.image_encoder import ImageFeatures
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.training.augment import Augmentation, Example, example
from sam2_core.training.command import load_model, run_command
from sam2_core.training.distil import Distiller
from sam2_core.training.features import encoded, spread_penalty
from sam2_core.training.loop import Losses, Run
from sam2_core.training.losses import LossWeights
from sam2_core.training.options import add_common, pace_of, schedule_of, starting_model
from sam2_core.training.pictures import Pictures, PictureSet, read_sets
from sam2_core.training.rounds import Interaction, interact
from sam2_core.training.scenes import Mixed, ScenePictures, SceneRecipe
from sam2_core.training.still_scores import MEASURES, Picture, by_model, mean_ious, score_stills

SPREAD_WEIGHT = 0.02  # of the penalty that keeps the finest embedding from growing without limit
_TEACHER_WEIGHT = 1.0
_LEAST_OBJECT = 0.01  # share of a held-out picture
_HELD_OUT_OBJECTS = 3  # asked for in each held-out picture


@dataclass(frozen=True, slots=True)
class PictureBatch:
    """images uint8 (B, S, S, 3), masks bool (B, M, S, S)."""

    images: Tensor
    masks: Tensor

    def to(self, device: torch.device) -> "PictureBatch":
        """The same on a device."""
        return PictureBatch(self.images.to(device, non_blocking=True), self.masks.to(device, non_blocking=True))


class Examples(Dataset[Example]):
    """Training examples by number; number and seed decide everything."""

    def __init__(self, pictures: Pictures, seed: int, size: int, objects: int, how: Augmentation) -> None:
        self.pictures, self.seed, self.size, self.objects, self.how = pictures, seed, size, objects, how

    def __getitem__(self, number: int) -> Example:
        rng = np.random.default_rng((self.seed, number))
        return example(self.pictures, rng, size=self.size, objects=self.objects, how=self.how)


def batches(examples: Examples, first: int, *, batch: int, steps: int, workers: int) -> Iterator[PictureBatch]:
    """Batches of the steps from `first` on, made by `workers` processes (0: by this one)."""
    numbers = range(first * batch, steps * batch)
    return iter(DataLoader(examples, batch, sampler=numbers, num_workers=workers, collate_fn=joined, drop_last=True))


def joined(examples: Sequence[Example]) -> PictureBatch:
    """Examples as a batch."""
    return PictureBatch(
        torch.from_numpy(np.stack([e.image for e in examples])), torch.from_numpy(np.stack([e.masks for e in examples]))
    )


class PictureTask:
    """Losses of interactive segmentation of pictures; scores on held-out ones."""

    def __init__(
        self,
        how: Interaction,
        weights: LossWeights,
        held_out: Sequence[Picture],
        distiller: Distiller | None = None,
    ) -> None:
        self.how, self.weights, self.held_out, self.distiller = how, weights, held_out, distiller

    def losses(self, model: SAM2Base, batch: PictureBatch, generator: torch.Generator) -> Losses:
        """Means over the batch; "features" is the penalty on large embeddings, "teacher" that on the teacher's."""
        batch = batch.to(model.device)
        features = encoded(model, batch.images)
        still = ImageFeatures(model.without_memory(features.embedding), features.high_res)
        losses = interact(model, still, batch.masks, how=self.how, weights=self.weights, generator=generator)
        spread = spread_penalty(features.embedding)
        total = losses["loss"] + SPREAD_WEIGHT * spread
        if self.distiller is None:
            return {**losses, "loss": total, "features": spread}
        teacher = self.distiller(features.embedding, batch.images)
        return {**losses, "loss": total + _TEACHER_WEIGHT * teacher, "features": spread, "teacher": teacher}

    def scores(self, model: SAM2Base) -> dict[str, float]:
        """Mean IoU of each measure on the held-out pictures."""
        return mean_ious(score_stills(self.held_out, by_model(model), [m for m in MEASURES if m != "5 clicks"]))


def held_out(pictures: PictureSet, count: int) -> list[Picture]:
    """Up to `count` pictures to measure on, evenly over the set, with their largest objects."""
    step = max(1, len(pictures) // count) if count else 1
    chosen: list[Picture] = []
    for entry in pictures.entries[::step][:count]:
        labelled = entry.read()
        values, areas = np.unique(labelled.labels[labelled.labels > 0], return_counts=True)
        large = values[areas >= _LEAST_OBJECT * labelled.labels.size]
        areas = areas[areas >= _LEAST_OBJECT * labelled.labels.size]
        best = [int(v) for v in large[np.argsort(-areas, kind="stable")][:_HELD_OUT_OBJECTS]]
        masks = tuple(labelled.labels == value for value in best)
        if masks:
            chosen.append(Picture(f"held out {len(chosen)}", labelled.image, masks))
    return chosen


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, or go on training."""
    parser = argparse.ArgumentParser(
        prog="python -m sam2_core.training.image",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_common(parser, batch=8, lr=3e-4)
    parser.add_argument("--objects", type=int, default=6, help="objects asked for per picture (%(default)s)")
    parser.add_argument("--corrections", type=int, default=3, help="most corrections of an object (%(default)s)")
    parser.add_argument("--boxes", type=float, default=0.4, help="share of objects that begin with a box (%(default)s)")
    parser.add_argument("--scenes", type=float, default=0.3, help="share of composed scenes (%(default)s)")
    parser.add_argument("--teacher", help="learn the image features of this model as well, e.g. an official one")
    return run_command(partial(_train, parser.parse_args(arguments)))


def _train(options: argparse.Namespace) -> None:
    pictures, measured = read_sets(options.data, "train"), read_sets(options.data, "val")
    model = starting_model(options)
    distiller = None
    if options.teacher is not None:
        teacher = load_model(options.teacher, device=options.device)
        distiller = Distiller(teacher, model.hidden_dim).to(model.device)
    if options.scenes > 0:
        scenes = ScenePictures(pictures, model.image_size, SceneRecipe())
        drawn: Pictures = Mixed(pictures, scenes, options.scenes)
    else:
        drawn = pictures
    how = Interaction(boxes=options.boxes, corrections=options.corrections, stride=options.loss_stride)
    weights, schedule = LossWeights(), schedule_of(options)
    augmentation = Augmentation()
    recipe = {
        "kind": "image",
        "model": options.model or "from nothing",
        "parts": options.train,
        "teacher": options.teacher,
        "scenes": options.scenes,
        "size": options.size,
        "batch": options.batch,
        "objects": options.objects,
        "interaction": asdict(how),
        "weights": asdict(weights),
        "augmentation": asdict(augmentation),
    }
    task = PictureTask(how, weights, held_out(measured, options.held_out), distiller)
    run = Run(options.out, model, task, schedule, pace_of(options), seed=options.seed, recipe=recipe, extra=distiller)
    examples = Examples(drawn, options.seed, model.image_size, options.objects, augmentation)
    outcome = run.train(
        lambda first: batches(examples, first, batch=options.batch, steps=schedule.steps, workers=options.workers)
    )
    print(f"Stopped at step {outcome.step} ({outcome.reason}); the model is {options.out / 'model.safetensors'}.")


if __name__ == "__main__":
    sys.exit(main())
