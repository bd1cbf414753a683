"""Points and box of the shown prompts; glyphs keep their size on the screen (INTERACTION VIS-5)."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from sam2_annotator.ui.canvas.strokes import DARK, LIGHT, Stroke
from sam2_annotator.values.prompt import Box, Point, PromptSet

GLYPH = 14.0  # px across, without the casing
_CASING = 1.5
_HANDLE = 9.0
_POSITIVE = QColor(0x12, 0x8A, 0x4A)
_NEGATIVE = QColor(0xD9, 0x2D, 0x20)
_BOX_STROKES = (Stroke(DARK, 4.0), Stroke(LIGHT, 2.0))
_DRAFT_BOX_STROKES = (Stroke(DARK, 4.0), Stroke(LIGHT, 2.0, (4.0, 2.0)))


class PromptItem(QGraphicsItem):
    """Draws one PromptSet, its box dashed while it belongs to a draft."""

    def __init__(self) -> None:
        super().__init__()
        self._prompts = PromptSet()
        self._draft = False
        self._scale = 1.0
        self._ratio = 1.0

    def set_prompts(self, prompts: PromptSet, *, draft: bool) -> None:
        """Show these."""
        if (prompts, draft) != (self._prompts, self._draft):
            self.prepareGeometryChange()
            self._prompts, self._draft = prompts, draft
            self.update()

    def set_scale(self, scale: float, ratio: float) -> None:
        """Canvas px per image px, device pixels per canvas px."""
        self.prepareGeometryChange()
        self._scale, self._ratio = scale, ratio

    def boundingRect(self) -> QRectF:
        """All glyphs and the box."""
        xs = [point.x for point in self._prompts.points]
        ys = [point.y for point in self._prompts.points]
        if (box := self._prompts.box) is not None:
            xs += [box.x0, box.x1]
            ys += [box.y0, box.y1]
        if not xs:
            return QRectF()
        margin = (GLYPH / 2 + _CASING + 1) / self._scale
        return QRectF(QPointF(min(xs), min(ys)), QPointF(max(xs), max(ys))).adjusted(-margin, -margin, margin, margin)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Box, its handles, then the points in the order they were made."""
        to_canvas = painter.worldTransform()
        if (box := self._prompts.box) is not None:
            draw_box(painter, box, _DRAFT_BOX_STROKES if self._draft else _BOX_STROKES, self._ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if box is not None:
            for corner in ((box.x0, box.y0), (box.x1, box.y0), (box.x0, box.y1), (box.x1, box.y1)):
                _go_to(painter, to_canvas, *corner)
                _draw_handle(painter)
        for point in self._prompts.points:
            _go_to(painter, to_canvas, point.x, point.y)
            _draw_point(painter, point)


def draw_box(painter: QPainter, box: Box, strokes: tuple[Stroke, ...], ratio: float) -> None:
    """A box in image coordinates with lines that keep their width."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for stroke in strokes:
        painter.setPen(stroke.pen(ratio))
        painter.drawRect(QRectF(QPointF(box.x0, box.y0), QPointF(box.x1, box.y1)))


def _go_to(painter: QPainter, to_canvas: QTransform, x: float, y: float) -> None:
    """Canvas px from here on, the image point as origin."""
    place = to_canvas.map(QPointF(x, y))
    painter.setWorldTransform(QTransform.fromTranslate(place.x(), place.y()))


def _draw_handle(painter: QPainter) -> None:
    painter.setPen(QPen(DARK, _CASING))
    painter.setBrush(LIGHT)
    painter.drawEllipse(QPointF(), _HANDLE / 2, _HANDLE / 2)


def _draw_point(painter: QPainter, point: Point) -> None:
    shape = painter.drawEllipse if point.positive else painter.drawRect
    painter.setPen(Qt.PenStyle.NoPen)
    for colour, inset in ((DARK, -_CASING), (LIGHT, 0.0), (_POSITIVE if point.positive else _NEGATIVE, 2.0)):
        painter.setBrush(colour)
        half = GLYPH / 2 - inset
        shape(QRectF(-half, -half, 2 * half, 2 * half))
    painter.setPen(QPen(LIGHT, 2.0, c=Qt.PenCapStyle.FlatCap))
    arm = GLYPH / 2 - 4.0
    painter.drawLine(QPointF(-arm, 0), QPointF(arm, 0))
    if point.positive:
        painter.drawLine(QPointF(0, -arm), QPointF(0, arm))
