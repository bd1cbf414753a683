"""The status bar (STA-1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStatusBar, QWidget

from sam2_annotator.ui.theme.style import Theme


@dataclass(frozen=True, slots=True)
class EngineState:
    """What the engine chip says: "cuda:0", "sam2-nano", "analysing"; `activity` "" means ready.

    `fraction` 0..1 is the progress of the activity, None when unknown.
    """

    device: str
    model: str
    activity: str = ""
    fraction: float | None = None
    busy: bool = False


class Saved(Enum):
    """Whether all edits are on disk."""

    SAVED = "saved"
    SAVING = "saving"
    FAILED = "failed"
    READ_ONLY = "read_only"


@dataclass(frozen=True, slots=True)
class SaveState:
    """`at` is the time of the last save as text ("12:03"), `note` the reason of a failure."""

    kind: Saved
    at: str = ""
    note: str = ""


class StatusBar(QStatusBar):
    """Six fields, left to right. `engine_clicked`: the chip was pressed (opens the models dialog)."""

    engine_clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None: ...

    def set_next_click(self, text: str) -> None:
        """What the next click does; readable as `next_click`."""

    def set_pointer(self, x: float | None, y: float | None, value: str = "") -> None:
        """Image coordinates under the pointer and the pixel value as text; None outside the picture."""

    def set_under_pointer(self, title: str, area: int | None) -> None:
        """The object under the pointer and its area in pixels; "" for none."""

    def set_zoom(self, scale: float) -> None:
        """Device pixels per image pixel."""

    def set_frame(self, frame: int | None, total: int, seconds: float | None) -> None:
        """The shown frame of a clip; None in a picture."""

    def set_engine(self, state: EngineState | None) -> None:
        """The engine chip; None while no model is at hand."""

    def set_saved(self, state: SaveState | None) -> None:
        """The save state; None without a project."""
