"""The list of labels: rename and number in place, colour, order, merge, delete."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu

from sam2_annotator.doc.commands.labels import (
    DeleteLabel,
    MergeLabels,
    MoveLabel,
    RenameLabel,
    SetLabelColour,
    SetLabelShortcut,
)
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.labels.colour_menu import fill_colour_menu
from sam2_annotator.ui.labels.entries import LabelEntry
from sam2_annotator.ui.labels.field_delegate import FieldDelegate
from sam2_annotator.ui.labels.model import Column, LabelsModel
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import RowView
from sam2_annotator.values.ids import LabelId

_MERGE_MENU = 40
_OWN_KEYS = (Qt.Key.Key_F2, Qt.Key.Key_Delete, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class LabelList(RowView):
    """`wish` carries changes of the label set, `chosen` a LabelEntry that was clicked or taken with Enter.

    Where `chooses` is False a click only selects, and a double click renames.
    """

    wish = Signal(object)
    chosen = Signal(object)
    focus_released = Signal()

    def __init__(self, object_name: str, theme: Theme, *, chooses: bool) -> None:
        super().__init__(object_name, tr("Labels"), buttons=(Column.COLOUR,))
        self._model = LabelsModel(theme, self)
        self._chooses = chooses
        self._delegate = FieldDelegate("labelEditor", tr("Label"), self)
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        edits = QAbstractItemView.EditTrigger
        self.setEditTriggers(edits.NoEditTriggers if chooses else edits.DoubleClicked)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._size_columns()
        self._model.moved.connect(self.wish)
        self._delegate.edited.connect(self._edited)
        self._delegate.ended.connect(self.focus_released)
        self.clicked.connect(self._press)
        self.customContextMenuRequested.connect(self._open_menu)
        theme.changed.connect(self.viewport().update)

    def _size_columns(self) -> None:
        header = self.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(Column.DIGIT, self.text_width("9"))
        header.resizeSection(Column.COLOUR, 28)
        header.resizeSection(Column.OBJECTS, 20 + self.text_width("8,888"))

    # ------------------------------------------------------------------------------------------------- showing

    def set_entries(self, entries: tuple[LabelEntry, ...], current: LabelId | None) -> None:
        """Show these labels and mark the one new objects get.

        The selected row stays with its label; where a click chooses, it is that of the chosen one.
        """
        before = None if self.selected is None else self.selected.label
        self._model.set_entries(entries, current)
        wanted = current if self._chooses and not self.hasFocus() else before
        if wanted is None:
            self.clearSelection()
        else:
            self.select(wanted)

    def set_filter(self, text: str) -> None:
        """Show the labels with these words in their names."""
        self._model.set_filter(text)

    @property
    def selected(self) -> LabelEntry | None:
        """The label of the selected row."""
        rows = self.selectionModel().selectedRows()
        return self._model.entry(rows[0].row()) if rows else None

    def select(self, label: LabelId) -> None:
        """Select a label if it is shown."""
        row = self._model.row_of(label)
        if row is not None and (self.selected is None or self.selected.label != label):
            self.setCurrentIndex(self._model.index(row, Column.NAME))

    # ------------------------------------------------------------------------------------------------- editing

    def rename(self, entry: LabelEntry) -> None:
        """Open the field over a name."""
        row = self._model.row_of(entry.label)
        if row is not None:
            self.edit(self._model.index(row, Column.NAME))

    def _edited(self, row: int, column: int, text: str) -> None:
        entry = self._model.entry(row)
        if column == Column.NAME and text.strip():
            self.wish.emit(RenameLabel(entry.label, text))
        elif column == Column.DIGIT and text.strip() in ("", *"123456789"):
            self.wish.emit(SetLabelShortcut(entry.label, int(text) if text.strip() else None))

    def _press(self, index: QModelIndex) -> None:
        entry = self._model.entry(index.row())
        if index.column() == Column.COLOUR:
            menu = self._menu()
            fill_colour_menu(menu, entry.colour, partial(self._colour, entry), self)
            menu.popup(self.viewport().mapToGlobal(self.visualRect(index).bottomLeft()))
        elif self._chooses:
            self.chosen.emit(entry)

    def _colour(self, entry: LabelEntry, colour: tuple[int, int, int]) -> None:
        self.wish.emit(SetLabelColour(entry.label, colour))

    def step(self, entry: LabelEntry, by: int) -> None:
        """Move a label up (-1) or down (+1)."""
        place = self._model.all.index(entry) + by
        if 0 <= place < len(self._model.all):
            self.wish.emit(MoveLabel(entry.label, place))

    # --------------------------------------------------------------------------------------------------- keys

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the list for itself, whatever shortcuts the window has."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes, F2 renames, Delete deletes, Alt with Up and Down moves the selected label."""
        entry = self.selected
        if entry is None or not self._is_own(event):
            super().keyPressEvent(event)
            return
        match event.key():
            case Qt.Key.Key_F2:
                self.rename(entry)
            case Qt.Key.Key_Delete:
                self.wish.emit(DeleteLabel(entry.label))
            case Qt.Key.Key_Up | Qt.Key.Key_Down as key:
                self.step(entry, -1 if key == Qt.Key.Key_Up else 1)
            case _:
                self.chosen.emit(entry)

    def _is_own(self, event: QKeyEvent) -> bool:
        if event.modifiers() == Qt.KeyboardModifier.AltModifier:
            return event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down)
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        return plain and event.key() in _OWN_KEYS

    # --------------------------------------------------------------------------------------------------- menu

    def menu(self, entry: LabelEntry) -> QMenu:
        """The context menu of a label."""
        menu = self._menu()
        if self._chooses:
            menu.addAction(tr("Use this label"), partial(self.chosen.emit, entry))
            menu.addSeparator()
        menu.addAction(tr("Rename…") + "\tF2", partial(self.rename, entry))
        fill_colour_menu(menu.addMenu(tr("Colour")), entry.colour, partial(self._colour, entry), self)
        self._fill_keys(menu.addMenu(tr("Key")), entry)
        others = [other for other in self._model.all if other.label != entry.label]
        if len(others) <= _MERGE_MENU:  # beyond that, renaming onto the other one's name does it
            merge = menu.addMenu(tr("Merge into"))
            merge.setEnabled(bool(others))
            for other in others:
                merge.addAction(other.name.replace("&", "&&"), partial(self._merge, entry, other))
        menu.addSeparator()
        place = self._model.all.index(entry)
        up = menu.addAction(tr("Move up") + "\tAlt+Up", partial(self.step, entry, -1))
        down = menu.addAction(tr("Move down") + "\tAlt+Down", partial(self.step, entry, 1))
        up.setEnabled(place > 0)
        down.setEnabled(place < len(others))
        menu.addSeparator()
        menu.addAction(tr("Delete…") + "\tDel", partial(self.wish.emit, DeleteLabel(entry.label)))
        return menu

    def _merge(self, entry: LabelEntry, other: LabelEntry) -> None:
        self.wish.emit(MergeLabels((entry.label,), other.label))

    def _fill_keys(self, menu: QMenu, entry: LabelEntry) -> None:
        holders = {other.digit: other.name for other in self._model.all}
        for digit in (*range(1, 10), None):
            title = tr("None") if digit is None else str(digit)
            holder = holders.get(digit) if digit is not None and digit != entry.digit else None
            shown = title if holder is None else tr("{digit} (now {name})", digit=title, name=holder)
            wish = SetLabelShortcut(entry.label, digit)
            action = menu.addAction(shown.replace("&", "&&"), partial(self.wish.emit, wish))
            action.setCheckable(True)
            action.setChecked(digit == entry.digit)

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setObjectName("labelMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return menu

    def _open_menu(self, place: QPoint) -> None:
        index = self.indexAt(place)
        entry = self._model.entry(index.row()) if index.isValid() else self.selected
        if entry is not None:
            self.menu(entry).popup(self.viewport().mapToGlobal(place))
