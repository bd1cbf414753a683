"""Half precision beside float32, ours alone: time of the parts with synthetic weights, likeness of masks on test media.

    python benchmarks/halves.py                         times; with SAM2_MEDIA, masks of the bundled model too
    python benchmarks/halves.py --model large --size 512

Time is CPU time of one thread, both precisions in turn. docs/benchmarks.md has the figures.
"""

from __future__ import annotations

import argparse
import importlib
import statistics
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from clocks import Clock, alternate
from machine import facts, media_folder, write_csv
from torch import Tensor

from sam2_core.build_sam import build_sam2_video_predictor
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.training.clip_scores import tracked
from sam2_core.training.command import load_for_measuring
from sam2_core.training.measured_sets import coco_pictures, davis_clips
from sam2_core.training.scoring import iou
from sam2_core.training.still_scores import BOX, CLICKS, by_model

_ROOT = Path(__file__).resolve().parent.parent
# synthetic weights; the root before it, since folders of tests are named like the packages
sys.path += [str(_ROOT), str(_ROOT / "tests")]
_weights = importlib.import_module("golden.weights")

_CLICK = CLICKS[1]
Parts = dict[str, Callable[[], Tensor]]


def parts(model: SAM2Base) -> Parts:
    """What is timed: the parts that half precision changes, and a click."""
    chance = torch.Generator().manual_seed(0)

    def rand(*shape: int) -> Tensor:
        return torch.randn(shape, generator=chance)

    side = model.image_size // 16
    picture, embedding = rand(1, 3, model.image_size, model.image_size), rand(1, model.hidden_dim, side, side)
    memory, where = rand(7 * side * side + 64, 1, model.mem_dim), rand(7 * side * side + 64, 1, model.mem_dim)
    features = model.forward_image(picture)
    click = torch.full((1, 1, 2), model.image_size / 3), torch.ones(1, 1)
    return {
        "image encoder": lambda: model.forward_image(picture).embedding,
        "memory attention, 7 maps + 16 pointers": lambda: model.attend(embedding, memory, where, num_ptr_tokens=64),
        "click decoded": lambda: (
            model.decode(
                features.embedding, features.high_res, points=click, mask_inputs=None, multimask_output=True
            ).masks
        ),
    }


def filled(name: str, size: int) -> SAM2Base:
    """A sam2.1 model with synthetic weights."""
    model: SAM2Base = _weights.fill(build_sam2_video_predictor(f"sam2.1_hiera_{name}", device="cpu", image_size=size))
    return model


def times(name: str, size: int, dtype: torch.dtype, rounds: int) -> Iterator[dict[str, str]]:
    """A row for each part."""
    models = []
    for precision in (torch.float32, dtype):
        model = filled(name, size)
        model.compute_in(precision)
        models.append(model)
    exact, half = map(parts, models)
    for part, work in exact.items():
        difference = (half[part]().float() - work()).norm() / work().norm()
        taken = alternate(work, half[part], rounds, Clock("cpu"))
        yield {
            "what": f"{part}, {name} at {size}",
            "float32 ms": f"{1000 * statistics.median(taken.published):.1f}",
            "half ms": f"{1000 * statistics.median(taken.ours):.1f}",
            "ratio": f"{taken.ratio:.2f} ({min(taken.ratios):.2f}-{max(taken.ratios):.2f})",
            "difference": f"{float(difference):.1e}",
        }


def likeness(media: Path, dtype: torch.dtype) -> Iterator[dict[str, str]]:
    """A row for clicks and boxes on COCO pictures, and one for each DAVIS clip: masks in half against float32."""
    exact, half = load_for_measuring("sam2-nano", device="cpu"), load_for_measuring("sam2-nano", device="cpu")
    half.compute_in(dtype)
    alike: dict[str, list[float]] = {_CLICK: [], BOX: []}
    truth: dict[str, list[tuple[float, float]]] = {_CLICK: [], BOX: []}
    for picture in coco_pictures(media / "coco" / "instances.json"):
        found = [by_model(model)(picture, (_CLICK, BOX)) for model in (exact, half)]
        for measure, values in alike.items():
            values += map(iou, found[0][measure], found[1][measure])
            pairs = zip(found[0][measure], found[1][measure], picture.objects, strict=True)
            truth[measure] += [(iou(a, t), iou(b, t)) for a, b, t in pairs]
    for measure, values in alike.items():
        yield _alike(f"{len(values)} objects of COCO, {measure}", values, truth[measure])
    for clip in davis_clips(media / "davis"):
        runs = [dict(tracked(model)(clip, "mask")) for model in (exact, half)]
        frames = sorted(runs[0])[1:]
        values = [iou(runs[0][frame][value], runs[1][frame][value]) for frame in frames for value in runs[0][frame]]
        pairs_of = [
            (iou(runs[0][frame][value], true), iou(runs[1][frame][value], true))
            for frame in frames
            for value, true in clip.objects(frame).items()
        ]
        yield _alike(f"{clip.name}, {len(frames)} frames", values, pairs_of)


def _alike(what: str, values: list[float], truth: list[tuple[float, float]]) -> dict[str, str]:
    exact, half = np.mean(truth, axis=0)
    return {
        "what": what,
        "mean IoU": f"{np.mean(values):.4f}",
        "least": f"{np.min(values):.4f}",
        "below 0.995": f"{np.mean(np.array(values) < 0.995):.1%}",
        "float32 with truth": f"{exact:.4f}",
        "half with truth": f"{half:.4f}",
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=("tiny", "small", "base_plus", "large"), default="tiny")
    parser.add_argument("--size", type=int, nargs="+", default=[1024, 512], help="side of the model's input")
    parser.add_argument("--precision", choices=("bfloat16", "float16"), default="bfloat16")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--media", type=Path, default=media_folder(), help="default $SAM2_MEDIA; none: times alone")
    parser.add_argument("--csv", type=Path, default=Path("build/halves.csv"))
    options = parser.parse_args()
    torch.set_num_threads(1)
    dtype: torch.dtype = getattr(torch, options.precision)
    rows: list[dict[str, str]] = []
    tables = [times(options.model, size, dtype, options.rounds) for size in options.size]
    if options.media is not None:
        tables.append(likeness(options.media, dtype))
    with torch.inference_mode():
        for table in tables:
            for row in table:
                print("  ".join(f"{name} {value}" for name, value in row.items()), flush=True)
                rows.append(row)
    columns = dict.fromkeys(name for row in rows for name in row)
    common = {"precision": options.precision, **facts(torch.device("cpu"))}
    write_csv(options.csv, [{**dict.fromkeys(columns, ""), **row, **common} for row in rows])
    return 0


if __name__ == "__main__":
    sys.exit(main())
