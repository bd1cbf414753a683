"""The labels of the project and which one new objects get (OBJ-3)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStackedWidget, QVBoxLayout, QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.swatch import swatch
from sam2_annotator.ui.theme.widgets import RowView, TextField, describe, row_layout, set_role, text_label
from sam2_annotator.values.intents import SetLabel

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_DIGIT, _NAME, _OBJECTS = range(3)


@dataclass(frozen=True, slots=True)
class LabelEntry:
    """One label: `digit` 1..9 is its key, None when it has none; `objects` counts the objects that carry it."""

    name: str
    digit: int | None
    objects: int
    colour: tuple[int, int, int]


class LabelsModel(QAbstractTableModel):
    """Digit, name, count; the current label is marked."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.entries: tuple[LabelEntry, ...] = ()
        self._current: str | None = None

    def set_entries(self, entries: tuple[LabelEntry, ...], current: str | None) -> None:
        """Show these labels and mark the current one."""
        self.beginResetModel()
        self.entries, self._current = entries, current
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """One row per label."""
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Digit, name, count."""
        return 0 if parent.isValid() else 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows and says."""
        entry, column = self.entries[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return (str(entry.digit or ""), entry.name, str(entry.objects or ""))[column]
            case Qt.ItemDataRole.DecorationRole if column == _NAME:
                return swatch(entry.colour)
            case Qt.ItemDataRole.DecorationRole if column == _OBJECTS and entry.name == self._current:
                return self._theme.icon("check")
            case Qt.ItemDataRole.TextAlignmentRole if column != _NAME:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._words(entry)
        return None

    def _words(self, entry: LabelEntry) -> str:
        if entry.name == self._current:
            return tr("Label {name}, for new objects", name=entry.name)
        return tr("Label {name}: give it to the selected objects, else to new ones", name=entry.name)


class LabelsPanel(QWidget):
    """List of labels; choosing or typing one emits SetLabel(name)."""

    intent = Signal(object)
    focus_released = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("labels")
        self.setAccessibleName(tr("Labels"))
        set_role(self, "panel")
        self._model = LabelsModel(theme, self)
        self._view = self._make_view()
        self._field = TextField(for_many=True)
        describe(self._field, "labelField", tr("New label"), key="F2", what=tr("type a name, Enter makes the label"))
        self._field.setPlaceholderText(tr("Type a name, then Enter"))
        self._pages = QStackedWidget()
        self._lay_out()
        self._view.clicked.connect(self._choose)
        self._view.activated.connect(self._choose)
        self._field.committed.connect(self._add)
        self._field.released.connect(self.focus_released)
        theme.changed.connect(self._view.viewport().update)

    def _make_view(self) -> RowView:
        view = RowView("labelsList", tr("Labels"))
        view.setModel(self._model)
        view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        header = view.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(_DIGIT, view.text_width("9"))
        header.resizeSection(_OBJECTS, 24 + view.text_width("88,888"))
        return view

    def _lay_out(self) -> None:
        empty = text_label(tr("Type a name to make the first label."), "muted")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        self._pages.addWidget(empty)
        self._pages.addWidget(self._view)
        foot = row_layout(margins=(8, 4, 8, 8))
        foot.addWidget(self._field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._pages, 1)
        layout.addLayout(foot)

    def set_rows(self, rows: tuple[LabelEntry, ...], current: str | None) -> None:
        """Show these labels; `current` is the one new objects get, None for unlabelled."""
        self._model.set_entries(rows, current)
        self._pages.setCurrentIndex(1 if rows else 0)

    def focus_field(self) -> None:
        """Put the caret into the name field (F2 without a selected object)."""
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _choose(self, index: QModelIndex) -> None:
        self.intent.emit(SetLabel(self._model.entries[index.row()].name))

    def _add(self, text: str) -> None:
        if text.strip():
            self.intent.emit(SetLabel(text.strip()))
