"""Pens for outlines: what each state of a mask looks like (INTERACTION VIS-1, VIS-2, VIS-4)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from sam2_annotator.ui.canvas.values import CanvasMask
from sam2_annotator.values.palette import colour, ring
from sam2_annotator.values.states import MaskState

DARK = QColor(16, 16, 16)
LIGHT = QColor(255, 255, 255)
WIDTH = 2.0
LIFTED_WIDTH = 3.0
WIDEST = LIFTED_WIDTH + 4.0

_DOTS = (1.5, 1.5)  # in widths of the line
_DASHES = (3.0, 3.0)
_PROPAGATED_FILL = 0.6


@dataclass(frozen=True, slots=True)
class Stroke:
    """One pass over an outline; width in canvas px, dashes in widths."""

    colour: QColor
    width: float
    dashes: tuple[float, ...] = ()

    def pen(self, ratio: float) -> QPen:
        """A pen that keeps its width at every zoom; `ratio` device pixels per canvas pixel."""
        pen = QPen(self.colour, self.width * ratio)
        pen.setCosmetic(True)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if self.dashes:
            pen.setDashPattern(self.dashes)
        return pen


def outline_strokes(mask: CanvasMask, *, lifted: bool) -> tuple[Stroke, ...]:
    """The passes of an object's outline, in drawing order."""
    width = LIFTED_WIDTH if lifted or mask.selected else WIDTH
    if mask.draft:
        return Stroke(DARK, width), Stroke(LIGHT, width, _DASHES)
    line = QColor(*colour(mask.number))
    if mask.state is MaskState.PROPAGATED:
        return Stroke(DARK, width + 2), Stroke(line, width, _DOTS)
    match ring(mask.number):
        case 1:
            return Stroke(DARK, width + 4), Stroke(LIGHT, width + 2), Stroke(line, width)
        case 2:
            return Stroke(DARK, width + 4), Stroke(line, width + 2), Stroke(DARK, 1)
    return Stroke(DARK, width + 2), Stroke(line, width)


def fill_opacity(mask: CanvasMask) -> float:
    """How strongly the inside is tinted, 0..1."""
    return mask.opacity * (_PROPAGATED_FILL if mask.state is MaskState.PROPAGATED and not mask.draft else 1.0)
