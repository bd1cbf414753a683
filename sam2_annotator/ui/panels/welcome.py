"""What the window shows while no project is open."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from sam2_annotator.ui.theme.style import Theme


@dataclass(frozen=True, slots=True)
class RecentEntry:
    """A project opened before."""

    path: Path
    title: str


class WelcomePanel(QWidget):
    """Ways to begin. Emits OPEN_FILE, OPEN_FOLDER, OPEN_SAMPLE and, for a drop or a recent project, OpenPaths."""

    intent = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None: ...

    def set_recent(self, recent: tuple[RecentEntry, ...]) -> None:
        """The last projects, newest first; five are shown."""

    def set_message(self, text: str) -> None:
        """A line above the buttons, such as "No pictures we can read in holiday."; "" for the usual one."""
