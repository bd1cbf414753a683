"""Small widgets that float over the canvas: the spinner near the pointer and a line of text."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QPoint, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QWidget

from sam2_annotator.ui.canvas.strokes import DARK, LIGHT

DELAY_MS = 150
MINIMUM_MS = 300
_TURN_MS = 1000
_TICK_MS = 33
_SIDE = 22
_OFFSET = QPoint(14, 14)
_PADDING = 14
_MAX_WIDTH = 560
_ARC = 100 * 16  # sixteenths of a degree


class BusySpinner(QWidget):
    """Turns while something is awaited: shown after DELAY_MS and then for at least MINIMUM_MS."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = parent
        self.setObjectName("canvas.spinner")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(_SIDE, _SIDE)
        self.hide()
        self._busy = False
        self._shown = QElapsedTimer()
        self._delay = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._delay.timeout.connect(self._appear)
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self._vanish)
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self.update)

    def set_busy(self, busy: bool) -> None:
        """Begin or end waiting."""
        if busy == self._busy:
            return
        self._busy = busy
        if busy:
            self._rest.stop()
            if self.isHidden():
                self._delay.start()
        elif self.isHidden():
            self._delay.stop()
        else:
            self._rest.start(max(0, MINIMUM_MS - self._shown.elapsed()))

    def follow(self, pointer: QPoint) -> None:
        """Stay beside the pointer and inside the canvas."""
        room = self._canvas.rect().bottomRight() - self.rect().bottomRight()
        place = pointer + _OFFSET
        self.move(max(0, min(place.x(), room.x())), max(0, min(place.y(), room.y())))

    def paintEvent(self, event: QPaintEvent) -> None:
        """An arc on a ring, light on dark, so that it shows on any picture."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = QRectF(self.rect()).adjusted(4, 4, -4, -4)
        painter.setPen(QPen(DARK, 5))
        painter.drawEllipse(ring)
        painter.setPen(QPen(LIGHT, 2.5, c=Qt.PenCapStyle.RoundCap))
        start = -360 * 16 * (self._shown.elapsed() % _TURN_MS) // _TURN_MS
        painter.drawArc(ring, start, _ARC)

    def _appear(self) -> None:
        self._shown.start()
        self._tick.start()
        self.show()
        self.raise_()

    def _vanish(self) -> None:
        self._tick.stop()
        self.hide()


class CanvasMessage(QLabel):
    """One line in the middle of an empty canvas, or near its top over a picture; "" hides it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas = parent
        self.setObjectName("canvas.message")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setStyleSheet(
            "QLabel { background: rgba(16, 16, 16, 215); color: white; border-radius: 8px;"
            f" padding: 8px {_PADDING}px; }}"
        )
        self.hide()

    def set_message(self, text: str) -> None:
        """Show this text."""
        self.setText(text)
        self.setVisible(bool(text))

    def lay_out(self, *, over_picture: bool) -> None:
        """Find a place for the size of the canvas."""
        canvas = self._canvas.rect()
        text_width = self.fontMetrics().horizontalAdvance(self.text()) + 2 * _PADDING + 4
        width = max(min(text_width, canvas.width() - 32, _MAX_WIDTH), 1)
        height = max(self.heightForWidth(width), 1)
        top = 16 if over_picture else (canvas.height() - height) // 2
        self.setGeometry((canvas.width() - width) // 2, top, width, height)
