"""Pens for outlines: what each state of a mask looks like (INTERACTION VIS-1, VIS-2, VIS-4)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from sam2_annotator.ui.canvas.values import CanvasMask
from sam2_annotator.values.states import MaskState

DARK = QColor(16, 16, 16)
LIGHT = QColor(255, 255, 255)
WIDTH = 2.0
LIFT = 1.0  # what the outline of a selected or hovered object is wider
_CASING = 1.0
_BOLD_CASING = 2.0

_DOTS = (1.5, 1.5)  # in widths of the line
_DASHES = (3.0, 3.0)
_GAPS = (8.0, 2.5)  # a line that is not whole: somebody is to look at it
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
        # Outlines are drawn in pieces: where two meet at an angle, square ends fill the corner.
        pen.setCapStyle(Qt.PenCapStyle.FlatCap if self.dashes else Qt.PenCapStyle.SquareCap)
        if self.dashes:
            pen.setDashPattern(self.dashes)
        return pen


def widest(width: float) -> float:
    """Room for the widest pass over outlines of this width."""
    return width + LIFT + 2 + 2 * _BOLD_CASING


def outline_strokes(mask: CanvasMask, *, lifted: bool, width: float = WIDTH, bold: bool = False) -> tuple[Stroke, ...]:
    """The passes of an object's outline, in drawing order; `bold` gives it a wider casing."""
    width += LIFT if lifted or mask.selected else 0
    casing = 2 * (_BOLD_CASING if bold else _CASING)
    if mask.draft:
        return Stroke(DARK, width), Stroke(LIGHT, width, _DASHES)
    line = QColor(*mask.rgb)
    if mask.state is MaskState.PROPAGATED:
        return Stroke(DARK, width + casing), Stroke(line, width, _DOTS)
    if mask.flagged:
        return Stroke(DARK, width + casing), Stroke(line, width, _GAPS)
    match mask.ring:
        case 1:
            return Stroke(DARK, width + 2 + casing), Stroke(LIGHT, width + 2), Stroke(line, width)
        case 2:
            return Stroke(DARK, width + 2 + casing), Stroke(line, width + 2), Stroke(DARK, 1)
    return Stroke(DARK, width + casing), Stroke(line, width)


def fill_opacity(mask: CanvasMask) -> float:
    """How strongly the inside is tinted, 0..1."""
    return mask.opacity * (_PROPAGATED_FILL if mask.state is MaskState.PROPAGATED and not mask.draft else 1.0)
