"""What is done to the outlines of masks: to those the model proposes, before anyone sees them (INTERACTION PRM-7), and
to those that are there, when a person asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Shaping:
    """Applied in this order, each in pixels and 0 for not at all: holes of up to `fill_holes` px are filled (None:
    all), specks of up to `drop_specks` px dropped, only the largest part kept, the border moved by `grow` (inwards when
    negative), the outline smoothed with this radius.
    """

    fill_holes: int | None = 0
    drop_specks: int = 0
    keep_largest: bool = False
    grow: int = 0
    smooth: int = 0


class Avoid(Enum):
    """Whose pixels a mask leaves out."""

    NOBODY = "nobody"
    LOCKED = "locked"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class CleanUp(Shaping):
    """The shaping of the model's masks, where not all holes are filled; after it, other objects are left out."""

    fill_holes: int = 0
    avoid: Avoid = Avoid.NOBODY


AS_IT_IS = CleanUp()
"""Nothing is done."""
