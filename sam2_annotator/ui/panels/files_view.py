"""The list of the files panel: a table of rows of one height, since Qt's tree asks every row anew at each change."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from sam2_annotator.ui.panels.files_model import FLAG, NAME, OBJECTS, STATE, THUMBNAIL, FilesModel
from sam2_annotator.ui.theme.widgets import describe

Index = QModelIndex | QPersistentModelIndex
_AIR = 6
_FOR_CANVAS = frozenset(
    {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Left, Qt.Key.Key_Right}
)


class _RowDelegate(QStyledItemDelegate):
    """Hovers whole rows."""

    def __init__(self, view: FilesView) -> None:
        super().__init__(view)
        self._view = view

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        over, focus = QStyle.StateFlag.State_MouseOver, QStyle.StateFlag.State_HasFocus
        option.state &= ~(over | focus)
        if index.row() == self._view.hovered:
            option.state |= over


class _PictureDelegate(_RowDelegate):
    """Small pictures of one size; a name stands where it will stand once its picture is there."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration
        option.decorationSize = THUMBNAIL


class FilesView(QTableView):
    """Rows with state, picture, name, flag and count. Delete asks for the removal of the chosen rows.

    A click gives it the keyboard, so that Delete means the row that was clicked and not an object of the canvas; keys
    of the canvas that are nothing to a list of files then go back there (FOC-2), told with `focus_released`.
    """

    remove_wanted = Signal()
    focus_released = Signal()

    def __init__(self, model: FilesModel, name: str) -> None:
        super().__init__()
        describe(self, "filesList", name)
        self.hovered = -1
        self._is_clicked = False  # the keyboard came by the mouse, not by Tab
        self.setModel(model)
        self.setItemDelegate(_RowDelegate(self))
        self.setItemDelegateForColumn(NAME, _PictureDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setIconSize(QSize(16, 16))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._set_up_headers()

    def _set_up_headers(self) -> None:
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(max(THUMBNAIL.height(), self.fontMetrics().height()) + _AIR)
        columns.hide()
        columns.setMinimumSectionSize(16)
        columns.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        columns.resizeSection(STATE, 28)
        columns.resizeSection(FLAG, 22)
        columns.resizeSection(OBJECTS, self.fontMetrics().horizontalAdvance("8,888") + 4 * _AIR)

    def keyboardSearch(self, search: str, /) -> None:
        """Letters are commands of the window, so lists have no type-to-search (FOC-3)."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Note how the keyboard came."""
        self._is_clicked = event.reason() == Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)

    def event(self, event: QEvent) -> bool:
        """Hand a key of the canvas over before anybody has taken it."""
        if event.type() == QEvent.Type.ShortcutOverride and self._is_clicked and _is_for_canvas(event):
            self.focus_released.emit()
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the rows leaves the shown one marked."""
        if self.indexAt(event.position().toPoint()).isValid():
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_wanted.emit()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Note the row under the pointer."""
        self._hover(self.rowAt(event.position().toPoint().y()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """No row is under the pointer."""
        self._hover(-1)
        super().leaveEvent(event)

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()


def _is_for_canvas(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() in _FOR_CANVAS
