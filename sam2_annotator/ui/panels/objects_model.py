"""Rows of the objects panel as a Qt model: the entries that pass the filter, nothing per row but the entry."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from enum import IntEnum
from itertools import groupby

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPixmap

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.panels.objects_entry import (
    ObjectEntry,
    SortBy,
    object_filter,
    short_area,
    sorted_by,
    state_words,
)
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.swatch import swatch
from sam2_annotator.values.ids import ObjectId

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_MIME = "application/x-sam2-annotator-rows"
_MOST_PICTURES = 2000
LIFE_ROLE = Qt.ItemDataRole.UserRole
COLOUR_ROLE = Qt.ItemDataRole.UserRole + 1


class Column(IntEnum):
    """The columns, left to right."""

    PICTURE = 0
    NUMBER = 1
    LABEL = 2
    STATE = 3
    AREA = 4
    VISIBLE = 5
    LOCKED = 6


class ObjectsModel(QAbstractTableModel):
    """The filtered entries; `entry(row)` gives one. `picture_missing` carries an entry that is drawn and has no
    picture yet, `dropped` the objects that were dragged and the one they go over (None for under all)."""

    picture_missing = Signal(object)
    dropped = Signal(object, object)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._all: tuple[ObjectEntry, ...] = ()
        self._shown: Sequence[ObjectEntry] = ()
        self._passes, self._filtered = object_filter(""), False
        self._sort = SortBy.NUMBER
        self._pictures: OrderedDict[str, QPixmap] = OrderedDict()
        self._newest: dict[ObjectId, str] = {}  # the last picture of an object, until it has another one
        self._lives: Mapping[ObjectId, bytes] = {}

    # ------------------------------------------------------------------------------------------------ content

    def set_entries(self, entries: tuple[ObjectEntry, ...]) -> None:
        """Show these; rows that stay keep their selection, and only changed ones are drawn again."""
        self._all = entries
        self._arrange()

    def set_filter(self, text: str) -> None:
        """Show what passes the filter."""
        self._passes, self._filtered = object_filter(text), bool(text.strip())
        self._arrange()

    def set_sort(self, sort: SortBy) -> None:
        """Show in this order."""
        self._sort = sort
        self._arrange()

    def set_pictures(self, pictures: Mapping[str, QPixmap]) -> None:
        """Pictures by the key of their entries; the oldest of very many go."""
        self._pictures.update(pictures)
        while len(self._pictures) > _MOST_PICTURES:
            self._pictures.popitem(last=False)
        for row, entry in enumerate(self._shown):
            if entry.picture in pictures:
                self._newest[entry.object_id] = entry.picture
                place = self.index(row, Column.PICTURE)
                self.dataChanged.emit(place, place)

    def set_lives(self, lives: Mapping[ObjectId, bytes]) -> None:
        """What objects have along the clip, as `Queries.lives` gives it; {} in a picture."""
        if lives != self._lives:
            self._lives = lives
            if self._shown:
                self.dataChanged.emit(self.index(0, Column.LABEL), self.index(len(self._shown) - 1, Column.LABEL))

    @property
    def total(self) -> int:
        """Objects before filtering, a draft too."""
        return len(self._all)

    @property
    def counts(self) -> tuple[int, int]:
        """How many objects are shown, and how many there are; a draft is none until it is accepted, as in the list of
        files."""
        return (sum(not entry.draft for entry in self._shown), sum(not entry.draft for entry in self._all))

    @property
    def listed(self) -> tuple[ObjectId, ...]:
        """The shown objects, from the first row down."""
        return tuple(entry.object_id for entry in self._shown)

    def entry(self, row: int) -> ObjectEntry:
        """The entry of a shown row."""
        return self._shown[row]

    def rows_of(self, objects: Collection[ObjectId]) -> list[int]:
        """The shown rows of these objects; those filtered out are left out."""
        wanted = frozenset(objects)
        return [row for row, e in enumerate(self._shown) if e.object_id in wanted] if wanted else []

    def stretches(self, objects: Collection[ObjectId]) -> QItemSelection:
        """The shown rows of these objects, rows in a row as one."""
        found, rows, last = QItemSelection(), self.rows_of(objects), len(Column) - 1
        for _, group in groupby(enumerate(rows), lambda pair: pair[1] - pair[0]):
            stretch = [row for _, row in group]
            found.select(self.index(stretch[0], 0), self.index(stretch[-1], last))
        return found

    def _arrange(self) -> None:
        entries = sorted_by(
            [e for e in self._all if self._passes(e)] if self._filtered else list(self._all), self._sort
        )
        before = self._shown
        if [e.object_id for e in before] != [e.object_id for e in entries]:
            self.beginResetModel()
            self._shown = entries
            self.endResetModel()
            return
        self._shown = entries
        pairs = enumerate(zip(before, entries, strict=True))
        changed = [row for row, (old, new) in pairs if old is not new and old != new]
        if changed:
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(Column) - 1))

    # ---------------------------------------------------------------------------------------------- Qt's model

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Rows that pass the filter."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """The columns of `Column`."""
        return 0 if parent.isValid() else len(Column)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Labels can be edited in place; in the order of the stack rows can be dragged between others."""
        flag = Qt.ItemFlag
        if not index.isValid():
            return flag.ItemIsDropEnabled
        flags = flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemNeverHasChildren
        if self._sort is SortBy.STACK:
            flags |= flag.ItemIsDragEnabled
        return flags | flag.ItemIsEditable if index.column() == Column.LABEL else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows, says and is edited from."""
        if not index.isValid():
            return None
        entry, column = self._shown[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(entry, column)
            case Qt.ItemDataRole.DecorationRole:
                return self._icon(entry, column)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._words(entry, column)
            case Qt.ItemDataRole.EditRole if column is Column.LABEL:
                return entry.label
            case Qt.ItemDataRole.TextAlignmentRole if column is Column.AREA:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ForegroundRole if column is Column.AREA or (
                column is Column.LABEL and not entry.label
            ):
                return QColor(self._theme.tokens.text_muted)
            case _ if role == LIFE_ROLE:
                return self._lives.get(entry.object_id)
            case _ if role == COLOUR_ROLE:
                return QColor(*entry.colour)
        return None

    # --------------------------------------------------------------------------------------------------- drag

    def supportedDropActions(self) -> Qt.DropAction:
        """Rows move."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        """Rows of this list alone."""
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The objects of these cells."""
        rows = sorted({index.row() for index in indexes})
        content = QMimeData()
        content.setData(_MIME, json.dumps([self._shown[row].object_id for row in rows]).encode())
        return content

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        """Say where rows were dropped; the document moves them. False, so that the view removes nothing itself."""
        if self._sort is not SortBy.STACK or not data.hasFormat(_MIME):
            return False
        moved = tuple(ObjectId(number) for number in json.loads(bytes(data.data(_MIME).data())))
        place = parent.row() if parent.isValid() else row if row >= 0 else len(self._shown)
        over = next((e.object_id for e in self._shown[place:] if e.object_id not in moved), None)
        self.dropped.emit(moved, over)
        return False

    # -------------------------------------------------------------------------------------------------- cells

    def _text(self, entry: ObjectEntry, column: Column) -> str | None:
        match column:
            case Column.NUMBER:
                return str(entry.number)
            case Column.LABEL:
                return entry.label or (tr("new") if entry.draft else tr("unlabelled"))
            case Column.AREA:
                return short_area(entry.area) if entry.area else ""
        return None

    def _icon(self, entry: ObjectEntry, column: Column) -> object:
        match column:
            case Column.PICTURE:
                return self._picture(entry) or swatch(entry.colour, entry.ring, draft=entry.draft)
            case Column.STATE:
                return self._theme.icon(f"state-{entry.state.value}") if entry.state else None
            case Column.VISIBLE:
                return self._theme.icon("eye", quiet=True) if entry.visible else self._theme.icon("eye-off")
            case Column.LOCKED:
                return self._theme.icon("lock") if entry.locked else self._theme.icon("lock-open", quiet=True)
        return None

    def _picture(self, entry: ObjectEntry) -> QPixmap | None:
        if not entry.picture:
            return None
        found = self._pictures.get(entry.picture)
        if found is None:
            self.picture_missing.emit(entry)
            return self._pictures.get(self._newest.get(entry.object_id, ""))
        return found

    def _words(self, entry: ObjectEntry, column: Column) -> str:
        match column:
            case Column.STATE:
                return state_words(entry.state) if entry.state else tr("No mask on this frame")
            case Column.VISIBLE:
                if not entry.visible:
                    return tr("Show this object")
                return tr("Hide this object; with Alt, show only this one")
            case Column.LOCKED:
                return tr("Unlock this object") if entry.locked else tr("Lock: nothing changes this object")
            case Column.AREA:
                return tr("{area} pixels", area=f"{entry.area:,}")
        words = tr("Object {number}: {label}", number=entry.number, label=self._text(entry, Column.LABEL))
        return f"{words}\n{entry.note}" if entry.note else words
