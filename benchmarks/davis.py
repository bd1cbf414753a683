"""Region similarity J of tracking on folders laid out like DAVIS: Annotations/480p/<sequence>/00000.png and so on.

J of a sequence is the mean IoU over all frames but the first, which is prompted; of the set, the mean over sequences
(DAVIS: Perazzi et al., CVPR 2016, region measure). Everything that is not 0 in an annotation is the object. Prompts:
`mask` the first frame's annotation; `click` the centre of the pixel deepest inside its largest part; `keep` no model,
the first annotation stays where it is.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from machine import facts, media_folder, write_csv
from PIL import Image

from sam2_annotator.engine import catalogue
from sam2_core.build_sam import build_sam2_video_predictor
from sam2_core.checkpoints import recognise
from sam2_core.frames import open_frames
from sam2_core.hub import fetch
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.session import VideoSession

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Score:
    """J of one sequence under one prompt, and the time tracking took per frame."""

    sequence: str
    prompt: str
    j: float
    seconds_per_frame: float


def largest_part(mask: Bools) -> Bools:
    """The largest 8-connected part of a mask."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    largest: Bools = labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    return largest


def deepest_pixel(mask: Bools) -> tuple[int, int]:
    """(x, y) of the pixel farthest from the outside; the picture's edge counts as outside."""
    depth = cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    y, x = np.unravel_index(int(depth.argmax()), depth.shape)
    return int(x) - 1, int(y) - 1


def iou(a: Bools, b: Bools) -> float:
    """Intersection over union; 1 when both are empty."""
    union = int((a | b).sum())
    return int((a & b).sum()) / union if union else 1.0


def true_masks(folder: Path) -> list[Bools]:
    """The object on each frame, bool (H, W)."""
    return [np.asarray(Image.open(path)) != 0 for path in sorted(folder.glob("*.png"))]


def keep(frames: Path, truth: list[Bools]) -> list[Bools]:
    """The first mask on every frame."""
    return [truth[0]] * len(truth)


def tracked(model: SAM2Base, prompt: str) -> Callable[[Path, list[Bools]], list[Bools]]:
    """A method that prompts the first frame with `mask` or `click` and tracks forward."""

    def track(frames: Path, truth: list[Bools]) -> list[Bools]:
        source = open_frames(frames)
        session = VideoSession(model, source)
        if prompt == "mask":
            session.add_mask(0, 1, truth[0])
        else:
            session.add_points(0, 1, [deepest_pixel(largest_part(truth[0]))], [1])
        return [result.masks(*source.size)[1] for result in session.propagate("forward")]

    return track


def measure(root: Path, sequence: str, prompt: str, method: Callable[[Path, list[Bools]], list[Bools]]) -> Score:
    """J of a method on one sequence."""
    truth = true_masks(root / "Annotations" / "480p" / sequence)
    began = time.perf_counter()
    found = method(root / "JPEGImages" / "480p" / sequence, truth)
    seconds = (time.perf_counter() - began) / len(truth)
    scores = [iou(mask, true) for mask, true in zip(found[1:], truth[1:], strict=True)]
    return Score(sequence, prompt, float(np.mean(scores)), seconds)


def load(name: str, device: str, *, postprocessing: bool) -> SAM2Base:
    """A model by any name the program takes."""
    entry = catalogue.find(name)
    path = catalogue.local_file(entry) or fetch(entry.hub_id or entry.name)
    chosen = None if device == "auto" else device
    model = build_sam2_video_predictor(
        recognise(path), path, device=chosen, dynamic_multimask_via_stability=postprocessing
    )
    if not postprocessing:
        model.fill_hole_area = 0
    return model


def show(scores: list[Score], prompts: list[str]) -> None:
    """Print one line per sequence and the mean."""
    table = {(score.sequence, score.prompt): score for score in scores}
    sequences = list(dict.fromkeys(score.sequence for score in scores))
    print(f"{'J':20}", *(f"{prompt:>8}" for prompt in prompts))
    for sequence in sequences:
        print(f"{sequence:20}", *(f"{table[sequence, prompt].j:8.3f}" for prompt in prompts))
    means = [np.mean([table[sequence, prompt].j for sequence in sequences]) for prompt in prompts]
    print(f"{'mean':20}", *(f"{mean:8.3f}" for mean in means))


def main() -> int:
    """Run the benchmark; 2 when there is nothing to measure on."""
    media = media_folder()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = None if media is None else media / "davis"
    parser.add_argument("--davis", type=Path, default=default, help="default $SAM2_MEDIA/davis")
    parser.add_argument("--model", default="sam2-nano")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--prompts", nargs="+", choices=["mask", "click", "keep"], default=["mask", "click", "keep"])
    parser.add_argument("--postprocessing", action="store_true", help="with hole filling and the stability rule")
    parser.add_argument("--csv", type=Path, default=Path("build/davis.csv"))
    options = parser.parse_args()
    if options.davis is None or not (options.davis / "Annotations" / "480p").is_dir():
        sys.stderr.write("No sequences: name a folder with --davis, or test media with SAM2_MEDIA.\n")
        return 2
    model = load(options.model, options.device, postprocessing=options.postprocessing)
    sequences = sorted(path.name for path in (options.davis / "Annotations" / "480p").iterdir() if path.is_dir())
    scores = []
    for sequence in sequences:
        for prompt in options.prompts:
            method = keep if prompt == "keep" else tracked(model, prompt)
            scores.append(measure(options.davis, sequence, prompt, method))
    show(scores, options.prompts)
    common = {"model": options.model, "postprocessing": str(options.postprocessing), **facts(model.device)}
    write_csv(
        options.csv,
        [
            {
                "sequence": score.sequence,
                "prompt": score.prompt,
                "j": f"{score.j:.4f}",
                "seconds_per_frame": f"{score.seconds_per_frame:.4f}",
                **common,
            }
            for score in scores
        ],
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
