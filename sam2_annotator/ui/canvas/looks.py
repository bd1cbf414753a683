"""How the canvas draws, as far as a person can set it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CanvasLooks:
    """`zoom_step` is the factor of a notch of the wheel; `outline_width` counts canvas px, 0 is one device pixel.

    `bold` is for high contrast: wider casings, tags black on white.
    """

    zoom_step: float = 1.25
    smooth: bool = False
    grid: bool = True
    crosshair: bool = True
    outline_width: float = 2.0
    tags: bool = True
    bold: bool = False
