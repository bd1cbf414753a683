"""Rows of the objects panel as a Qt model: the entries that pass the filter, nothing per row but the entry."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.swatch import swatch
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.states import MaskState

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_AREA_TERM = re.compile(r"area([<>])(\d+)")


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


class Column(IntEnum):
    """The columns, left to right."""

    NUMBER = 0
    LABEL = 1
    STATE = 2
    AREA = 3
    VISIBLE = 4
    LOCKED = 5


def object_filter(text: str) -> Callable[[ObjectEntry], bool]:
    """What passes the filter box: words of the label or the number, `label:`, `state:`, `area<100`, `area>100`."""
    tests = [_term(word) for word in text.lower().split()]
    return lambda entry: all(test(entry) for test in tests)


def _term(word: str) -> Callable[[ObjectEntry], bool]:
    area = _AREA_TERM.fullmatch(word)
    if area:
        limit = int(area[2])
        return (lambda e: e.area < limit) if area[1] == "<" else (lambda e: e.area > limit)
    key, colon, value = word.partition(":")
    if colon and key == "label":
        return lambda e: value in e.label.lower()
    if colon and key == "state":
        return lambda e: e.state is not None and e.state.value.startswith(value)
    return lambda e: word in e.label.lower() or word == str(e.number)


def state_words(state: MaskState) -> str:
    """A state in words, for tooltips and screen readers."""
    return {
        MaskState.KEY: tr("Key: prompted or drawn by a person"),
        MaskState.PROPAGATED: tr("Propagated: written by the tracker"),
        MaskState.CONFIRMED: tr("Confirmed by a person"),
        MaskState.ABSENT: tr("Absent: a person said it is not here"),
        MaskState.EMPTY: tr("Empty: the model found nothing"),
    }[state]


class ObjectsModel(QAbstractTableModel):
    """The filtered entries; `entry(row)` gives one."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._all: tuple[ObjectEntry, ...] = ()
        self._shown: Sequence[ObjectEntry] = ()
        self._passes = object_filter("")

    def set_entries(self, entries: tuple[ObjectEntry, ...]) -> None:
        """Show these; rows that stay keep their selection, and only changed ones are drawn again."""
        self._all = entries
        self._show([e for e in entries if self._passes(e)])

    def set_filter(self, text: str) -> None:
        """Show what passes the filter."""
        self._passes = object_filter(text)
        self._show([e for e in self._all if self._passes(e)])

    @property
    def total(self) -> int:
        """Objects before filtering."""
        return len(self._all)

    def entry(self, row: int) -> ObjectEntry:
        """The entry of a shown row."""
        return self._shown[row]

    def rows_of(self, objects: Collection[ObjectId]) -> list[int]:
        """The shown rows of these objects; those filtered out are left out."""
        wanted = frozenset(objects)
        return [row for row, e in enumerate(self._shown) if e.object_id in wanted] if wanted else []

    def _show(self, entries: Sequence[ObjectEntry]) -> None:
        before = self._shown
        if [e.object_id for e in before] != [e.object_id for e in entries]:
            self.beginResetModel()
            self._shown = entries
            self.endResetModel()
            return
        self._shown = entries
        changed = [row for row, (old, new) in enumerate(zip(before, entries, strict=True)) if old != new]
        if changed:
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(Column) - 1))

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Rows that pass the filter."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """The columns of `Column`."""
        return 0 if parent.isValid() else len(Column)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Labels can be edited in place."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == Column.LABEL else flags

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
        return None

    def _text(self, entry: ObjectEntry, column: Column) -> str | None:
        match column:
            case Column.NUMBER:
                return str(entry.number)
            case Column.LABEL:
                return entry.label or (tr("new object") if entry.draft else tr("unlabelled"))
            case Column.AREA:
                return f"{entry.area:,}" if entry.area else ""
        return None

    def _icon(self, entry: ObjectEntry, column: Column) -> object:
        match column:
            case Column.NUMBER:
                return swatch(entry.colour, entry.ring, draft=entry.draft)
            case Column.STATE:
                return self._theme.icon(f"state-{entry.state.value}") if entry.state else None
            case Column.VISIBLE:
                return self._theme.icon("eye", quiet=True) if entry.visible else self._theme.icon("eye-off")
            case Column.LOCKED:
                return self._theme.icon("lock") if entry.locked else self._theme.icon("lock-open", quiet=True)
        return None

    def _words(self, entry: ObjectEntry, column: Column) -> str:
        match column:
            case Column.STATE:
                return state_words(entry.state) if entry.state else tr("No mask on this frame")
            case Column.VISIBLE:
                return tr("Hide this object") if entry.visible else tr("Show this object")
            case Column.LOCKED:
                return tr("Unlock this object") if entry.locked else tr("Lock: nothing changes this object")
            case Column.AREA:
                return tr("{area} pixels", area=f"{entry.area:,}")
        return tr("Object {number}: {label}", number=entry.number, label=self._text(entry, Column.LABEL))
