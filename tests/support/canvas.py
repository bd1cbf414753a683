"""Events for a canvas and what can be read back from it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from sam2_annotator.ui.canvas.view import CanvasView

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
NO_BUTTON, NO_KEYS = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
Keys = Qt.KeyboardModifier


class Mouse:
    """Moves and presses at fractions of a pixel, which the test helpers of Qt cannot."""

    def __init__(self, view: CanvasView) -> None:
        self.view = view
        self.buttons = NO_BUTTON
        self.keys = NO_KEYS

    def _send(self, kind: QEvent.Type, x: float, y: float, button: Qt.MouseButton) -> None:
        viewport = self.view.viewport()
        place = QPointF(x, y)
        event = QMouseEvent(kind, place, viewport.mapToGlobal(place), button, self.buttons, self.keys)
        QApplication.sendEvent(viewport, event)

    def move(self, x: float, y: float) -> None:
        self._send(QEvent.Type.MouseMove, x, y, NO_BUTTON)

    def press(self, x: float, y: float, button: Qt.MouseButton = LEFT) -> None:
        self.buttons |= button
        self._send(QEvent.Type.MouseButtonPress, x, y, button)

    def release(self, x: float, y: float, button: Qt.MouseButton = LEFT) -> None:
        self.buttons &= ~button
        self._send(QEvent.Type.MouseButtonRelease, x, y, button)

    def wheel(
        self,
        x: float,
        y: float,
        *,
        turn: int = 0,
        sideways: int = 0,
        pixels: QPoint | None = None,
        phase: Qt.ScrollPhase = Qt.ScrollPhase.NoScrollPhase,
    ) -> None:
        viewport = self.view.viewport()
        place, angle = QPointF(x, y), QPoint(sideways, turn)
        event = QWheelEvent(
            place, viewport.mapToGlobal(place), pixels or QPoint(), angle, self.buttons, self.keys, phase, False
        )
        QApplication.sendEvent(viewport, event)


def send_key(view: CanvasView, key: Qt.Key, *, down: bool, repeat: bool = False) -> None:
    """A key event with or without auto-repeat."""
    kind = QEvent.Type.KeyPress if down else QEvent.Type.KeyRelease
    QApplication.sendEvent(view, QKeyEvent(kind, key, NO_KEYS, "", repeat))


def pixels(view: CanvasView) -> NDArray[np.uint8]:
    """What the canvas shows now, uint8 (H, W, 3) RGB."""
    image = view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def shown_at(view: CanvasView, x: float, y: float) -> tuple[float, float]:
    """Where Qt shows an image point, in px of the canvas."""
    place = view.viewportTransform().map(QPointF(x, y))
    return place.x(), place.y()
