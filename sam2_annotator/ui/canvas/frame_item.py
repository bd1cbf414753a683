"""The shown frame, and the grid between its pixels from 800 % up (INTERACTION CAN-3, CAN-4)."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from sam2_annotator.ui.canvas.adjusting import AdjustedPyramid, table
from sam2_annotator.ui.canvas.render import Pixels, Pyramid, frame_pyramid
from sam2_annotator.values.adjustment import Adjustment

GRID_ZOOM = 8.0
_GRID = QColor(128, 128, 128, 96)


class FrameItem(QGraphicsItem):
    """Lies behind everything else; image coordinates are its own."""

    def __init__(self) -> None:
        super().__init__()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._frame: Pixels | None = None
        self._base: Pyramid | None = None  # as it is, and as it is shown:
        self._pyramid: Pyramid | None = None
        self._adjustment = Adjustment()
        self._smooth = False
        self._rect = QRectF()
        self._zoom = 1.0
        self._grid = GridItem(self)

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
            self._grid.set_rect(rect)
        self._frame = frame
        self._base = None if frame is None else frame_pyramid(frame)
        self._adjust()

    def value(self, x: float, y: float) -> tuple[int, int, int] | None:
        """(r, g, b) of the pixel at an image point as the picture has it, None outside."""
        if self._frame is None or not self._rect.contains(x, y):
            return None
        red, green, blue = self._frame[min(int(y), self._frame.shape[0] - 1), min(int(x), self._frame.shape[1] - 1)]
        return int(red), int(green), int(blue)

    def set_adjustment(self, adjustment: Adjustment) -> None:
        """Show this and the following frames so."""
        if adjustment != self._adjustment:
            self._adjustment = adjustment
            self._adjust()

    def set_smooth(self, smooth: bool) -> None:
        """Soft instead of hard pixels above 100 %."""
        if smooth != self._smooth:
            self._smooth = smooth
            self.update()

    def _adjust(self) -> None:
        if self._base is None or self._frame is None or self._adjustment == Adjustment():
            self._pyramid = self._base
        else:
            self._pyramid = AdjustedPyramid(self._base, table(self._adjustment, self._frame))
        self.set_zoom(self._zoom)
        self.update()

    def set_zoom(self, zoom: float) -> None:
        """Get ready to be drawn at this zoom (device pixels per image pixel)."""
        self._zoom = zoom
        self._grid.set_zoom(zoom)
        if self._pyramid is not None:
            self._pyramid.prepare(zoom)

    def set_grid(self, shown: bool) -> None:
        """Whether the pixel grid is drawn where the zoom is large enough."""
        self._grid.set_wanted(shown)

    def boundingRect(self) -> QRectF:
        """The frame."""
        return self._rect

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """The pixels."""
        if self._pyramid is not None:
            self._pyramid.draw(painter, self._rect, option.exposedRect, self._zoom, smooth=self._smooth)


class GridItem(QGraphicsItem):
    """Lines one device pixel wide between pixels; Qt keeps their picture, which is costly to draw."""

    def __init__(self, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self._rect = QRectF()
        self._zoom = 1.0
        self._wanted = True
        self.setVisible(False)

    def set_rect(self, rect: QRectF) -> None:
        """The frame's rectangle."""
        self.prepareGeometryChange()
        self._rect = rect

    def set_zoom(self, zoom: float) -> None:
        """Device pixels per image pixel."""
        self._zoom = zoom
        self.setVisible(self._wanted and zoom >= GRID_ZOOM)

    def set_wanted(self, wanted: bool) -> None:
        """Show it from GRID_ZOOM up, or never."""
        self._wanted = wanted
        self.set_zoom(self._zoom)

    def boundingRect(self) -> QRectF:
        """The frame."""
        return self._rect

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Upright and level lines in the exposed part."""
        rect = option.exposedRect.intersected(self._rect)
        width = 1 / self._zoom
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for x in range(int(rect.left()), int(rect.right()) + 1):
            painter.fillRect(QRectF(x, rect.top(), width, rect.height()), _GRID)
        for y in range(int(rect.top()), int(rect.bottom()) + 1):
            painter.fillRect(QRectF(rect.left(), y, rect.width(), width), _GRID)
