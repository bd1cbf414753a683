"""Labels as a Qt model: key, colour, name, count; rows can be dragged to another place."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from sam2_annotator.doc.commands.labels import MoveLabel
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.labels.entries import LabelEntry
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.swatch import swatch
from sam2_annotator.values.ids import LabelId

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_MIME = "application/x-sam2-annotator-label"


class Column(IntEnum):
    """The columns, left to right."""

    DIGIT = 0
    COLOUR = 1
    NAME = 2
    OBJECTS = 3


class LabelsModel(QAbstractTableModel):
    """The labels that pass the filter; `moved(MoveLabel)` is sent when one was dropped elsewhere."""

    moved = Signal(object)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._all: tuple[LabelEntry, ...] = ()
        self._shown: Sequence[LabelEntry] = ()
        self._filter = ""
        self._current: LabelId | None = None

    @property
    def all(self) -> tuple[LabelEntry, ...]:
        """The labels before filtering."""
        return self._all

    def set_entries(self, entries: tuple[LabelEntry, ...], current: LabelId | None) -> None:
        """Show these labels and mark the one new objects get."""
        if (entries, current) != (self._all, self._current):
            self._all, self._current = entries, current
            self._show()

    def set_filter(self, text: str) -> None:
        """Show the labels with these words in their names."""
        self._filter = text
        self._show()

    def entry(self, row: int) -> LabelEntry:
        """The label of a shown row."""
        return self._shown[row]

    def row_of(self, label: LabelId) -> int | None:
        """The shown row of a label, None where it is filtered out or gone."""
        return next((row for row, entry in enumerate(self._shown) if entry.label == label), None)

    def _show(self) -> None:
        words = self._filter.casefold().split()
        shown = [entry for entry in self._all if all(word in entry.name.casefold() for word in words)]
        if [entry.label for entry in shown] == [entry.label for entry in self._shown]:
            self._shown = shown
            if not shown:
                return
            self.dataChanged.emit(self.index(0, 0), self.index(len(shown) - 1, len(Column) - 1))
            return
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """One row per label that passes."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """The columns of `Column`."""
        return 0 if parent.isValid() else len(Column)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Names and keys are edited in place; rows are dropped between rows."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        flags |= Qt.ItemFlag.ItemIsDragEnabled
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() in (Column.DIGIT, Column.NAME) else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows, says and is edited from."""
        if not index.isValid():
            return None
        entry, column = self._shown[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return (str(entry.digit or ""), None, entry.name, f"{entry.objects:,}" if entry.objects else "")[column]
            case Qt.ItemDataRole.DecorationRole if column is Column.COLOUR:
                return swatch(entry.colour)
            case Qt.ItemDataRole.DecorationRole if column is Column.OBJECTS and entry.label == self._current:
                return self._theme.icon("check")
            case Qt.ItemDataRole.TextAlignmentRole if column in (Column.DIGIT, Column.OBJECTS):
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._words(entry, column)
        return None

    def _words(self, entry: LabelEntry, column: Column) -> str:
        match column:
            case Column.DIGIT:
                return tr("Key {digit}", digit=entry.digit) if entry.digit else tr("No key")
            case Column.COLOUR:
                return tr("Change the colour of {name}", name=entry.name)
            case Column.OBJECTS:
                return tr("{count} objects", count=entry.objects)
        if entry.label == self._current:
            return tr("Label {name}, for new objects", name=entry.name)
        return tr("Label {name}: give it to the selected objects, else to new ones", name=entry.name)

    # ------------------------------------------------------------------------------------------------- dragging

    def supportedDropActions(self) -> Qt.DropAction:
        """Rows move."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """Labels alone."""
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The label of a row."""
        content = QMimeData()
        content.setData(_MIME, str(self._shown[indexes[0].row()].label).encode())
        return content

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        """Ask the document for the move; False, so that the view takes no row away itself."""
        label = LabelId(int(bytes(data.data(_MIME).data())))
        before = self._shown[row].label if 0 <= row < len(self._shown) else None
        if before != label:
            others = [entry.label for entry in self._all if entry.label != label]
            self.moved.emit(MoveLabel(label, len(others) if before is None else others.index(before)))
        return False
