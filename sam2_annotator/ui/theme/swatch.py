"""The colour mark of an object: its colour, and a ring once the seven colours are used up (VIS-2)."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap

RGB = tuple[int, int, int]
_SIZES = (16, 32, 48)


@lru_cache(maxsize=256)
def swatch(colour: RGB, ring: int = 0, *, draft: bool = False) -> QIcon:
    """A rounded square; ring 1 adds a white casing, ring 2 a double line; a draft is an open dashed square."""
    result = QIcon()
    for size in _SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(size / 16, size / 16)
        _paint(painter, QColor(*colour), ring, draft=draft)
        painter.end()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
            result.addPixmap(pixmap, mode)
    return result


def _paint(painter: QPainter, colour: QColor, ring: int, *, draft: bool) -> None:
    """Paint into 16 x 16 units."""
    if draft:
        painter.setPen(QPen(colour, 2, Qt.PenStyle.DotLine))
        painter.drawRoundedRect(QRectF(2.5, 2.5, 11, 11), 3, 3)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(1.5, 1.5, 13, 13), 3.5, 3.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if ring:
        painter.setPen(QPen(QColor("white"), 1.5))
        painter.drawRoundedRect(QRectF(3.5, 3.5, 9, 9), 2, 2)
    if ring > 1:
        painter.drawRoundedRect(QRectF(6.5, 6.5, 3, 3), 1, 1)
