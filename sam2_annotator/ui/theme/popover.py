"""A small window that opens at a button and goes with a click elsewhere or Esc."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget

from sam2_annotator.ui.theme.widgets import set_role

_GAP = 4


class Popover(QFrame):
    """Put a layout into it and `open_at` a button. `closed` is sent when it goes."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        set_role(self, "popover")

    def open_at(self, button: QWidget) -> None:
        """Under the button, or over it where there is more room; always wholly on the screen."""
        self.adjustSize()
        size, room = self.size(), button.screen().availableGeometry()
        below = button.mapToGlobal(QPoint(0, button.height() + _GAP))
        above = button.mapToGlobal(QPoint(0, -_GAP - size.height()))
        place = below if below.y() + size.height() <= room.bottom() else above
        right = room.right() - size.width()
        self.move(max(room.left(), min(place.x(), right)), max(room.top(), place.y()))
        self.show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Tell that it is gone."""
        super().hideEvent(event)
        self.closed.emit()
