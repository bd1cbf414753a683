"""What the wheel and two fingers do (INTERACTION CAN-2, CAN-8)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent

NOTCH = 120  # eighths of a degree, the unit of QWheelEvent.angleDelta
STEP = 1.25
PAN_PER_NOTCH = 80.0


class WheelPreset(Enum):
    """What a plain turn of the wheel does."""

    ZOOM = "zoom"
    SCROLL = "scroll"
    FRAMES = "frames"


@dataclass(frozen=True, slots=True)
class WheelMove:
    """What to do: multiply the zoom, move the picture by canvas px, step frames (down the wheel is onwards)."""

    factor: float = 1.0
    dx: float = 0.0
    dy: float = 0.0
    frames: int = 0


class WheelReader:
    """Reads wheel events by the preset; parts of a notch add up before a frame is stepped."""

    def __init__(self) -> None:
        self.preset = WheelPreset.ZOOM
        self.zoom_step = STEP
        self._rest = 0

    def read(self, event: QWheelEvent) -> WheelMove:
        """What this event asks for. Touchpads (pixel deltas or a scroll phase) always pan."""
        pixels, angle, held = event.pixelDelta(), event.angleDelta(), event.modifiers()
        if event.phase() != Qt.ScrollPhase.NoScrollPhase or not pixels.isNull():
            if pixels.isNull():
                return WheelMove(dx=angle.x() / NOTCH * PAN_PER_NOTCH, dy=angle.y() / NOTCH * PAN_PER_NOTCH)
            return WheelMove(dx=pixels.x(), dy=pixels.y())
        turn = angle.y() or angle.x()  # Alt and Shift swap the axes on some systems
        ctrl, shift = Qt.KeyboardModifier.ControlModifier in held, Qt.KeyboardModifier.ShiftModifier in held
        if Qt.KeyboardModifier.AltModifier in held:
            return self._step(turn)
        if shift:
            return WheelMove(dx=turn / NOTCH * PAN_PER_NOTCH)
        match self.preset:
            case WheelPreset.ZOOM:
                return WheelMove(dy=turn / NOTCH * PAN_PER_NOTCH) if ctrl else self._zoom(turn)
            case WheelPreset.SCROLL:
                return self._zoom(turn) if ctrl else WheelMove(dy=turn / NOTCH * PAN_PER_NOTCH)
            case WheelPreset.FRAMES:
                return self._zoom(turn) if ctrl else self._step(turn)

    def _zoom(self, turn: int) -> WheelMove:
        return WheelMove(factor=self.zoom_step ** (turn / NOTCH))

    def _step(self, turn: int) -> WheelMove:
        if turn * self._rest < 0:
            self._rest = 0
        notches = int((self._rest + turn) / NOTCH)
        self._rest += turn - notches * NOTCH
        return WheelMove(frames=-notches)
