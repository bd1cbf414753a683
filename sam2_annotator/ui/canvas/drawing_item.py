"""What drawing tools show over the picture: the brush's ring, lines with handles, the handle that moves a mask."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPainterPath, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from sam2_annotator.masks import raster
from sam2_annotator.tools.base import BrushRing, Line
from sam2_annotator.ui.canvas.strokes import DARK, LIGHT, Stroke
from sam2_annotator.values.drawing import Place

_CUT = QColor(0xFF, 0x8A, 0x80)
_DASHES = (4.0, 3.0)
_LABEL = 64.0  # canvas px kept free for the number beside the ring
_HANDLE, _HOT = 7.0, 11.0  # canvas px across
_GRIP = 11.0  # canvas px from the middle to the rim
_FONT = 11


class ScaledItem(QGraphicsItem):
    """Lies over the picture and keeps widths and handles as large as they are on the screen."""

    def __init__(self) -> None:
        super().__init__()
        self._scale, self._ratio = 1.0, 1.0

    def set_scale(self, scale: float, ratio: float) -> None:
        """Canvas px per image px, device pixels per canvas px."""
        self.prepareGeometryChange()
        self._scale, self._ratio = scale, ratio

    def _go_to(self, painter: QPainter, to_canvas: QTransform, place: Place) -> None:
        """Canvas px from here on, the image point as origin."""
        point = to_canvas.map(QPointF(*place))
        painter.setWorldTransform(QTransform.fromTranslate(point.x(), point.y()))


class BrushItem(ScaledItem):
    """The brush's rim, dashed while it takes away, and its size."""

    def __init__(self) -> None:
        super().__init__()
        self._ring: BrushRing | None = None

    def set_ring(self, ring: BrushRing | None) -> None:
        """Show this one, or none."""
        if ring != self._ring:
            self.prepareGeometryChange()
            self._ring = ring

    def _rim(self, ring: BrushRing) -> QRectF:
        x, y = raster.brush_centre(ring.x, ring.y, ring.size)
        return QRectF(x - ring.size / 2, y - ring.size / 2, ring.size, ring.size)

    def boundingRect(self) -> QRectF:
        """The rim and the number below it."""
        if self._ring is None:
            return QRectF()
        room = _LABEL / self._scale
        return self._rim(self._ring).adjusted(-room / 8, -room / 8, room, room)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """A dark and a light line, so that one of them shows on any picture."""
        ring = self._ring
        if ring is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not ring.square)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rim = self._rim(ring)
        for stroke in (Stroke(DARK, 3.0), Stroke(LIGHT, 1.5, () if ring.add else _DASHES)):
            painter.setPen(stroke.pen(self._ratio))
            (painter.drawRect if ring.square else painter.drawEllipse)(rim)
        reach = ring.size * (0.5 if ring.square else math.sqrt(0.125))  # from the middle to the rim, down to the right
        self._go_to(painter, painter.worldTransform(), (rim.center().x() + reach, rim.center().y() + reach))
        draw_text(painter, QPointF(3.0, _FONT), f"{ring.size}" if ring.add else f"\N{MINUS SIGN}{ring.size}")


class LinesItem(ScaledItem):
    """Open polygons and outlines under edit."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[Line, ...] = ()

    def set_lines(self, lines: tuple[Line, ...]) -> None:
        """Show these."""
        if lines != self._lines:
            self.prepareGeometryChange()
            self._lines = lines
            self.update()

    def boundingRect(self) -> QRectF:
        """All lines and handles."""
        rect = QRectF()
        for line in self._lines:
            rect |= (
                QPolygonF([QPointF(*place) for place in (*line.points, *line.handles)])
                .boundingRect()
                .adjusted(0, 0, 1e-6, 1e-6)
            )
        margin = _HOT / self._scale
        return rect.adjusted(-margin, -margin, margin, margin) if self._lines else rect

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Lines first, so that no line crosses a handle."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        to_canvas = painter.worldTransform()
        for line in self._lines:
            path = QPainterPath()
            path.addPolygon(QPolygonF([QPointF(*place) for place in line.points]))
            if line.closed:
                path.closeSubpath()
            if line.cut:
                painter.fillPath(path, QBrush(QColor(0, 0, 0, 60), Qt.BrushStyle.BDiagPattern))
            colour = _CUT if line.cut else LIGHT
            for stroke in (Stroke(DARK, 3.0), Stroke(colour, 1.5, _DASHES if line.dashed else ())):
                painter.strokePath(path, stroke.pen(self._ratio))
        for line in self._lines:
            for place in line.handles:
                self._go_to(painter, to_canvas, place)
                _draw_handle(painter, hot=place == line.hot)
            painter.setWorldTransform(to_canvas)


class GripItem(ScaledItem):
    """A disc with four arrows: dragging it moves the mask."""

    def __init__(self) -> None:
        super().__init__()
        self._place: Place | None = None

    def set_place(self, place: Place | None) -> None:
        """Show it at this image point, or nowhere."""
        if place != self._place:
            self.prepareGeometryChange()
            self._place = place

    def boundingRect(self) -> QRectF:
        """The disc."""
        if self._place is None:
            return QRectF()
        reach = (_GRIP + 2) / self._scale
        return QRectF(self._place[0] - reach, self._place[1] - reach, 2 * reach, 2 * reach)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Light on dark."""
        if self._place is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._go_to(painter, painter.worldTransform(), self._place)
        painter.setPen(QPen(LIGHT, 1.5))
        painter.setBrush(QColor(16, 16, 16, 210))
        painter.drawEllipse(QPointF(), _GRIP, _GRIP)
        painter.setPen(QPen(LIGHT, 1.5, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        for turn in range(4):
            painter.save()
            painter.rotate(90 * turn)
            painter.drawLine(QPointF(0, 0), QPointF(0, -6.5))
            painter.drawPolyline(QPolygonF([QPointF(-2.5, -4), QPointF(0, -6.5), QPointF(2.5, -4)]))
            painter.restore()


def draw_text(painter: QPainter, place: QPointF, text: str) -> None:
    """Light text with a dark rim, its left end of the base line at `place`."""
    font = QFont(painter.font())
    font.setPixelSize(_FONT)
    font.setBold(True)
    path = QPainterPath()
    path.addText(place, font, text)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.strokePath(path, QPen(DARK, 3.0, j=Qt.PenJoinStyle.RoundJoin))
    painter.fillPath(path, LIGHT)


def _draw_handle(painter: QPainter, *, hot: bool) -> None:
    half = (_HOT if hot else _HANDLE) / 2
    painter.setPen(QPen(DARK, 1.5))
    painter.setBrush(LIGHT)
    painter.drawRect(QRectF(-half, -half, 2 * half, 2 * half))
