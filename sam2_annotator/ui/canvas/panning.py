"""Moving the picture by hand: middle drag, or Space held and left drag (INTERACTION CAN-6, CAN-7)."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QPointF, Qt
from PySide6.QtGui import QMouseEvent

TAP_MS = 300


class PanGesture:
    """Takes the events that pan and leaves all others to the tool, whose gesture goes on afterwards."""

    def __init__(self) -> None:
        self.space_down = False
        self._since = QElapsedTimer()
        self._tap = False
        self._button: Qt.MouseButton | None = None
        self._last: QPointF | None = None

    @property
    def active(self) -> bool:
        """True while the picture follows the pointer."""
        return self._last is not None

    def press_space(self) -> None:
        """Space goes down."""
        self.space_down = self._tap = True
        self._since.start()

    def release_space(self) -> bool:
        """Space goes up. True when that was a tap: short, and nothing was dragged or pressed meanwhile."""
        tap = self.space_down and self._tap and self._since.elapsed() <= TAP_MS
        self.space_down = False
        if self._button is None:
            self._last = None
        return tap

    def press(self, event: QMouseEvent) -> bool:
        """A button goes down. True when it pans."""
        self._tap = False
        middle = event.button() == Qt.MouseButton.MiddleButton
        if self._button is None and (middle or (self.space_down and event.button() == Qt.MouseButton.LeftButton)):
            self._button, self._last = event.button(), event.position()
            return True
        return False

    def move(self, event: QMouseEvent) -> QPointF | None:
        """The pointer moves. How far the picture goes with it, None when it does not.

        A left button that was down before Space belongs to the tool and still pans as long as Space is held.
        """
        if self._button is None and self.space_down and Qt.MouseButton.LeftButton in event.buttons():
            self._tap = False
            self._last = self._last or event.position()
        if self._last is None:
            return None
        way, self._last = event.position() - self._last, event.position()
        return way

    def release(self, event: QMouseEvent) -> bool:
        """A button goes up. True when it was the one that panned."""
        if event.button() == self._button:
            self._button = self._last = None
            return True
        if self._button is None:
            self._last = None
        return False

    def reset(self) -> None:
        """Forget keys and buttons whose release may have gone elsewhere."""
        self.space_down = self._tap = False
        self._button = self._last = None
