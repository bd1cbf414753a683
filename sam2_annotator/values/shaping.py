"""What a person does to the outline of a mask that is there."""

from __future__ import annotations

from dataclasses import dataclass


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
