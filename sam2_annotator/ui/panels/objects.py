"""The objects of the shown frame (OBJ-5)."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QCompleter,
    QHeaderView,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.panels.objects_model import Column, ObjectEntry, ObjectsModel
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import FilterField, RowView, TextField, row_layout, set_role, text_label
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.intents import SelectObjects, SetLabel, SetLocked, SetVisible

__all__ = ["ObjectEntry", "ObjectsPanel"]

_BUTTONS = (Column.VISIBLE, Column.LOCKED)


class LabelDelegate(QStyledItemDelegate):
    """Edits a label in place and offers the known ones; `renamed(row, text)` leaves the change to the document."""

    renamed = Signal(int, str)
    ended = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.names: tuple[str, ...] = ()
        self.closeEditor.connect(self.ended)

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        """A field over the label."""
        field = TextField(parent)
        field.setObjectName("objectLabelEditor")
        field.setAccessibleName(tr("Label"))
        field.setPlaceholderText(tr("unlabelled"))
        completer = QCompleter(self.names, field)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        field.setCompleter(completer)
        field.committed.connect(lambda: self.commitData.emit(field))
        field.released.connect(lambda: self.closeEditor.emit(field, QAbstractItemDelegate.EndEditHint.NoHint))
        return field

    def eventFilter(self, watched: object, event: object) -> bool:
        """The field knows Enter and Esc itself; losing the keyboard any other way changes nothing."""
        return False

    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Say what was typed."""
        if isinstance(editor, TextField):
            self.renamed.emit(index.row(), editor.text().strip())


class ObjectsPanel(QWidget):
    """List of objects with eye and lock. Emits SelectObjects, SetLabel, SetVisible, SetLocked, Delete."""

    intent = Signal(object)
    focus_released = Signal()
    menu_requested = Signal(QPoint)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("objects")
        self.setAccessibleName(tr("Objects"))
        set_role(self, "panel")
        self._is_clip = False
        self._told: tuple[ObjectId, ...] = ()
        self._model = ObjectsModel(theme, self)
        self._view = self._make_view()
        self._delegate = LabelDelegate(self._view)
        self._view.setItemDelegateForColumn(Column.LABEL, self._delegate)
        self._filter = FilterField(
            theme,
            "objectsFilter",
            tr("Filter objects"),
            tr("words of the label, or label:cat, state:key, area<100"),
        )
        self._count = text_label("", "muted")
        self._empty = text_label(tr("Click something in the picture to outline it."), "muted")
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect(theme)
        self._show_counts()

    def _make_view(self) -> RowView:
        view = RowView("objectsList", tr("Objects"), buttons=_BUTTONS)
        view.setModel(self._model)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header = view.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.LABEL, QHeaderView.ResizeMode.Stretch)
        for column, width in (
            (Column.NUMBER, 18 + view.text_width("00")),
            (Column.STATE, 26),
            (Column.AREA, view.text_width("8,888,888")),
            (Column.VISIBLE, 28),
            (Column.LOCKED, 28),
        ):
            header.resizeSection(column, width)
        return view

    def _lay_out(self) -> None:
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setContentsMargins(16, 16, 16, 16)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._view)
        top = row_layout(margins=(8, 8, 10, 4))
        top.addWidget(self._filter, 1)
        top.addWidget(self._count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self._pages, 1)

    def _connect(self, theme: Theme) -> None:
        self._filter.textChanged.connect(self._apply_filter)
        self._filter.released.connect(self.focus_released)
        self._view.selectionModel().selectionChanged.connect(self._tell_selection)
        self._view.clicked.connect(self._press)
        self._view.customContextMenuRequested.connect(self._open_menu)
        self._delegate.renamed.connect(self._rename)
        self._delegate.ended.connect(self.focus_released)
        theme.changed.connect(self._view.viewport().update)

    def set_rows(self, rows: tuple[ObjectEntry, ...]) -> None:
        """Show these objects, in this order."""
        self._model.set_entries(rows)
        self._mark(self._told)
        self._show_counts()

    def set_selection(self, objects: tuple[ObjectId, ...]) -> None:
        """Mark these rows; emits nothing."""
        if objects != self._told:
            self._told = objects
            self._mark(objects)

    def set_labels(self, names: tuple[str, ...]) -> None:
        """The known label names, offered while a label is typed."""
        self._delegate.names = names

    def set_clip(self, is_clip: bool) -> None:
        """In a clip, deleting offers "here", "from here on" and "whole"."""
        self._is_clip = is_clip

    def rename_selected(self) -> None:
        """Open the label field of the first selected row (F2)."""
        rows = self._selected_rows()
        if rows:
            self._view.edit(self._model.index(rows[0], Column.LABEL))

    def focus_filter(self) -> None:
        """Put the caret into the filter box."""
        self._filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._filter.selectAll()

    def _open_menu(self, place: QPoint) -> None:
        """Of the row under the pointer; opened by a key, below the first selected row."""
        index = self._view.indexAt(place)
        rows = self._selected_rows()
        if not index.isValid() and rows:
            place = self._view.visualRect(self._model.index(rows[0], Column.LABEL)).bottomLeft()
        if rows:
            self.menu_requested.emit(self._view.viewport().mapToGlobal(place))

    def _press(self, index: QModelIndex) -> None:
        entry = self._model.entry(index.row())
        objects = self._meant(entry)
        if index.column() == Column.VISIBLE:
            self.intent.emit(SetVisible(objects, not entry.visible))
        elif index.column() == Column.LOCKED:
            self.intent.emit(SetLocked(objects, not entry.locked))

    def _rename(self, row: int, text: str) -> None:
        self.intent.emit(SetLabel(text or None, self._meant(self._model.entry(row))))

    def _meant(self, entry: ObjectEntry) -> tuple[ObjectId, ...]:
        """A gesture on one of several selected rows means all of them."""
        chosen = tuple(self._model.entry(row).object_id for row in self._selected_rows())
        return chosen if entry.object_id in chosen else (entry.object_id,)

    def _selected_rows(self) -> list[int]:
        return sorted(index.row() for index in self._view.selectionModel().selectedRows())

    def _tell_selection(self) -> None:
        self._told = tuple(self._model.entry(row).object_id for row in self._selected_rows())
        self.intent.emit(SelectObjects(self._told))

    def _mark(self, objects: tuple[ObjectId, ...]) -> None:
        selection = self._view.selectionModel()
        selection.blockSignals(True)
        selection.clearSelection()
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for row in self._model.rows_of(objects):
            selection.select(self._model.index(row, 0), flags)
        selection.blockSignals(False)
        self._view.viewport().update()

    def _apply_filter(self, text: str) -> None:
        self._model.set_filter(text)
        self._mark(self._told)
        self._show_counts()

    def _show_counts(self) -> None:
        shown, total = self._model.rowCount(), self._model.total
        self._count.setText(str(total) if shown == total else tr("{shown} of {total}", shown=shown, total=total))
        self._filter.setVisible(total > 0)
        self._count.setVisible(total > 0)
        self._pages.setCurrentWidget(self._view if total else self._empty)
