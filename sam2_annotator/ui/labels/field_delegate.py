"""Edits a cell in place with a field that keeps the keyboard's rules (FOC-2)."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemDelegate, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from sam2_annotator.ui.theme.widgets import TextField

Index = QModelIndex | QPersistentModelIndex


class CellField(TextField):
    """A field over a cell: Esc ends the typing and nothing else, in a dialog too."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter and Esc from whatever lies around the list."""
        super().keyPressEvent(event)
        event.accept()


class FieldDelegate(QStyledItemDelegate):
    """`edited(row, column, text)` leaves the change to the document; `ended` gives the keyboard back before it."""

    edited = Signal(int, int, str)
    ended = Signal()

    def __init__(self, object_name: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._object_name = object_name
        self._name = name
        self._typed: str | None = None

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A field over the cell."""
        field = CellField(parent)
        field.setObjectName(self._object_name)
        field.setAccessibleName(self._name)
        self._typed = None
        field.committed.connect(self._keep)
        field.released.connect(partial(self._close, field, QPersistentModelIndex(index)))
        return field

    def eventFilter(self, watched: object, event: object) -> bool:
        """The field knows Enter and Esc itself; losing the keyboard any other way changes nothing."""
        return False

    def _keep(self, text: str) -> None:
        self._typed = text

    def _close(self, field: QWidget, index: QPersistentModelIndex) -> None:
        """Tell what was typed once the field is gone: what follows may open a dialog, which keeps the keyboard then."""
        before = index.data() if index.isValid() else self._typed
        self.closeEditor.emit(field, QAbstractItemDelegate.EndEditHint.NoHint)
        self.ended.emit()
        if self._typed is not None and self._typed != before:
            self.edited.emit(index.row(), index.column(), self._typed)
