"""Names objects in place: a field over the canvas with the labels that match what is typed (OBJ-3, OBJ-4)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.labels.entries import LabelEntry
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.swatch import swatch
from sam2_annotator.ui.theme.widgets import RowView, TextField, describe, set_role, text_label
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.intents import SetLabel

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_WIDTH = 220
_MARGIN = 8
_ROWS = 8
_STEPS = {Qt.Key.Key_Up.value: -1, Qt.Key.Key_Down.value: 1}


@dataclass(frozen=True, slots=True)
class Choice:
    """One row: a label, the name to make a label of (`label` None), or no label (`name` None too)."""

    name: str | None
    label: LabelEntry | None = None


def choices(entries: tuple[LabelEntry, ...], typed: str) -> tuple[Choice, ...]:
    """What the typed text may mean, the likeliest first: names that start with it, words that do, any part, a new one.

    `entries` come with the ones used last first; within a group they keep that order.
    """
    wanted = " ".join(typed.split())
    if not wanted:
        return (*(Choice(entry.name, entry) for entry in entries), *((Choice(None),) if entries else ()))
    ranked = [(_rank(entry.name.casefold(), wanted.casefold()), entry) for entry in entries]
    matching = sorted((pair for pair in ranked if pair[0] is not None), key=lambda pair: pair[0] or 0)
    found = tuple(Choice(entry.name, entry) for _, entry in matching)
    known = any(entry.name == wanted for entry in entries)
    return found if known else (*found, Choice(wanted))


def _rank(name: str, wanted: str) -> int | None:
    if name == wanted:
        return 0
    if name.startswith(wanted):
        return 1
    if any(word.startswith(wanted) for word in name.replace("-", " ").replace("_", " ").split()):
        return 2
    return 3 if wanted in name else None


class ChoicesModel(QAbstractListModel):
    """The rows under the field."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[Choice, ...] = ()

    def show(self, shown: tuple[Choice, ...]) -> None:
        """Show these."""
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()

    def choice(self, row: int) -> Choice:
        """What a row stands for."""
        return self._shown[row]

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """One row per choice."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Name, with colour and key."""
        if not index.isValid():
            return None
        choice = self._shown[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return _words(choice)
            case Qt.ItemDataRole.DecorationRole if choice.label is not None:
                return swatch(choice.label.colour)
            case Qt.ItemDataRole.DecorationRole if choice.name is not None:
                return self._theme.icon("plus")
        return None


class LabelPicker(QFrame):
    """Lies over its parent at the object. Enter or a click emits SetLabel, Esc or a click elsewhere changes nothing."""

    intent = Signal(object)
    focus_released = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("labelPicker")
        self.setAccessibleName(tr("Choose a label"))
        set_role(self, "float")
        self._host = parent
        self._objects: tuple[ObjectId, ...] = ()
        self._entries: tuple[LabelEntry, ...] = ()
        self._model = ChoicesModel(theme, self)
        self.field = TextField()
        describe(self.field, "name_field", tr("Name of the object"))
        self._title = text_label("", "muted")
        self._title.setObjectName("labelPickerTitle")
        self._list = RowView("labelPickerList", tr("Labels that match"))
        self._list.setModel(self._model)
        self._list.header().setStretchLastSection(True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(4)
        layout.addWidget(self._title)
        layout.addWidget(self.field)
        layout.addWidget(self._list)
        self.setFixedWidth(_WIDTH)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._show_choices)
        self.field.committed.connect(self._commit)
        self.field.released.connect(self._end)
        self.field.editingFinished.connect(self._end)
        self._list.clicked.connect(self._take)
        self.hide()

    def ask(self, objects: tuple[ObjectId, ...], entries: tuple[LabelEntry, ...], at: QPoint, title: str) -> None:
        """Ask for the label of objects, without any for that of new ones; `at` is a place on the parent.

        `entries` are all labels, those used last first; `title` says whose label it is.
        """
        self._objects, self._entries = objects, entries
        room = _WIDTH - 2 * _MARGIN
        self._title.setText(self._title.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, room))
        self._title.setToolTip(title)
        self.field.setAccessibleName(title)
        self.field.setPlaceholderText(tr("Part of a name, or a new one") if entries else tr("Name it, or Esc"))
        self.field.clear()
        self._show_choices("")
        self._move_to(at)
        self.show()
        self.raise_()
        self.field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down go through the rows while the caret stays in the field."""
        step = _STEPS.get(event.key()) if isinstance(event, QKeyEvent) else None
        if step is not None and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if step is not None and event.type() == QEvent.Type.KeyPress:
            self._highlight(max(self._row + step, 0))
            return True
        return super().eventFilter(watched, event)

    @property
    def _row(self) -> int:
        return self._list.currentIndex().row()

    def _highlight(self, row: int) -> None:
        self._list.setCurrentIndex(self._model.index(min(row, self._model.rowCount() - 1), 0))

    def _show_choices(self, typed: str) -> None:
        self._model.show(choices(self._entries, typed))
        rows = self._model.rowCount() if self._entries else 0
        self._list.setVisible(rows > 0)
        height = self._list.sizeHintForRow(0) * min(rows, _ROWS) + 2 * self._list.frameWidth()
        self._list.setFixedHeight(max(height, 1))
        self._highlight(0)
        self.adjustSize()

    def _move_to(self, at: QPoint) -> None:
        area = self._host.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN - self.width(), -_MARGIN - self.height())
        self.move(
            min(max(at.x(), area.left()), max(area.left(), area.right())),
            min(max(at.y(), area.top()), max(area.top(), area.bottom())),
        )

    def _commit(self, text: str) -> None:
        if self._model.rowCount() and (text.strip() or self._entries):
            self._tell(self._model.choice(max(self._row, 0)))

    def _take(self, index: QModelIndex) -> None:
        self._tell(self._model.choice(index.row()))
        self._end()

    def _tell(self, choice: Choice) -> None:
        self.intent.emit(SetLabel(choice.name, self._objects))

    def _end(self) -> None:
        if self.isVisible():
            self.hide()
            self.focus_released.emit()


def _words(choice: Choice) -> str:
    if choice.name is None:
        return tr("No label")
    if choice.label is None:
        return tr("Make “{name}”", name=choice.name)
    return choice.name if choice.label.digit is None else f"{choice.name}   {choice.label.digit}"
