"""Rows of the files panel as a Qt model: the entries that pass the filter, and the order people step through them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPixmap

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.panels.file_entries import FileEntries, FileEntry, FileState, file_filter
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.ids import ItemId

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
STATE, NAME, FLAG, OBJECTS = range(4)
THUMBNAIL = QSize(44, 33)
_FEW = 64  # rows that come or go one by one; more are a reset of the list


def state_words(state: FileState) -> str:
    """A state in words."""
    return {
        FileState.TODO: tr("To do"),
        FileState.STARTED: tr("Started"),
        FileState.CONFIRMED: tr("Confirmed"),
        FileState.UNREADABLE: tr("Cannot be read"),
    }[state]


class FilesModel(QAbstractTableModel):
    """The filtered entries; `entry(row)` gives one. `totals_changed` comes when entries came, went or changed.

    `thumbnail_wanted` carries an entry whose picture is to be painted and is not at hand.
    """

    totals_changed = Signal()
    thumbnail_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._all = FileEntries()
        self._shown = self._all
        self._passes: Callable[[FileEntry], bool] | None = None
        self._states: Counter[FileState] = Counter()
        self._thumbnails: dict[ItemId, QPixmap] = {}

    # ---------------------------------------------------------------------------------------------- filling

    def put(self, entries: Iterable[FileEntry]) -> None:
        """Entries that are new join at their places, others are replaced; a shown row stays shown till the filter
        changes."""
        new: list[FileEntry] = []
        for entry in entries:
            old = self.find(entry.item)
            if old is not None and old.media == entry.media:
                self._replace(old, entry)
                continue
            if old is not None:  # the file was moved
                self.remove((entry.item,))
            new.append(entry)
        if new:
            self._states.update(entry.state for entry in new)
            self._insert(new)
        self.totals_changed.emit()

    def remove(self, items: Iterable[ItemId]) -> None:
        """Entries that went."""
        gone = [item for item in items if item in self._all]
        few = len(gone) <= _FEW
        if not few:
            self.beginResetModel()
        for item in gone:
            self._remove(item, told=few)
        if not few:
            self.endResetModel()
        self.totals_changed.emit()

    def clear(self) -> None:
        """No entries."""
        self.beginResetModel()
        self._all.clear()
        self._shown.clear()
        self._states.clear()
        self._thumbnails.clear()
        self.endResetModel()
        self.totals_changed.emit()

    def set_thumbnail(self, item: ItemId, picture: QPixmap) -> None:
        """The small picture of an item is at hand."""
        self._thumbnails[item] = picture
        self._tell_changed(item, NAME, NAME)

    def drop_thumbnails(self, items: Iterable[ItemId]) -> None:
        """These small pictures are needed no longer, or are not true any more."""
        for item in items:
            self._thumbnails.pop(item, None)

    def set_filter(self, text: str) -> None:
        """Show what passes the filter."""
        self.beginResetModel()
        if text.strip():
            self._passes = file_filter(text)
            self._shown = self._all.where(self._passes)
        else:
            self._passes, self._shown = None, self._all
        self.endResetModel()

    def _replace(self, old: FileEntry, entry: FileEntry) -> None:
        if old == entry:
            return
        self._all.replace(entry)
        self._states[old.state] -= 1
        self._states[entry.state] += 1
        if self._shown is not self._all and entry.item in self._shown:
            self._shown.replace(entry)
        self._tell_changed(entry.item, STATE, OBJECTS)

    def _insert(self, new: list[FileEntry]) -> None:
        new.sort(key=lambda entry: entry.key)
        shown = new if self._passes is None else [entry for entry in new if self._passes(entry)]
        if self._shown is not self._all:
            self._all.merge(new)
        if not shown:
            return
        count = len(self._shown)
        if self._shown.place_for(shown[0].key) == count:
            self.beginInsertRows(_NO_PARENT, count, count + len(shown) - 1)
            self._shown.append(shown)
            self.endInsertRows()
        elif len(shown) <= _FEW:
            for entry in shown:
                place = self._shown.place_for(entry.key)
                self.beginInsertRows(_NO_PARENT, place, place)
                self._shown.insert(entry)
                self.endInsertRows()
        else:
            self.beginResetModel()
            self._shown.merge(shown)
            self.endResetModel()

    def _remove(self, item: ItemId, *, told: bool) -> None:
        row = self.row_of(item)
        if row is not None and told:
            self.beginRemoveRows(_NO_PARENT, row, row)
        entry = self._all.remove(item)
        if self._shown is not self._all and row is not None:
            self._shown.remove(item)
        self._states[entry.state] -= 1
        self._thumbnails.pop(item, None)
        if row is not None and told:
            self.endRemoveRows()

    def _tell_changed(self, item: ItemId, first: int, last: int) -> None:
        row = self.row_of(item)
        if row is not None:
            self.dataChanged.emit(self.index(row, first), self.index(row, last))

    # ----------------------------------------------------------------------------------------------- asking

    @property
    def total(self) -> int:
        """Items before filtering."""
        return len(self._all)

    def count(self, state: FileState) -> int:
        """Items of a state, before filtering."""
        return self._states[state]

    def entry(self, row: int) -> FileEntry:
        """The entry of a shown row."""
        return self._shown[row]

    def find(self, item: ItemId) -> FileEntry | None:
        """The entry of an item, shown or not."""
        place = self._all.place(item)
        return None if place is None else self._all[place]

    def entries(self) -> tuple[FileEntry, ...]:
        """All entries, in order, shown or not."""
        return tuple(self._all)

    def row_of(self, item: ItemId) -> int | None:
        """The shown row of an item, None when it is filtered out or unknown."""
        return self._shown.place(item)

    def beyond(self, here: FileEntry, count: int) -> tuple[FileEntry, ...]:
        """Up to `count` shown entries after `here`, which may be filtered out or gone, nearest first; before it when
        `count` is negative."""
        place = self._shown.place_for(here.key)
        if count < 0:
            return tuple(self._shown[row] for row in range(place - 1, max(place + count, 0) - 1, -1))
        after = place + (here.item in self._shown)
        return tuple(self._shown[row] for row in range(after, min(after + count, len(self._shown))))

    def next_where(self, here: FileEntry, step: int, wanted: Callable[[FileEntry], bool]) -> FileEntry | None:
        """The nearest shown entry that is wanted, after (+1) or before (-1) `here`."""
        return next(filter(wanted, self.beyond(here, step * len(self._shown))), None)

    # ------------------------------------------------------------------------------------------- the Qt model

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Rows that pass the filter."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """State, picture and name, flag, count of objects."""
        return 0 if parent.isValid() else 4

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows and says."""
        entry, column = self._shown[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return (None, entry.name, None, f"{entry.objects:,}" if entry.objects else "")[column]
            case Qt.ItemDataRole.DecorationRole:
                return self._decoration(entry, column)
            case Qt.ItemDataRole.TextAlignmentRole if column == OBJECTS:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.FontRole if column == NAME and entry.missing:
                font = QFont()
                font.setStrikeOut(True)
                return font
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return _words(entry, column)
        return None

    def _decoration(self, entry: FileEntry, column: int) -> object:
        if column == STATE:
            return self._theme.icon("file-missing" if entry.missing else f"file-{entry.state.value}")
        if column == FLAG and entry.flags:
            return self._theme.icon("flag")
        if column == NAME:
            found = self._thumbnails.get(entry.item)
            if found is None and not entry.missing:
                self.thumbnail_wanted.emit(entry)
            return found
        return None


def _words(entry: FileEntry, column: int) -> str:
    if column == STATE:
        if entry.missing:
            return tr("The file is missing. What was made on it is kept.")
        if entry.note:
            return entry.note
        if entry.frames > 1 and entry.state is not FileState.CONFIRMED and entry.confirmed:
            return tr("{confirmed} of {frames} frames confirmed", confirmed=entry.confirmed, frames=entry.frames)
        return state_words(entry.state)
    if column == FLAG and entry.flags:
        if entry.frames > 1:
            return tr("{count} flagged frames", count=entry.flags)
        return tr("Flagged: {reason}", reason=entry.flag) if entry.flag else tr("Flagged")
    if column == OBJECTS:
        return tr("{count} objects", count=entry.objects)
    return str(entry.media.path) if column == NAME else ""
