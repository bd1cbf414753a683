"""From the window's mouse and key events to those of the tools."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent

from sam2_annotator.tools.base import Button, Key, KeyEvent, Modifier, PointerEvent, PointerKind
from sam2_annotator.ui.canvas.camera import Camera

_BUTTONS = {Qt.MouseButton.LeftButton: Button.LEFT, Qt.MouseButton.RightButton: Button.RIGHT}
_KEYS = {int(Qt.Key.Key_Escape): Key.ESCAPE, int(Qt.Key.Key_Shift): Key.SHIFT}
_MODIFIERS = (
    (Qt.KeyboardModifier.ShiftModifier, Modifier.SHIFT),
    (Qt.KeyboardModifier.ControlModifier, Modifier.CTRL),
    (Qt.KeyboardModifier.AltModifier, Modifier.ALT),
)


def to_image_event(event: QMouseEvent, kind: PointerKind, camera: Camera) -> PointerEvent:
    """The same event in image coordinates, unrounded; buttons tools do not know become NONE."""
    place = event.position()
    x, y = camera.to_image(place.x(), place.y())
    button = Button.NONE if kind is PointerKind.MOVE else _BUTTONS.get(event.button(), Button.NONE)
    held = Modifier.NONE
    for qt_modifier, modifier in _MODIFIERS:
        if qt_modifier in event.modifiers():
            held |= modifier
    return PointerEvent(kind, x, y, place.x(), place.y(), button, held, event.timestamp())


def to_key_event(event: QKeyEvent, *, pressed: bool) -> KeyEvent | None:
    """The same event for tools, None for keys that are none of their business and for auto-repeat."""
    key = _KEYS.get(event.key())
    return None if key is None or event.isAutoRepeat() else KeyEvent(key, pressed)
