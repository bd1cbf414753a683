"""The history: steps by name and time, the present one marked; a click goes there (UND-3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QFont, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QDialogButtonBox, QHeaderView, QWidget

from sam2_annotator.ui.dialogs.base import PlainDialog
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import RowView, text_label
from sam2_annotator.values.intents import DocumentAction, GoToStep

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_TITLE, _ABOUT, _TIME = range(3)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A step: `number` orders them (0: before all of them), `at` is its time in words, `done` False once undone."""

    number: int
    title: str
    at: str
    done: bool


class HistoryModel(QAbstractTableModel):
    """Title of every step, what it is `about` and its time; the last one that is done is marked.

    `about` is asked for a row when that is painted, so that a long history opens at once.
    """

    def __init__(self, theme: Theme, about: Callable[[int], str]) -> None:
        super().__init__()
        self._theme = theme
        self._about = about
        self._known: dict[int, str] = {}
        self.entries: tuple[HistoryEntry, ...] = ()
        self.present = 0

    def set_entries(self, entries: tuple[HistoryEntry, ...]) -> None:
        """Show these, oldest first."""
        self.beginResetModel()
        self.entries = entries
        self._known.clear()
        self.present = sum(entry.done for entry in entries) - 1
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """One row per step."""
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Title, what it is about, and time."""
        return 0 if parent.isValid() else 3

    def about(self, entry: HistoryEntry) -> str:
        """Object and file or frame of a step; "" where it has none."""
        if entry.number not in self._known:
            self._known[entry.number] = self._about(entry.number)
        return self._known[entry.number]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows and says."""
        entry, column, present = self.entries[index.row()], index.column(), index.row() == self.present
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return (entry.title, self.about(entry) if column == _ABOUT else "", entry.at)[column]
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                words = " · ".join(filter(None, (entry.title, self.about(entry))))
                return words if entry.done else tr("Undone: {title}", title=words)
            case Qt.ItemDataRole.DecorationRole if present and column == _TITLE:
                return self._theme.icon("check")
            case Qt.ItemDataRole.FontRole if present and column == _TITLE:
                font = QFont()
                font.setBold(True)
                return font
            case Qt.ItemDataRole.ForegroundRole:
                tokens = self._theme.tokens
                colour = tokens.text if column == _TITLE else tokens.text_muted
                return QBrush(colour if entry.done else tokens.text_disabled)
        return None


class HistoryDialog(PlainDialog):
    """Stays open beside the work. `intent` carries GoToStep, and undo and redo by their keys."""

    intent = Signal(object)

    def __init__(self, theme: Theme, about: Callable[[int], str], parent: QWidget | None = None) -> None:
        super().__init__("historyDialog", tr("History"), parent)
        self.setWindowModality(Qt.WindowModality.NonModal)
        self._model = HistoryModel(theme, about)
        self._hint = text_label("", "muted")
        self._hint.setObjectName("historyHint")
        self._hint.setWordWrap(True)
        self._steps = RowView("historySteps", tr("Steps, oldest first"))
        self._steps.setModel(self._model)
        self._steps.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)  # no row cut in two at the top
        self._steps.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        for column, mode in (
            (_TITLE, QHeaderView.ResizeMode.ResizeToContents),
            (_ABOUT, QHeaderView.ResizeMode.Stretch),
            (_TIME, QHeaderView.ResizeMode.ResizeToContents),
        ):
            self._steps.header().setSectionResizeMode(column, mode)
        self._steps.clicked.connect(self._choose)
        self._steps.activated.connect(self._choose)
        self.body.addWidget(self._hint)
        self.body.addWidget(self._steps, 1)
        self.add_button("historyClose", tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        for key, wish in (
            (QKeySequence.StandardKey.Undo, DocumentAction.UNDO),
            (QKeySequence.StandardKey.Redo, DocumentAction.REDO),
        ):
            QShortcut(QKeySequence(key), self).activated.connect(partial(self.intent.emit, wish))
        self.resize(560, 520)

    def set_steps(self, steps: Sequence[HistoryEntry]) -> None:
        """Show these, oldest first."""
        entries = (HistoryEntry(0, tr("Before all of it"), "", True), *steps) if steps else ()
        if entries:
            self._hint.setText(tr("Click a step to go back, or forward again, to it."))
        else:
            self._hint.setText(tr("Nothing has been done yet. Every step will be listed here."))
        if entries != self._model.entries:
            self._steps.ensurePolished()  # rows are as high as they will be shown
            self._model.set_entries(entries)
            present = self._model.index(self._model.present, _TITLE)
            self._steps.setCurrentIndex(present)
            self._steps.scrollTo(present)

    def _choose(self, index: QModelIndex) -> None:
        self.intent.emit(GoToStep(self._model.entries[index.row()].number))
