"""What a gesture draws over everything: the rubber box and the crosshair (INTERACTION CAN-9)."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from sam2_annotator.ui.canvas.prompt_item import draw_box
from sam2_annotator.ui.canvas.strokes import DARK, LIGHT, Stroke
from sam2_annotator.values.prompt import Box

_RUBBER = (Stroke(DARK, 3.0), Stroke(LIGHT, 1.5, (4.0, 3.0)))
_MARGIN = 3.0


class RubberItem(QGraphicsItem):
    """A box being drawn."""

    def __init__(self) -> None:
        super().__init__()
        self._box: Box | None = None
        self._scale = 1.0
        self._ratio = 1.0

    def set_box(self, box: Box | None) -> None:
        """Show this box, or none."""
        if box != self._box:
            self.prepareGeometryChange()
            self._box = box

    def set_scale(self, scale: float, ratio: float) -> None:
        """Canvas px per image px, device pixels per canvas px."""
        self.prepareGeometryChange()
        self._scale, self._ratio = scale, ratio

    def boundingRect(self) -> QRectF:
        """The box and its line."""
        if self._box is None:
            return QRectF()
        margin = _MARGIN / self._scale
        box = self._box
        return QRectF(box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0).adjusted(-margin, -margin, margin, margin)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Dark line, light dashes."""
        if self._box is not None:
            draw_box(painter, self._box, _RUBBER, self._ratio)


class CrosshairLine(QGraphicsItem):
    """One arm of the crosshair across the visible rectangle: a light and a dark line, one device pixel each.

    Two thin items instead of one cross, so that a move of the pointer repaints two strips and not the canvas.
    """

    def __init__(self, *, upright: bool) -> None:
        super().__init__()
        self._upright = upright
        self._visible_rect = QRectF()
        self._pixel = 1.0  # one device pixel in image px
        self._at: float | None = None

    def set_view(self, visible: QRectF, pixel: float) -> None:
        """The part of the image plane that shows, and the size of a device pixel there."""
        self.prepareGeometryChange()
        self._visible_rect, self._pixel = visible, pixel

    def set_at(self, at: float | None) -> None:
        """Where the line crosses the other axis, or hide it."""
        if at != self._at:
            self.prepareGeometryChange()
            self._at = at

    def boundingRect(self) -> QRectF:
        """A strip of a few device pixels."""
        if self._at is None:
            return QRectF()
        rect, half = self._visible_rect, 3 * self._pixel
        if self._upright:
            return QRectF(self._at - half, rect.top(), 2 * half, rect.height())
        return QRectF(rect.left(), self._at - half, rect.width(), 2 * half)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Light, and dark beside it."""
        if self._at is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        rect = self._visible_rect
        for stroke, at in ((Stroke(LIGHT, 0), self._at), (Stroke(DARK, 0), self._at + self._pixel)):
            painter.setPen(stroke.pen(1))
            if self._upright:
                painter.drawLine(QLineF(at, rect.top(), at, rect.bottom()))
            else:
                painter.drawLine(QLineF(rect.left(), at, rect.right(), at))
