"""The items of the project: pictures, clips, folders of frames (FIL-1)."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import (
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.panels.file_entries import FileEntry, FileState
from sam2_annotator.ui.panels.files_model import NAME, FilesModel
from sam2_annotator.ui.panels.files_view import FilesView
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import (
    FilterField,
    describe,
    icon_button,
    row_layout,
    set_role,
    text_label,
)
from sam2_annotator.values.ids import ItemId
from sam2_annotator.values.intents import AddPaths, CopyPaths, FilesAction, GoToItem, RemoveItems, RevealItem

__all__ = ["FileEntry", "FileState", "FilesPanel"]


class FilesPanel(QWidget):
    """List of items in natural order with what is done of them. Choosing one emits GoToItem, dropping files on it
    AddPaths."""

    intent = Signal(object)
    focus_released = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("files")
        self.setAccessibleName(tr("Files"))
        self.setAcceptDrops(True)
        set_role(self, "panel")
        self._theme = theme
        self._current: ItemId | None = None
        self.model = FilesModel(theme, self)
        self._view = FilesView(self.model, tr("Files"))
        self._filter = FilterField(
            theme,
            "filesFilter",
            tr("Filter files"),
            tr("parts of the name, or state:started, label:cat, flag:blurred"),
            key="Ctrl+F",
        )
        self._totals = text_label("", "muted")
        self._totals.setObjectName("filesTotals")
        self._empty = text_label("", "muted")
        self._empty_button = QPushButton()
        self._pages = QStackedWidget()
        self._lay_out()
        self._filter.textChanged.connect(self._apply_filter)
        self._filter.released.connect(self.focus_released)
        self._view.selectionModel().selectionChanged.connect(self._go)
        self._view.customContextMenuRequested.connect(self._show_menu)
        self._view.remove_wanted.connect(self._remove_chosen)
        self._view.focus_released.connect(self.focus_released)
        self._empty_button.clicked.connect(self._leave_empty)
        for signal in (self.model.rowsInserted, self.model.rowsRemoved, self.model.modelReset):
            signal.connect(self._mark)
        self.model.totals_changed.connect(self._show_totals)
        theme.changed.connect(self._view.viewport().update)
        self._show_totals()

    def _lay_out(self) -> None:
        more = icon_button(
            self._theme, "plus", "filesMore", tr("Add or refresh"), what=tr("add pictures, clips or folders")
        )
        menu = QMenu(more)
        for title, wish in (
            (tr("Add pictures or video…"), FilesAction.ADD_FILES),
            (tr("Add folder…"), FilesAction.ADD_FOLDER),
            (tr("Refresh list"), FilesAction.REFRESH),
        ):
            menu.addAction(title).triggered.connect(lambda _=False, wish=wish: self.intent.emit(wish))
        more.setMenu(menu)
        more.setPopupMode(more.ToolButtonPopupMode.InstantPopup)
        top = row_layout(margins=(8, 8, 6, 4))
        top.addWidget(self._filter, 1)
        top.addWidget(more)
        foot = row_layout(margins=(10, 4, 10, 6))
        foot.addWidget(self._totals, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self._pages, 1)
        layout.addLayout(foot)
        self._pages.addWidget(self._view)
        self._pages.addWidget(self._make_empty_page())

    def _make_empty_page(self) -> QWidget:
        page = QWidget()
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self._empty.setObjectName("filesEmpty")
        describe(self._empty_button, "filesEmptyButton", tr("Show all files"))
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 16)
        column.addStretch(1)
        column.addWidget(self._empty)
        column.addWidget(self._empty_button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(2)
        return page

    # -------------------------------------------------------------------------------------------- showing

    def set_current(self, item: ItemId | None) -> None:
        """Mark the shown item; emits nothing."""
        self._current = item
        self._mark()

    def focus_filter(self) -> None:
        """Put the caret into the filter box (Ctrl+F)."""
        self._filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._filter.selectAll()

    def visible_items(self) -> tuple[ItemId, ...]:
        """The items whose rows are on the screen."""
        count = self.model.rowCount()
        first = self._view.indexAt(QPoint(0, 0)).row()
        last = self._view.indexAt(QPoint(0, self._view.viewport().height() - 1)).row()
        last = count - 1 if last < 0 else last
        return tuple(self.model.entry(row).item for row in range(max(first, 0), last + 1))

    def _apply_filter(self, text: str) -> None:
        self.model.set_filter(text)
        self._show_totals()

    def _show_totals(self) -> None:
        shown, total = self.model.rowCount(), self.model.total
        confirmed = self.model.count(FileState.CONFIRMED)
        words = tr("{confirmed} of {total} confirmed", confirmed=f"{confirmed:,}", total=f"{total:,}")
        if shown != total:
            words += " · " + tr("{shown} shown", shown=f"{shown:,}")
        self._totals.setText(words if total else "")
        self._pages.setCurrentIndex(0 if shown else 1)
        if not shown:
            self._show_why_empty(total)

    def _show_why_empty(self, total: int) -> None:
        if total:
            self._empty.setText(tr("No file matches “{text}”.", text=self._filter.text().strip()))
            self._empty_button.setText(tr("Show all files"))
        else:
            self._empty.setText(tr("No files. Drop pictures, clips or a folder here."))
            self._empty_button.setText(tr("Add pictures or video…"))

    def _leave_empty(self) -> None:
        if self.model.total:
            self._filter.clear()
        else:
            self.intent.emit(FilesAction.ADD_FILES)

    def _mark(self) -> None:
        row = None if self._current is None else self.model.row_of(self._current)
        if row == self._view.currentIndex().row() and row is not None:
            return
        index = QModelIndex() if row is None else self.model.index(row, NAME)
        selection = self._view.selectionModel()
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        selection.blockSignals(True)
        selection.setCurrentIndex(index, flags)
        selection.blockSignals(False)
        self._view.viewport().update()
        if row is not None:
            self._view.scrollTo(index)

    # --------------------------------------------------------------------------------------------- wishing

    def _go(self) -> None:
        """A plain click or arrow goes there; with Shift or Ctrl several rows are only chosen."""
        chosen = self._chosen()
        if len(chosen) == 1 and chosen[0] != self._current:
            self._current = chosen[0]
            self.intent.emit(GoToItem(self._current))

    def _chosen(self) -> tuple[ItemId, ...]:
        rows = sorted(index.row() for index in self._view.selectionModel().selectedRows())
        return tuple(self.model.entry(row).item for row in rows)

    def _remove_chosen(self) -> None:
        chosen = self._chosen()
        if chosen:
            self.intent.emit(RemoveItems(chosen))

    def _show_menu(self, at: QPoint) -> None:
        menu = self.menu()
        if menu is not None:
            menu.popup(self._view.viewport().mapToGlobal(at))

    def menu(self) -> QMenu | None:
        """What can be done with the chosen rows, None when there are none."""
        chosen = self._chosen()
        if not chosen:
            return None
        menu = QMenu(self)
        menu.setObjectName("filesMenu")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, title, wish in (
            ("reveal", tr("Show in file manager"), RevealItem(chosen[0])),
            ("copy", tr("Copy path"), CopyPaths(chosen)),
            ("remove", tr("Remove from project"), RemoveItems(chosen)),
        ):
            action = menu.addAction(title)
            action.setObjectName(f"filesMenu.{name}")
            action.triggered.connect(lambda _=False, wish=wish: self.intent.emit(wish))
        return menu

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files dropped here join the project."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Anywhere on the panel."""
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Files dropped here join the project."""
        paths = tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        if paths:
            event.acceptProposedAction()
            self.intent.emit(AddPaths(paths))
