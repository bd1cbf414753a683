"""Train a model's memory on clips: objects are followed from a mask, click or box on the first frame.

`python -m sam2_core.training.video --data FOLDER --model CHECKPOINT --out RUN` composes its clips from labelled
pictures; `--clips` adds real ones, laid out like DAVIS. Each step also trains on pictures, so that clicks are not
forgotten. The same command goes on where it was stopped.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from sam2_core.frames import ArrayFrames, FrameSource
from sam2_core.modeling.image_encoder import ImageFeatures
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.training.augment import Augmentation
from sam2_core.training.clip_scores import score_clip, tracked
from sam2_core.training.clips import ClipExample, Clips, FolderClips, SceneClips, clip_example
from sam2_core.training.command import run_command
from sam2_core.training.features import encoded, of_objects, spread_penalty
from sam2_core.training.following import Following, follow
from sam2_core.training.image import SPREAD_WEIGHT, Examples, PictureBatch, PictureTask, held_out, joined
from sam2_core.training.loop import Losses, Run
from sam2_core.training.losses import LossWeights
from sam2_core.training.measured_sets import davis_clips
from sam2_core.training.options import add_common, pace_of, schedule_of, starting_model
from sam2_core.training.pictures import Pictures, read_sets
from sam2_core.training.rounds import Interaction
from sam2_core.training.scenes import Scene, SceneRecipe, compose
from sam2_core.training.scoring import Bools

_HELD_OUT_FRAMES = 8
_HELD_OUT_SEED = 20240715


@dataclass(frozen=True, slots=True)
class ClipBatch:
    """images uint8 (B, T, S, S, 3), masks bool (B, T, M, S, S); pictures of the same step, if any."""

    images: Tensor
    masks: Tensor
    pictures: PictureBatch | None


@dataclass(frozen=True, slots=True)
class SceneClip:
    """A composed clip to measure on."""

    name: str
    scene: Scene

    @property
    def truth(self) -> Mapping[int, object]:
        """Labels of every frame."""
        return dict(enumerate(self.scene.labels))

    @property
    def first(self) -> int:
        """Frame 0."""
        return 0

    @property
    def source(self) -> FrameSource:
        """The frames."""
        return ArrayFrames(np.stack(self.scene.frames))

    def objects(self, frame: int) -> dict[int, Bools]:
        """Masks of the things seen on a frame."""
        labels = self.scene.labels[frame]
        return {int(value): labels == value for value in np.unique(labels) if value}


class ClipExamples(Dataset[ClipExample]):
    """Clips by number; number and seed decide everything. `real` clips, if any, make up `real_share` of them."""

    def __init__(
        self,
        composed: Clips,
        real: Clips | None,
        *,
        real_share: float,
        seed: int,
        size: int,
        frames: int,
        objects: int,
        how: Augmentation,
    ) -> None:
        self.composed, self.real, self.real_share, self.seed = composed, real, real_share, seed
        self.size, self.frames, self.objects, self.how = size, frames, objects, how

    def __getitem__(self, number: int) -> ClipExample:
        rng = np.random.default_rng((self.seed, number, 1))
        clips = self.real if self.real is not None and rng.random() < self.real_share else self.composed
        return clip_example(clips, rng, size=self.size, frames=self.frames, objects=self.objects, how=self.how)


def clip_batches(
    clips: ClipExamples, pictures: Examples | None, first: int, *, batch: int, few: int, steps: int, workers: int
) -> Iterator[ClipBatch]:
    """Batches of `batch` clips and `few` pictures of the steps from `first` on."""
    numbers = range(first * batch, steps * batch)
    loaded = DataLoader(clips, batch, sampler=numbers, num_workers=workers, collate_fn=list, drop_last=True)
    for step, examples in enumerate(loaded, start=first):
        beside = joined([pictures[step * few + i] for i in range(few)]) if pictures is not None and few else None
        yield ClipBatch(
            torch.from_numpy(np.stack([e.images for e in examples])),
            torch.from_numpy(np.stack([e.masks for e in examples])),
            beside,
        )


class ClipTask:
    """Losses of following objects through clips, and of pictures beside them; scores on composed clips and pictures."""

    def __init__(self, how: Following, pictures: PictureTask, measured: Sequence[SceneClip]) -> None:
        self.how, self.pictures, self.measured = how, pictures, measured

    def losses(self, model: SAM2Base, batch: ClipBatch, generator: torch.Generator) -> Losses:
        """Means over clips, objects and frames; "pictures" is the loss of the pictures."""
        clips, frames, objects = batch.masks.shape[:3]
        images = batch.images.to(model.device, non_blocking=True)
        masks = batch.masks.to(model.device, non_blocking=True)
        features = encoded(model, images.flatten(0, 1))  # (B * T, ...)
        spread = spread_penalty(features.embedding)
        losses = follow(
            model,
            _by_frame(features, clips, frames, objects),
            masks.transpose(0, 1).flatten(1, 2),  # (T, B * M, S, S)
            how=self.how,
            interaction=self.pictures.how,
            weights=self.pictures.weights,
            generator=generator,
        )
        total = losses["loss"] + SPREAD_WEIGHT * spread
        if batch.pictures is None:
            return {**losses, "loss": total, "features": spread}
        beside = self.pictures.losses(model, batch.pictures, generator)["loss"]
        return {**losses, "loss": total + beside, "features": spread, "pictures": beside}

    def scores(self, model: SAM2Base) -> dict[str, float]:
        """Mean J of the composed clips from a mask and from a click; and the scores of pictures."""
        found: dict[str, float] = {}
        model.binarize_mask_from_pts_for_mem_enc = True  # as when it is used
        for prompt in ("mask", "click") if self.measured else ():
            js = [score.j for clip in self.measured for score in score_clip(clip, tracked(model), prompt)]
            found[f"clips, {prompt}"] = float(np.mean(js))
        model.binarize_mask_from_pts_for_mem_enc = model.config.binarize_mask_from_pts_for_mem_enc
        return {**found, **self.pictures.scores(model)}


def _by_frame(features: ImageFeatures, clips: int, frames: int, objects: int) -> list[ImageFeatures]:
    """Features of all frames of all clips -> for each frame those of every object's clip."""
    clip = torch.arange(clips, device=features.embedding.device).repeat_interleave(objects)
    return [of_objects(features, clip * frames + t) for t in range(frames)]


def scene_clips(pictures: Pictures, count: int, side: int) -> list[SceneClip]:
    """Composed clips to measure on, the same ones every time."""
    clips: list[SceneClip] = []
    for number in range(count):
        rng = np.random.default_rng((_HELD_OUT_SEED, number))
        clips.append(
            SceneClip(f"scene {number}", compose(pictures, rng, side=side, frames=_HELD_OUT_FRAMES, how=SceneRecipe()))
        )
    return [clip for clip in clips if clip.objects(0)]


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, or go on training."""
    parser = argparse.ArgumentParser(
        prog="python -m sam2_core.training.video",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_common(parser, batch=2, lr=1e-4)
    add = parser.add_argument
    add("--clips", type=Path, nargs="+", help="folders of annotated clips laid out like DAVIS")
    add("--real-share", type=float, default=0.5, help="share of these clips beside composed ones (%(default)s)")
    add("--frames", type=int, default=5, help="frames of a clip, 4 to 8 (%(default)s)")
    add("--objects", type=int, default=3, help="objects followed per clip (%(default)s)")
    add("--pictures", type=int, default=2, help="pictures beside the clips in each step (%(default)s)")
    add("--held-out-clips", type=int, default=6, help="composed clips to measure on (%(default)s)")
    return run_command(partial(_train, parser.parse_args(arguments)))


def _train(options: argparse.Namespace) -> None:
    if not 2 <= options.frames <= 16:
        raise ValueError("--frames must be from 2 to 16.")
    pictures, measured = read_sets(options.data, "train"), read_sets(options.data, "val")
    real = FolderClips([clip for folder in options.clips for clip in davis_clips(folder)]) if options.clips else None
    model = starting_model(options)
    schedule, weights, following = schedule_of(options), LossWeights(), Following()
    interaction, augmentation = Interaction(stride=options.loss_stride), Augmentation(crop=0.3)
    recipe = {
        "kind": "video",
        "model": options.model or "from nothing",
        "parts": options.train,
        "size": options.size,
        "batch": [options.batch, options.frames, options.objects, options.pictures],
        "clips": [[str(folder) for folder in options.clips or ()], options.real_share],
        "following": asdict(following),
        "interaction": asdict(interaction),
        "weights": asdict(weights),
        "augmentation": asdict(augmentation),
    }
    beside = PictureTask(interaction, weights, held_out(measured, options.held_out))
    clips = scene_clips(measured, options.held_out_clips, model.image_size)
    task = ClipTask(following, beside, clips)
    run = Run(options.out, model, task, schedule, pace_of(options), seed=options.seed, recipe=recipe)
    examples = ClipExamples(
        SceneClips(pictures, model.image_size, SceneRecipe()),
        real,
        real_share=options.real_share,
        seed=options.seed,
        size=model.image_size,
        frames=options.frames,
        objects=options.objects,
        how=augmentation,
    )
    stills = Examples(pictures, options.seed, model.image_size, options.objects, augmentation)
    shape = {"batch": options.batch, "few": options.pictures, "steps": schedule.steps, "workers": options.workers}
    outcome = run.train(lambda first: clip_batches(examples, stills, first, **shape))
    print(f"Stopped at step {outcome.step} ({outcome.reason}); the model is {options.out / 'model.safetensors'}.")


if __name__ == "__main__":
    sys.exit(main())
