"""Prompts from outside made to fit a picture: points must lie inside, boxes are clipped."""

from __future__ import annotations

import math
from dataclasses import replace

from sam2_annotator.errors import UsageError
from sam2_annotator.values.prompt import Box, Point, PromptSet


def fitted(prompts: PromptSet, *, width: int, height: int, where: str) -> tuple[PromptSet, tuple[str, ...]]:
    """The prompts with their box clipped to the picture, and a warning for what was clipped.

    `where` begins each sentence, as in "Object 3, frame 12".

    Raises:
        UsageError: a point or the whole box lies outside, or there is neither a box nor a mask nor a positive point.
    """
    for point in prompts.points:
        _check_point(point, width=width, height=height, where=where)
    if prompts.box is None and prompts.mask is None and not any(point.positive for point in prompts.points):
        raise UsageError(f"{where}: there must be a box, a mask or a positive point.")
    if prompts.box is None:
        return prompts, ()
    box = _clipped(prompts.box, width=width, height=height, where=where)
    if box == prompts.box:
        return prompts, ()
    warning = f"{where}: the box {_shown(prompts.box)} reaches out of the picture and was clipped to {_shown(box)}."
    return replace(prompts, box=box), (warning,)


def _check_point(point: Point, *, width: int, height: int, where: str) -> None:
    if not (math.isfinite(point.x) and math.isfinite(point.y)):
        raise UsageError(f"{where}: the coordinates of a point must be finite numbers.")
    if not (0 <= point.x < width and 0 <= point.y < height):
        raise UsageError(
            f"{where}: the point {point.x:g},{point.y:g} lies outside the picture of {width} x {height} pixels.",
            hint="Coordinates are pixels of the upright original picture, counted from its top left corner.",
        )


def _clipped(box: Box, *, width: int, height: int, where: str) -> Box:
    if not all(math.isfinite(value) for value in (box.x0, box.y0, box.x1, box.y1)):
        raise UsageError(f"{where}: the coordinates of a box must be finite numbers.")
    if not (box.x0 < box.x1 and box.y0 < box.y1):
        raise UsageError(f"{where}: the box {_shown(box)} needs x0 < x1 and y0 < y1.")
    clipped = Box(max(box.x0, 0.0), max(box.y0, 0.0), min(box.x1, float(width)), min(box.y1, float(height)))
    if not (clipped.x0 < clipped.x1 and clipped.y0 < clipped.y1):
        raise UsageError(f"{where}: the box {_shown(box)} lies outside the picture of {width} x {height} pixels.")
    return clipped


def _shown(box: Box) -> str:
    return f"{box.x0:g},{box.y0:g},{box.x1:g},{box.y1:g}"
