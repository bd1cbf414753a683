"""The objects of the shown frame (OBJ-5)."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QActionGroup, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QMenu,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.panels.objects_delegate import PICTURE, LabelDelegate, PictureDelegate
from sam2_annotator.ui.panels.objects_entry import ObjectEntry, SortBy, sort_title
from sam2_annotator.ui.panels.objects_model import Column, ObjectsModel
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import (
    FilterField,
    RowView,
    icon_button,
    row_layout,
    set_role,
    text_label,
)
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.intents import SelectObjects, SetLabel, SetLocked, SetVisible
from sam2_annotator.values.object_intents import CentreObject, PlaceOver, ShowOnly

__all__ = ["ObjectEntry", "ObjectsPanel"]

_BUTTONS = (Column.VISIBLE, Column.LOCKED)


class ObjectsPanel(QWidget):
    """List of objects with eye and lock. Emits SelectObjects, CentreObject, SetLabel, SetVisible, ShowOnly, SetLocked,
    PlaceOver. `picture_missing` carries the entry of a row that is drawn without its picture."""

    intent = Signal(object)
    focus_released = Signal()
    menu_requested = Signal(QPoint)
    picture_missing = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("objects")
        self.setAccessibleName(tr("Objects"))
        set_role(self, "panel")
        self._told: tuple[ObjectId, ...] = ()
        self._model = ObjectsModel(theme, self)
        self._view = self._make_view()
        self._delegate = LabelDelegate(self._view)
        self._view.setItemDelegateForColumn(Column.LABEL, self._delegate)
        self._view.setItemDelegateForColumn(Column.PICTURE, PictureDelegate(self._view))
        self._filter = FilterField(
            theme,
            "objectsFilter",
            tr("Filter objects"),
            tr("words of the label, a number, label:cat, state:key, area<100 or area>100"),
        )
        self._count = text_label("", "muted")
        self._count.setObjectName("objectsCount")
        self._sort = self._make_sort(theme)
        self._empty = text_label("", "muted")
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect(theme)
        self._show_counts()

    def _make_view(self) -> RowView:
        view = RowView("objectsList", tr("Objects"), buttons=_BUTTONS)
        view.setModel(self._model)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setDefaultDropAction(Qt.DropAction.MoveAction)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header = view.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.LABEL, QHeaderView.ResizeMode.Stretch)
        for column, width in (
            (Column.PICTURE, PICTURE.width() + 8),
            (Column.NUMBER, view.text_width("88")),
            (Column.STATE, 24),
            (Column.AREA, view.text_width("88.8 k")),
            (Column.VISIBLE, 26),
            (Column.LOCKED, 26),
        ):
            header.resizeSection(column, width)
        return view

    def _make_sort(self, theme: Theme) -> QToolButton:
        button = icon_button(theme, "sort", "objectsSort", tr("Sort"), what=tr("chooses the order of the list"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.setObjectName("objectsSortMenu")
        group = QActionGroup(menu)
        for sort in SortBy:
            entry = menu.addAction(sort_title(sort))
            entry.setData(sort.value)
            entry.setCheckable(True)
            entry.setChecked(sort is SortBy.NUMBER)
            group.addAction(entry)
        group.triggered.connect(lambda entry: self._sort_by(SortBy(entry.data())))
        button.setMenu(menu)
        return button

    def _lay_out(self) -> None:
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setContentsMargins(16, 16, 16, 16)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(self._view)
        top = row_layout(margins=(8, 8, 10, 4))
        top.addWidget(self._filter, 1)
        top.addWidget(self._count)
        top.addWidget(self._sort)
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
        self._view.doubleClicked.connect(self._centre)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            enter = QShortcut(QKeySequence(key), self._view)
            enter.setContext(Qt.ShortcutContext.WidgetShortcut)
            enter.activated.connect(self.rename_selected)
        self._model.picture_missing.connect(self.picture_missing)
        self._model.dropped.connect(lambda objects, over: self.intent.emit(PlaceOver(objects, over)))
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
        """Mark these rows and bring the newest into view; emits nothing."""
        if objects != self._told:
            self._told = objects
            self._mark(objects)
            rows = self._model.rows_of(objects[-1:])
            if rows:
                self._view.scrollTo(self._model.index(rows[0], 0))

    def set_labels(self, names: tuple[str, ...]) -> None:
        """The known label names, offered while a label is typed."""
        self._delegate.names = names

    def set_pictures(self, pictures: Mapping[str, QPixmap]) -> None:
        """Small pictures by `ObjectEntry.picture`."""
        self._model.set_pictures(pictures)

    def set_lives(self, lives: Mapping[ObjectId, bytes]) -> None:
        """Where along the clip the objects are, as `Queries.lives` gives it; {} in a picture."""
        self._model.set_lives(lives)

    def listed(self) -> tuple[ObjectId, ...]:
        """The objects as shown, from the first row down."""
        return self._model.listed

    def rename_selected(self) -> None:
        """Open the label field of the first selected row."""
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
        alone = QApplication.keyboardModifiers() & Qt.KeyboardModifier.AltModifier
        if index.column() == Column.VISIBLE and alone:
            self.intent.emit(ShowOnly(objects))
        elif index.column() == Column.VISIBLE:
            self.intent.emit(SetVisible(objects, not entry.visible))
        elif index.column() == Column.LOCKED:
            self.intent.emit(SetLocked(objects, not entry.locked))

    def _centre(self, index: QModelIndex) -> None:
        if index.column() not in _BUTTONS:
            self.intent.emit(CentreObject(self._model.entry(index.row()).object_id))

    def _sort_by(self, sort: SortBy) -> None:
        self._model.set_sort(sort)
        by_stack = sort is SortBy.STACK
        mode = QAbstractItemView.DragDropMode
        self._view.setDragDropMode(mode.InternalMove if by_stack else mode.NoDragDrop)
        self._mark(self._told)

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
        flag = QItemSelectionModel.SelectionFlag
        selection.select(self._model.stretches(objects), flag.ClearAndSelect | flag.Rows)
        selection.blockSignals(False)
        self._view.viewport().update()

    def _apply_filter(self, text: str) -> None:
        self._model.set_filter(text)
        self._mark(self._told)
        self._show_counts()

    def _show_counts(self) -> None:
        shown, total = self._model.counts
        self._count.setText(str(total) if shown == total else tr("{shown} of {total}", shown=shown, total=total))
        shown, total = self._model.rowCount(), self._model.total
        for widget in (self._filter, self._count, self._sort):
            widget.setVisible(total > 0)
        nothing = tr("Click something in the picture to outline it.")
        unmatched = tr('No object matches "{words}".', words=self._filter.text().strip())
        self._empty.setText(unmatched if total else nothing)
        self._pages.setCurrentWidget(self._view if shown else self._empty)
