"""The objects of the shown frame."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.states import MaskState


@dataclass(frozen=True, slots=True)
class ObjectEntry:
    """One row: an object as it is on the shown frame; `state` None and `area` 0 when it has no mask there.

    `label` "" means unlabelled. `colour` is (r, g, b) and `ring` 0..2 as in `values.palette`.
    """

    object_id: ObjectId
    number: int
    label: str
    state: MaskState | None
    area: int
    visible: bool
    locked: bool
    draft: bool
    colour: tuple[int, int, int]
    ring: int


class ObjectsPanel(QWidget):
    """List of objects with eye and lock. Emits SelectObjects, SetLabel, SetVisible, SetLocked, Delete."""

    intent = Signal(object)
    focus_released = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None: ...

    def set_rows(self, rows: tuple[ObjectEntry, ...]) -> None:
        """Show these objects, in this order."""

    def set_selection(self, objects: tuple[ObjectId, ...]) -> None:
        """Mark these rows; emits nothing."""

    def set_labels(self, names: tuple[str, ...]) -> None:
        """The known label names, offered while a label is typed."""

    def set_clip(self, is_clip: bool) -> None:
        """In a clip, deleting offers "here", "from here on" and "whole"."""

    def rename_selected(self) -> None:
        """Open the label field of the first selected row (F2)."""

    def focus_filter(self) -> None:
        """Put the caret into the filter box."""
