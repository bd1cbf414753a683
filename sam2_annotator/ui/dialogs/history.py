"""The history: steps by name and time, the present one marked; a click goes there (UND-3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QBrush, QFont, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialogButtonBox, QHeaderView, QWidget

from sam2_annotator.ui.dialogs.base import PlainDialog
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import RowView, text_label
from sam2_annotator.values.intents import DocumentAction, GoToStep

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_TITLE, _TIME = range(2)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A step: `number` orders them (0: before all of them), `at` is its time in words, `done` False once undone."""

    number: int
    title: str
    at: str
    done: bool


class HistoryModel(QAbstractTableModel):
    """Title and time of every step; the last one that is done is marked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.entries: tuple[HistoryEntry, ...] = ()
        self.present = 0

    def set_entries(self, entries: tuple[HistoryEntry, ...]) -> None:
        """Show these, oldest first."""
        self.beginResetModel()
        self.entries = entries
        self.present = sum(entry.done for entry in entries) - 1
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """One row per step."""
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Title and time."""
        return 0 if parent.isValid() else 2

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows and says."""
        entry, column, present = self.entries[index.row()], index.column(), index.row() == self.present
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return (entry.title, entry.at)[column]
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                return entry.title if entry.done else tr("Undone: {title}", title=entry.title)
            case Qt.ItemDataRole.DecorationRole if present and column == _TITLE:
                return self._theme.icon("check")
            case Qt.ItemDataRole.FontRole if present:
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

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("historyDialog", tr("History"), parent)
        self.setWindowModality(Qt.WindowModality.NonModal)
        self._model = HistoryModel(theme)
        self._hint = text_label("", "muted")
        self._hint.setObjectName("historyHint")
        self._hint.setWordWrap(True)
        self._steps = RowView("historySteps", tr("Steps, oldest first"))
        self._steps.setModel(self._model)
        self._steps.header().setSectionResizeMode(_TITLE, QHeaderView.ResizeMode.Stretch)
        self._steps.header().setSectionResizeMode(_TIME, QHeaderView.ResizeMode.ResizeToContents)
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
        self.resize(380, 520)

    def set_steps(self, steps: Sequence[HistoryEntry]) -> None:
        """Show these, oldest first."""
        entries = (HistoryEntry(0, tr("Before all of it"), "", True), *steps) if steps else ()
        if entries:
            self._hint.setText(tr("Click a step to go back, or forward again, to it."))
        else:
            self._hint.setText(tr("Nothing has been done yet. Every step will be listed here."))
        if entries != self._model.entries:
            self._model.set_entries(entries)
            present = self._model.index(self._model.present, _TITLE)
            self._steps.setCurrentIndex(present)
            self._steps.scrollTo(present)

    def _choose(self, index: QModelIndex) -> None:
        self.intent.emit(GoToStep(self._model.entries[index.row()].number))
