"""Methods that follow the objects of a clip from its first annotated frame, and their scores: models, and none at all.

J, F and their mean: DAVIS (Perazzi et al., CVPR 2016), over all annotated frames but the prompted one.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.session import VideoSession
from sam2_core.training.measured_sets import MeasuredClip
from sam2_core.training.scoring import Bools, boundary_f, box_of, click_on, iou

PROMPTS = ("mask", "click", "box")
KEEP = "keep the first mask"


@dataclass(frozen=True, slots=True)
class ClipScore:
    """One object of a clip under one prompt: means over frames, and what was found on the last annotated frame."""

    clip: str
    object: int
    prompt: str
    j: float
    f: float
    seconds_per_frame: float
    last: Bools


ClipMethod = Callable[[MeasuredClip, str], Iterator[tuple[int, dict[int, Bools]]]]


def keep(clip: MeasuredClip, prompt: str) -> Iterator[tuple[int, dict[int, Bools]]]:
    """The first masks on every frame."""
    first = clip.objects(clip.first)
    for frame in range(clip.first, len(clip.source)):
        yield frame, first


def tracked(model: SAM2Base) -> ClipMethod:
    """A model that is given a mask, one click or a box of each object on the first frame, and tracks forward."""

    def track(clip: MeasuredClip, prompt: str) -> Iterator[tuple[int, dict[int, Bools]]]:
        source = clip.source
        session = VideoSession(model, source)
        for value, true in clip.objects(clip.first).items():
            if prompt == "mask":
                session.add_mask(clip.first, value, true)
            elif prompt == "click":
                place, label = click_on(true)
                session.add_points(clip.first, value, [place], [label])
            else:
                session.add_points(clip.first, value, None, None, box_of(true))
        for result in session.propagate("forward"):
            yield result.frame, {int(str(key)): mask for key, mask in result.masks(*source.size).items()}

    return track


def score_clip(clip: MeasuredClip, method: ClipMethod, prompt: str) -> list[ClipScore]:
    """Scores of every object of a clip that is on its first annotated frame."""
    values = list(clip.objects(clip.first))
    js: dict[int, list[float]] = {value: [] for value in values}
    fs: dict[int, list[float]] = {value: [] for value in values}
    last: dict[int, Bools] = {}
    spent, frames, began = 0.0, 0, time.perf_counter()
    for frame, found in method(clip, prompt):
        spent, frames = spent + time.perf_counter() - began, frames + 1
        if frame in clip.truth and frame != clip.first:
            true = clip.objects(frame)
            for value in values:
                wanted = true.get(value, np.zeros_like(found[value]))
                js[value].append(iou(found[value], wanted))
                fs[value].append(boundary_f(found[value], wanted))
                last[value] = found[value]
        began = time.perf_counter()
    return [
        ClipScore(clip.name, v, prompt, float(np.mean(js[v])), float(np.mean(fs[v])), spent / frames, last[v])
        for v in values
        if js[v]
    ]
