"""The labels of the project and which one new objects get."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from sam2_annotator.ui.theme.style import Theme


@dataclass(frozen=True, slots=True)
class LabelEntry:
    """One label: `digit` 1..9 is its key, None when it has none; `objects` counts the objects that carry it."""

    name: str
    digit: int | None
    objects: int
    colour: tuple[int, int, int]


class LabelsPanel(QWidget):
    """List of labels; choosing or typing one emits SetLabel(name)."""

    intent = Signal(object)
    focus_released = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None: ...

    def set_rows(self, rows: tuple[LabelEntry, ...], current: str | None) -> None:
        """Show these labels; `current` is the one new objects get, None for unlabelled."""

    def focus_field(self) -> None:
        """Put the caret into the name field (F2 without a selected object)."""
