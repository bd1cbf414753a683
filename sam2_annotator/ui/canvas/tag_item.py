"""The pill with an object's number and label; it keeps its size on the screen."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from sam2_annotator.ui.canvas.strokes import DARK, LIGHT
from sam2_annotator.ui.canvas.values import CanvasMask
from sam2_annotator.values.states import MaskState

_PADDING = 6.0
_MARK = 9.0  # side of a state's mark
_MARK_GAP = 4.0
_MAX_TEXT = 180.0
_POINT_SIZE = 9.0


class TagItem(QGraphicsItem):
    """Number, label and state of one object, black or white on its colour."""

    def __init__(self, mask: CanvasMask, parent: QGraphicsItem) -> None:
        super().__init__(parent)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self._font = QFont(QGuiApplication.font())
        self._font.setPointSizeF(max(_POINT_SIZE, self._font.pointSizeF()))
        self._font.setWeight(QFont.Weight.DemiBold)
        self._plain = False
        self.set_mask(mask)

    def set_plain(self, plain: bool) -> None:
        """Black on white instead of on the object's colour."""
        if plain != self._plain:
            self._plain = plain
            self.set_mask(self._mask)

    def set_mask(self, mask: CanvasMask) -> None:
        """Show another text or state."""
        self.prepareGeometryChange()
        metrics = QFontMetricsF(self._font)
        self._text = metrics.elidedText(mask.tag, Qt.TextElideMode.ElideRight, _MAX_TEXT)
        self._marks = _marks(mask)
        marks = len(self._marks) * (_MARK + _MARK_GAP)
        self.size = QSizeF(metrics.horizontalAdvance(self._text) + marks + 2 * _PADDING, metrics.height() + 4)
        self._mask = mask
        self._fill = LIGHT if self._plain else QColor(*mask.rgb)
        self._ink = DARK if _is_light(self._fill) else LIGHT
        self._selected = mask.selected
        self.setZValue(mask.selected)  # one that was chosen keeps its place and lies over the others
        self.update()

    def boundingRect(self) -> QRectF:
        """The pill and its casing, in canvas px."""
        return QRectF(QPointF(), self.size).adjusted(-2, -2, 2, 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Pill, text, marks."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(QPointF(), self.size)
        radius = rect.height() / 2
        painter.setPen(QPen(LIGHT if self._selected else DARK, 2.0 if self._selected else 1.5))
        painter.setBrush(self._fill)
        painter.drawRoundedRect(rect, radius, radius)
        painter.setPen(self._ink)
        painter.setFont(self._font)
        text = rect.adjusted(_PADDING, 0, -_PADDING, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._text)
        painter.translate(rect.right() - _PADDING - len(self._marks) * (_MARK + _MARK_GAP), (rect.height() - _MARK) / 2)
        for mark in self._marks:
            painter.translate(_MARK_GAP, 0)
            painter.setPen(QPen(self._ink, 1.6, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
            painter.setBrush(self._ink if mark.closed else Qt.BrushStyle.NoBrush)
            painter.drawPath(mark.path)
            painter.translate(_MARK, 0)


class _Mark:
    """A little drawing in a square of _MARK; closed ones are filled."""

    def __init__(self, points: list[tuple[float, float]], *, closed: bool) -> None:
        self.closed = closed
        self.path = QPainterPath()
        self.path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
        if closed:
            self.path.closeSubpath()


def _key() -> _Mark:
    return _Mark([(4.5, 1), (8, 4.5), (4.5, 8), (1, 4.5)], closed=True)


def _check() -> _Mark:
    return _Mark([(1, 5), (3.5, 7.5), (8, 1.5)], closed=False)


def _exclamation() -> _Mark:
    mark = _Mark([(4.5, 0.5), (4.5, 5)], closed=False)
    mark.path.moveTo(4.5, 8.3)
    mark.path.lineTo(4.5, 8.4)
    return mark


def _padlock() -> _Mark:
    mark = _Mark([(1.5, 4.5), (7.5, 4.5), (7.5, 8.5), (1.5, 8.5)], closed=True)
    mark.path.moveTo(2.5, 4.5)
    mark.path.cubicTo(2.5, -0.5, 6.5, -0.5, 6.5, 4.5)
    return mark


def _marks(mask: CanvasMask) -> list[_Mark]:
    marks = []
    if mask.flagged:
        marks.append(_exclamation())
    if not mask.draft and mask.state is MaskState.KEY:
        marks.append(_key())
    if not mask.draft and mask.state is MaskState.CONFIRMED:
        marks.append(_check())
    if mask.locked:
        marks.append(_padlock())
    return marks


def _is_light(fill: QColor) -> bool:
    """True when dark text has the better contrast (WCAG 2.2 relative luminance above 0.179)."""
    channels = (fill.redF(), fill.greenF(), fill.blueF())
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179
