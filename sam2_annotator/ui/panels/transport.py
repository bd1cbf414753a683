"""Play, step, go to a frame."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from sam2_annotator.ui.theme.style import Theme


class Transport(QWidget):
    """Play button, frame field and time. Emits PlayToggle.TOGGLE, StepFrame, GoToFrame."""

    intent = Signal(object)
    focus_released = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None: ...

    def set_clip(self, frames: int, fps: float | None) -> None:
        """The length and the rate of the clip."""

    def set_frame(self, frame: int, seconds: float | None) -> None:
        """The shown frame and its time; emits nothing."""

    def set_playing(self, playing: bool, *, shown_fps: float | None = None) -> None:
        """Whether the clip plays, and how many frames per second really show."""

    def focus_field(self) -> None:
        """Put the caret into the frame field (Ctrl+G)."""
