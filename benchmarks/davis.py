"""Region similarity J and boundary measure F of tracking on folders laid out like DAVIS, with the time per frame.

Scores are those of `python -m sam2_core.training.evaluate`, which compares any number of models; this adds the machine
and the time. Prompts on the first frame: its mask, one click, a box; `keep` is no model, the first mask stays.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from machine import facts, media_folder, write_csv

from sam2_core.errors import EngineError
from sam2_core.training.clip_scores import PROMPTS, ClipScore, keep, score_clip, tracked
from sam2_core.training.command import load_for_measuring
from sam2_core.training.measured_sets import davis_clips

KEEP = "keep"


def show(scores: list[ClipScore], prompts: list[str]) -> None:
    """Print J and F, one line per clip and the mean; of a clip's objects the mean."""
    clips = list(dict.fromkeys(score.clip for score in scores))
    print(f"{'J / F':20}", *(f"{prompt:>14}" for prompt in prompts))
    lines = {}
    for clip in clips:
        own = {p: [s for s in scores if (s.clip, s.prompt) == (clip, p)] for p in prompts}
        lines[clip] = [(np.mean([s.j for s in own[p]]), np.mean([s.f for s in own[p]])) for p in prompts]
    lines["mean"] = [tuple(np.mean([lines[clip][i] for clip in clips], axis=0)) for i in range(len(prompts))]
    for name, values in lines.items():
        print(f"{name:20}", *(f"{j:6.3f} / {f:5.3f}" for j, f in values))


def main() -> int:
    """Run the benchmark; 2 when there is nothing to measure on."""
    media = media_folder()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = None if media is None else media / "davis"
    parser.add_argument("--davis", type=Path, default=default, help="default $SAM2_MEDIA/davis")
    parser.add_argument("--model", default="sam2-nano")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--prompts", nargs="+", choices=[*PROMPTS, KEEP], default=["mask", "click", KEEP])
    parser.add_argument("--postprocessing", action="store_true", help="with hole filling and the stability rule")
    parser.add_argument("--csv", type=Path, default=Path("build/davis.csv"))
    options = parser.parse_args()
    if options.davis is None:
        sys.stderr.write("No sequences: name a folder with --davis, or test media with SAM2_MEDIA.\n")
        return 2
    try:
        clips = davis_clips(options.davis)
        device = None if options.device == "auto" else options.device
        model = load_for_measuring(options.model, device=device, postprocessing=options.postprocessing)
    except EngineError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    methods = {prompt: keep if prompt == KEEP else tracked(model) for prompt in options.prompts}
    scores = [s for clip in clips for prompt, method in methods.items() for s in score_clip(clip, method, prompt)]
    show(scores, options.prompts)
    common = {"model": options.model, "postprocessing": str(options.postprocessing), **facts(model.device)}
    rows = [
        {
            "sequence": score.clip,
            "object": str(score.object),
            "prompt": score.prompt,
            "j": f"{score.j:.4f}",
            "f": f"{score.f:.4f}",
            "seconds_per_frame": f"{score.seconds_per_frame:.4f}",
            **common,
        }
        for score in scores
    ]
    write_csv(options.csv, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
