"""The items of the project: pictures, clips, folders of frames."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.ids import ItemId


class FileState(Enum):
    """How far an item is."""

    TODO = "todo"
    STARTED = "started"
    CONFIRMED = "confirmed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One row. `objects` counts the objects of the item, `labels` names theirs, `note` says why it is unreadable."""

    item: ItemId
    name: str
    state: FileState
    objects: int
    labels: tuple[str, ...] = ()
    note: str = ""


class FilesPanel(QWidget):
    """List of items in the order given; choosing one emits GoToItem."""

    intent = Signal(object)
    focus_released = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None: ...

    def set_rows(self, rows: tuple[FileEntry, ...]) -> None:
        """Show these items, in this order."""

    def update_row(self, row: FileEntry) -> None:
        """Replace the row of the same item."""

    def set_current(self, item: ItemId | None) -> None:
        """Mark the shown item; emits nothing."""

    def focus_filter(self) -> None:
        """Put the caret into the filter box (Ctrl+F)."""
