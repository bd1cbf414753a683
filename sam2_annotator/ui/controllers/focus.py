"""Where the keyboard is: areas of the window, and the pointer moved by keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from sam2_annotator.ui.actions.action import WindowAction
from sam2_annotator.ui.canvas.key_pointer import KeyPointer

FOCUSES = frozenset({WindowAction.NEXT_AREA, WindowAction.PREVIOUS_AREA, WindowAction.KEY_POINTER})
_TAB = Qt.FocusPolicy.TabFocus.value


class FocusController(QObject):
    """`areas` are parts of the window in the order F6 goes through them; `canvas` gets the keyboard from dialogs."""

    def __init__(self, pointer: KeyPointer, *, areas: tuple[QWidget, ...], window: QWidget, canvas: QWidget) -> None:
        super().__init__()
        self._pointer = pointer
        self._areas = areas
        self._canvas = canvas
        window.installEventFilter(self)

    def act(self, wish: WindowAction) -> None:
        """Carry out one of FOCUSES."""
        match wish:
            case WindowAction.NEXT_AREA:
                self._jump(1)
            case WindowAction.PREVIOUS_AREA:
                self._jump(-1)
            case WindowAction.KEY_POINTER:
                self._pointer.toggle()
            case _:
                raise ValueError(f"{wish} is not about the keyboard's place")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A dialog was closed (FOC-2)."""
        if event.type() == QEvent.Type.WindowUnblocked and self._canvas.isVisible():
            self._canvas.setFocus()
        return super().eventFilter(watched, event)

    def _jump(self, step: int) -> None:
        """The next area that is visible and takes the keyboard."""
        stops = [(area, widget) for area in self._areas if (widget := _first_stop(area)) is not None]
        if not stops:
            return
        now = QApplication.focusWidget()
        here = next((i for i, (area, _) in enumerate(stops) if now is area or (now and area.isAncestorOf(now))), None)
        place = (0 if step > 0 else -1) if here is None else (here + step) % len(stops)
        stops[place][1].setFocus(Qt.FocusReason.TabFocusReason)


def _first_stop(area: QWidget) -> QWidget | None:
    """The first widget of an area that Tab would stop at."""
    if not area.isVisible():
        return None
    for widget in (area, *area.findChildren(QWidget)):
        if widget.focusPolicy().value & _TAB and widget.isVisible() and widget.isEnabled():
            return widget
    return None
