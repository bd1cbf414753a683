"""The command palette (Ctrl+K): type a few letters of a command, Enter runs it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QDialog, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from sam2_annotator.ui.actions.fuzzy import fit
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import FilterField, describe, set_role, text_label

_WIDTH, _HEIGHT, _TOP = 560, 420, 56
_ROW_HEIGHT = 26
_ID = Qt.ItemDataRole.UserRole
_ENABLED = Qt.ItemDataRole.UserRole + 1
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """One command: its id, menu, title and keys as shown; `why_not` says why it cannot be run now, "" when it can."""

    id: str
    group: str
    title: str
    keys: str
    enabled: bool = True
    why_not: str = ""


class PaletteDialog(QDialog):
    """Lists commands, those used last first; `chosen` carries the id of the one to run, after the dialog is gone."""

    chosen = Signal(str)

    def __init__(
        self, theme: Theme, entries: tuple[PaletteEntry, ...], recent: tuple[str, ...], parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.FramelessWindowHint | Qt.WindowType.Dialog)
        self.setObjectName("paletteDialog")
        self.setWindowTitle(tr("Commands"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        set_role(self, "palette")
        ranks = {command: rank for rank, command in enumerate(recent)}
        self._entries = sorted(entries, key=lambda entry: ranks.get(entry.id, len(ranks)))
        self._field = FilterField(theme, "paletteField", tr("Type a command"), tr("Enter runs the marked command"))
        self._list = QTreeWidget()
        describe(self._list, "paletteList", tr("Commands and keys"))
        self._list.setColumnCount(2)
        self._list.setHeaderHidden(True)
        self._list.setRootIsDecorated(False)
        self._list.setUniformRowHeights(True)
        self._list.setAllColumnsShowFocus(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.header().setStretchLastSection(False)
        self._list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._grey = QColor(theme.tokens.text_disabled)
        self._none = text_label(tr("No command is called that."), "muted")
        self._none.setObjectName("paletteNone")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.setSpacing(8)
        for widget in (self._field, self._none, self._list):
            layout.addWidget(widget)
        self._field.textChanged.connect(self._fill)
        self._field.installEventFilter(self)
        self._list.itemClicked.connect(self._run)
        self._fill("")
        self._place(parent)
        self._field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list and Enter runs while the field keeps the keyboard."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in _MOVES:
                self._move(event.key())
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self._list.currentItem())
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.reject()
                return True
        return super().eventFilter(watched, event)

    def _place(self, over: QWidget) -> None:
        self.resize(min(_WIDTH, over.width() - 32), min(_HEIGHT, over.height() - 2 * _TOP))
        self.move(over.mapToGlobal(over.rect().topLeft()) + self.rect().topLeft())
        self.move(self.x() + (over.width() - self.width()) // 2, self.y() + _TOP)

    def _fill(self, typed: str) -> None:
        self._list.clear()
        for entry in self._fitting(typed):
            name = f"{entry.group}: {entry.title}"
            row = QTreeWidgetItem([f"{name} — {entry.why_not}" if entry.why_not else name, entry.keys])
            row.setData(0, _ID, entry.id)
            row.setSizeHint(0, QSize(0, _ROW_HEIGHT))
            row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            if not entry.enabled:  # greyed and still reachable, so that one can read why
                row.setForeground(0, self._grey)
                row.setForeground(1, self._grey)
            row.setData(0, _ENABLED, entry.enabled)
            self._list.addTopLevelItem(row)
        self._none.setVisible(self._list.topLevelItemCount() == 0)
        self._mark(0)

    def _fitting(self, typed: str) -> list[PaletteEntry]:
        """Best first; what cannot be run now comes after what can; without a word as they are."""
        if not typed.strip():
            return self._entries
        scored = [(score, entry) for entry in self._entries if (score := _fit(typed, entry)) is not None]
        return [entry for _, entry in sorted(scored, key=lambda pair: (not pair[1].enabled, -pair[0]))]

    def _move(self, key: int) -> None:
        """Single steps go round at the ends, pages stop there."""
        count, row = self._list.topLevelItemCount(), self._list.currentIndex().row()
        page = max(1, self._list.viewport().height() // max(1, self._list.sizeHintForRow(0)) - 1)
        match key:
            case Qt.Key.Key_Up | Qt.Key.Key_Down:
                self._mark((row + (1 if key == Qt.Key.Key_Down else -1)) % max(1, count))
            case _:
                self._mark(min(max(row + (page if key == Qt.Key.Key_PageDown else -page), 0), count - 1))

    def _mark(self, row: int) -> None:
        self._list.setCurrentIndex(self._list.model().index(row, 0))

    def _run(self, row: QTreeWidgetItem | None) -> None:
        if row is not None and row.data(0, _ENABLED):
            command = row.data(0, _ID)
            self.accept()
            self.chosen.emit(command)


def _fit(typed: str, entry: PaletteEntry) -> int | None:
    """The title counts most, then the menu's name before it."""
    title = fit(typed, entry.title)
    whole = fit(typed, f"{entry.group} {entry.title}")
    return max((score for score in (title, None if whole is None else whole - 10) if score is not None), default=None)
