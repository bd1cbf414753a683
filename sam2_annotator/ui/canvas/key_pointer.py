"""A pointer moved and pressed by keys (INTERACTION FOC-8): every tool works with it as with a mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget

from sam2_annotator.ui.canvas.strokes import DARK, LIGHT
from sam2_annotator.ui.canvas.view import CanvasView

STEP = 10.0  # canvas px of an arrow
FAR = 100.0  # with Ctrl; with Shift it goes one pixel of the picture
_EDGE = 24.0  # closer to the edge of the canvas than this the picture moves instead
_SIDE = 33
_HELD = frozenset({"brush", "eraser"})  # tools whose button Space holds down until it is pressed again
_ARROWS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}
_LEFT, _RIGHT, _NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.NoButton
_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class KeyPointer(QObject):
    """Takes arrows and Space of the canvas while it is on, and sends mouse events for them; `toggled` tells which."""

    toggled = Signal(bool)

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._mark = PointerMark(canvas.viewport())
        self._place = QPointF()
        self._held = _NONE  # the button that is down
        self._on = False
        canvas.installEventFilter(self)

    @property
    def on(self) -> bool:
        """True while keys move the pointer."""
        return self._on

    @property
    def place(self) -> QPointF:
        """Where it is, in canvas px."""
        return self._place

    def toggle(self) -> None:
        """Begin in the middle of the canvas, or end and let go of what is held."""
        self._on = not self._on
        if self._on:
            self._place = QRectF(self._canvas.viewport().rect()).center()
            self._canvas.setFocus()
            self._send(QEvent.Type.MouseMove, _NONE)
        else:
            self._let_go()
        self._mark.follow(self._place, shown=self._on)
        self.toggled.emit(self._on)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Its keys are no shortcuts while it is on; all others stay what they are."""
        if not self._on or not isinstance(event, QKeyEvent) or not self._takes(event):
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.KeyPress:
            if event.key() in _ARROWS:
                self._move(_ARROWS[Qt.Key(event.key())], event.modifiers())
            elif not event.isAutoRepeat():
                self._press(_RIGHT if event.modifiers() & _SHIFT else _LEFT)
        event.accept()
        return True

    def _takes(self, event: QKeyEvent) -> bool:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in _ARROWS:
            return held in (Qt.KeyboardModifier.NoModifier, _SHIFT, _CTRL)
        return event.key() == Qt.Key.Key_Space and held in (Qt.KeyboardModifier.NoModifier, _SHIFT)

    def _move(self, way: QPointF, held: Qt.KeyboardModifier) -> None:
        """The pointer goes, at the edge of the canvas the picture does."""
        step = self._canvas.camera.scale if held & _SHIFT else FAR if held & _CTRL else STEP
        wanted = self._place + way * step
        width, height = self._canvas.canvas_size()
        self._place = QPointF(min(max(wanted.x(), _EDGE), width - _EDGE), min(max(wanted.y(), _EDGE), height - _EDGE))
        beyond = wanted - self._place
        if not beyond.isNull():
            self._canvas.pan_by(-beyond.x(), -beyond.y())
        self._mark.follow(self._place, shown=True)
        self._send(QEvent.Type.MouseMove, _NONE)

    def _press(self, button: Qt.MouseButton) -> None:
        holds = self._canvas.tool in _HELD
        was_drawing = self._held != _NONE and holds and self._canvas.in_gesture  # not dropped by Esc or another tool
        self._let_go()
        if was_drawing:
            return
        self._send(QEvent.Type.MouseButtonPress, button)
        if holds:
            self._held = button
        else:
            self._send(QEvent.Type.MouseButtonRelease, button)

    def _let_go(self) -> None:
        if self._held != _NONE:
            held, self._held = self._held, _NONE
            self._send(QEvent.Type.MouseButtonRelease, held)

    def _send(self, kind: QEvent.Type, button: Qt.MouseButton) -> None:
        viewport = self._canvas.viewport()
        moved = kind == QEvent.Type.MouseMove
        buttons = self._held if moved else button if kind == QEvent.Type.MouseButtonPress else _NONE
        place = QPointF(viewport.mapToGlobal(self._place))
        none = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(
            viewport, QMouseEvent(kind, self._place, place, _NONE if moved else button, buttons, none)
        )


class PointerMark(QWidget):
    """A ring with a cross, light on dark, so that it shows on any picture."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("keyPointer")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(_SIDE, _SIDE)
        self.hide()

    def follow(self, place: QPointF, *, shown: bool) -> None:
        """Show it here, or not at all."""
        self.move((place - QPointF(_SIDE / 2, _SIDE / 2)).toPoint())
        self.setVisible(shown)
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pixel in the middle stays free."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, outer, inner = _SIDE / 2, _SIDE / 2 - 3, 5.0
        for pen in (QPen(DARK, 4.0), QPen(LIGHT, 2.0)):
            painter.setPen(pen)
            painter.drawEllipse(QPointF(middle, middle), outer - 4, outer - 4)
            for way in _ARROWS.values():
                painter.drawLine(QPointF(middle, middle) + way * inner, QPointF(middle, middle) + way * outer)
