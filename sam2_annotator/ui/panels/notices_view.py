"""Passing notices at the bottom of the canvas (STA-3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from sam2_annotator.ui.theme.style import Theme


class Tone(Enum):
    """How a notice is marked."""

    PLAIN = "plain"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class NoticeEntry:
    """One notice; pressing a button of `actions` (title, intent) sends the intent and closes the notice."""

    text: str
    tone: Tone = Tone.PLAIN
    actions: tuple[tuple[str, object], ...] = ()


class NoticesView(QWidget):
    """At most two notices for 8 s each, pausing under the pointer; lies over the bottom of its parent."""

    intent = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None: ...

    def show_notice(self, notice: NoticeEntry) -> None:
        """Show it; the oldest goes when there are two."""
