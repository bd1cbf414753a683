"""Rows of the files panel as a Qt model: the entries that pass the filter, nothing per row but the entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.ids import ItemId

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
STATE, NAME, OBJECTS = range(3)


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


def file_filter(text: str) -> Callable[[FileEntry], bool]:
    """What passes the filter box: parts of the name, `state:started`, `label:cat`; all must hold."""
    tests = [_term(word) for word in text.lower().split()]
    return lambda entry: all(test(entry) for test in tests)


def _term(word: str) -> Callable[[FileEntry], bool]:
    key, colon, value = word.partition(":")
    if colon and key == "state":
        return lambda e: e.state.value.startswith(value)
    if colon and key == "label":
        return lambda e: any(value in label.lower() for label in e.labels)
    return lambda e: word in e.name.lower()


def state_words(state: FileState) -> str:
    """A state in words."""
    return {
        FileState.TODO: tr("To do"),
        FileState.STARTED: tr("Started"),
        FileState.CONFIRMED: tr("Confirmed"),
        FileState.UNREADABLE: tr("Cannot be read"),
    }[state]


class FilesModel(QAbstractTableModel):
    """The filtered entries; `entry(row)` gives one."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._all: list[FileEntry] = []
        self._place: dict[ItemId, int] = {}
        self._shown: list[FileEntry] = []
        self._shown_row: dict[ItemId, int] = {}
        self._passes = file_filter("")

    @property
    def total(self) -> int:
        """Items before filtering."""
        return len(self._all)

    def set_entries(self, entries: tuple[FileEntry, ...]) -> None:
        """Show these, in this order."""
        self._all = list(entries)
        self._place = {entry.item: place for place, entry in enumerate(entries)}
        self._refilter()

    def update_entry(self, entry: FileEntry) -> None:
        """Replace the row of the same item; a row shown stays shown until the filter changes."""
        self._all[self._place[entry.item]] = entry
        row = self._shown_row.get(entry.item)
        if row is not None:
            self._shown[row] = entry
            self.dataChanged.emit(self.index(row, 0), self.index(row, OBJECTS))

    def set_filter(self, text: str) -> None:
        """Show what passes the filter."""
        self._passes = file_filter(text)
        self._refilter()

    def entry(self, row: int) -> FileEntry:
        """The entry of a shown row."""
        return self._shown[row]

    def row_of(self, item: ItemId) -> int | None:
        """The shown row of an item, None when it is filtered out or unknown."""
        return self._shown_row.get(item)

    def _refilter(self) -> None:
        self.beginResetModel()
        self._shown = [entry for entry in self._all if self._passes(entry)]
        self._shown_row = {entry.item: row for row, entry in enumerate(self._shown)}
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Rows that pass the filter."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """State, name, count of objects."""
        return 0 if parent.isValid() else 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows and says."""
        entry, column = self._shown[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return (None, entry.name, str(entry.objects or ""))[column]
            case Qt.ItemDataRole.DecorationRole if column == STATE:
                return self._theme.icon(f"file-{entry.state.value}")
            case Qt.ItemDataRole.TextAlignmentRole if column == OBJECTS:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                if column == STATE:
                    return entry.note or state_words(entry.state)
                if column == OBJECTS:
                    return tr("{count} objects", count=entry.objects)
                return entry.name
        return None
