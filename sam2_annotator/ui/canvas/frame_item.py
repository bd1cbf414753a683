"""The shown frame: pixels, and from 800 % up a grid between them."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from sam2_annotator.ui.canvas.render import Pixels, Pyramid, frame_pyramid

GRID_ZOOM = 8.0
_GRID = QColor(128, 128, 128, 96)


class FrameItem(QGraphicsItem):
    """Lies behind everything else; image coordinates are its own."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._pyramid: Pyramid | None = None
        self._rect = QRectF()
        self._zoom = 1.0
        self._grid = True

    @property
    def size(self) -> tuple[int, int] | None:
        """(width, height), None without a frame."""
        return None if self._pyramid is None else (round(self._rect.width()), round(self._rect.height()))

    def set_frame(self, frame: Pixels | None) -> None:
        """Show another frame, uint8 (H, W, 3) RGB, or none."""
        rect = QRectF() if frame is None else QRectF(0, 0, frame.shape[1], frame.shape[0])
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect
        self._pyramid = None if frame is None else frame_pyramid(frame)
        self.set_zoom(self._zoom)
        self.update()

    def set_zoom(self, zoom: float) -> None:
        """Get ready to be drawn at this zoom (device pixels per image pixel)."""
        self._zoom = zoom
        if self._pyramid is not None:
            self._pyramid.prepare(zoom)

    def set_grid(self, shown: bool) -> None:
        """Whether the pixel grid is drawn where the zoom is large enough."""
        if shown != self._grid:
            self._grid = shown
            if self._zoom >= GRID_ZOOM:
                self.update()

    def boundingRect(self) -> QRectF:
        """The frame."""
        return self._rect

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Pixels, then the grid."""
        if self._pyramid is None:
            return
        self._pyramid.draw(painter, self._rect, self._zoom)
        if self._grid and self._zoom >= GRID_ZOOM:
            self._draw_grid(painter, option.exposedRect.intersected(self._rect))

    def _draw_grid(self, painter: QPainter, rect: QRectF) -> None:
        left, top, right, bottom = rect.left(), rect.top(), rect.right(), rect.bottom()
        lines = [QLineF(x, top, x, bottom) for x in range(int(left), int(right) + 1)]
        lines += [QLineF(left, y, right, y) for y in range(int(top), int(bottom) + 1)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        pen = QPen(_GRID, 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLines(lines)
