"""What is done to the model's masks before anyone sees them (INTERACTION PRM-7)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Avoid(Enum):
    """Whose pixels a mask leaves out."""

    NOBODY = "nobody"
    LOCKED = "locked"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class CleanUp:
    """Applied in this order: holes of up to `fill_holes` px are filled, specks of up to `drop_specks` px dropped, only
    the largest part kept, the border moved by `grow` px (inwards when negative), other objects left out.
    """

    fill_holes: int = 0
    drop_specks: int = 0
    keep_largest: bool = False
    grow: int = 0
    avoid: Avoid = Avoid.NOBODY


AS_IT_IS = CleanUp()
"""Nothing is done."""
