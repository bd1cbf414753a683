"""What each quality costs: parts of a model at every side that a quality stands for, and frames tracked by sam2-nano.

    python benchmarks/qualities.py                      sam2.1 tiny, synthetic weights
    SAM2_MEDIA=/path/to/media python benchmarks/qualities.py --model nano      tracked frames too

Time is CPU time of one thread in float32, the sides in turn. docs/benchmarks.md has the figures.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from clocks import Clock
from halves import Parts, filled, parts
from machine import media_folder

from sam2_annotator.values.input_size import InputSize, Quality
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.training.clip_scores import tracked
from sam2_core.training.command import load_for_measuring
from sam2_core.training.measured_sets import davis_clips


def costs(models: dict[int, SAM2Base], rounds: int) -> Iterator[tuple[str, dict[int, list[float]]]]:
    """Seconds of each part at each side."""
    clock = Clock("cpu")
    work: dict[int, Parts] = {side: parts(model) for side, model in models.items()}
    for part in work[min(work)]:
        taken: dict[int, list[float]] = {side: [] for side in work}
        for number in range(rounds + 1):
            for side in list(work) if number % 2 else reversed(list(work)):
                seconds = clock.seconds(work[side][part])
                if number:  # the first one packs weights and fills caches
                    taken[side].append(seconds)
        yield part, taken


def frames(models: dict[int, SAM2Base], media: Path) -> tuple[str, dict[int, list[float]]]:
    """Seconds a tracked frame at each side, reading included, one value a clip."""
    taken: dict[int, list[float]] = {side: [] for side in models}
    for clip in list(davis_clips(media / "davis"))[:3]:
        for side, model in models.items():
            began = time.process_time()
            count = sum(1 for _ in tracked(model)(clip, "mask"))
            taken[side].append((time.process_time() - began) / count)
    return "tracked frame", taken


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", choices=("nano", "tiny", "small", "base_plus", "large"), default="tiny")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--media", type=Path, default=media_folder(), help="default $SAM2_MEDIA; none: parts alone")
    options = parser.parse_args()
    torch.set_num_threads(1)
    nano = options.model == "nano"
    models = {}
    for quality in Quality:
        side = InputSize(quality).of(512 if nano else 1024)
        models[side] = (
            load_for_measuring("sam2-nano", device="cpu", image_size=side) if nano else filled(options.model, side)
        )
    with torch.inference_mode():
        table = list(costs(models, options.rounds))
        if nano and options.media is not None:
            table.append(frames(models, options.media))
    for what, taken in table:
        figures = (f"{side}: {1000 * statistics.median(seconds):.1f} ms" for side, seconds in taken.items())
        print(what, *figures, sep="  ", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
