"""What a person gives the model: points, a box, a mask.

Coordinates are continuous image coordinates of the upright, full-size frame: pixel (i, j) covers
[i, i+1) x [j, j+1), x to the right and y down.
"""

from __future__ import annotations

from dataclasses import dataclass

from sam2_annotator.values.mask import Mask


@dataclass(frozen=True, slots=True)
class Point:
    """One click; `positive` means "this belongs to the object"."""

    x: float
    y: float
    positive: bool = True


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-parallel box, x0 < x1 and y0 < y1."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class PromptSet:
    """Everything a person gave for one object on one frame, points in the order they were made.

    `mask` is a mask handed to the model as a prompt (a painted, imported or earlier one).
    """

    points: tuple[Point, ...] = ()
    box: Box | None = None
    mask: Mask | None = None

    def __bool__(self) -> bool:
        """True when there is at least one prompt."""
        return bool(self.points) or self.box is not None or self.mask is not None

    @property
    def is_single_click(self) -> bool:
        """True for exactly one positive point and nothing else: the case with three candidates."""
        return len(self.points) == 1 and self.points[0].positive and self.box is None and self.mask is None
