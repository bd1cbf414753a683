"""The items of the project: pictures, clips, folders of frames (FIL-1)."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QVBoxLayout, QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.panels.files_model import NAME, OBJECTS, STATE, FileEntry, FilesModel, FileState
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import FilterField, RowView, row_layout, set_role, text_label
from sam2_annotator.values.ids import ItemId
from sam2_annotator.values.intents import GoToItem

__all__ = ["FileEntry", "FileState", "FilesPanel"]


class FilesPanel(QWidget):
    """List of items in the order given; choosing one emits GoToItem."""

    intent = Signal(object)
    focus_released = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("files")
        self.setAccessibleName(tr("Files"))
        set_role(self, "panel")
        self._current: ItemId | None = None
        self._model = FilesModel(theme, self)
        self._view = self._make_view()
        self._filter = FilterField(
            theme,
            "filesFilter",
            tr("Filter files"),
            tr("parts of the name, or state:started, label:cat"),
            key="Ctrl+F",
        )
        self._count = text_label("", "muted")
        self._lay_out()
        self._filter.textChanged.connect(self._apply_filter)
        self._filter.released.connect(self.focus_released)
        self._view.selectionModel().currentRowChanged.connect(self._go)
        theme.changed.connect(self._view.viewport().update)

    def _make_view(self) -> RowView:
        view = RowView("filesList", tr("Files"))
        view.setModel(self._model)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header = view.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(STATE, 28)
        header.resizeSection(OBJECTS, view.text_width("8,888"))
        return view

    def _lay_out(self) -> None:
        top = row_layout(margins=(8, 8, 10, 4))
        top.addWidget(self._filter, 1)
        top.addWidget(self._count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self._view, 1)

    def set_rows(self, rows: tuple[FileEntry, ...]) -> None:
        """Show these items, in this order."""
        self._model.set_entries(rows)
        self._after_reset()

    def update_row(self, row: FileEntry) -> None:
        """Replace the row of the same item."""
        self._model.update_entry(row)

    def set_current(self, item: ItemId | None) -> None:
        """Mark the shown item; emits nothing."""
        self._current = item
        self._mark()

    def focus_filter(self) -> None:
        """Put the caret into the filter box (Ctrl+F)."""
        self._filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._filter.selectAll()

    def _apply_filter(self, text: str) -> None:
        self._model.set_filter(text)
        self._after_reset()

    def _after_reset(self) -> None:
        shown, total = self._model.rowCount(), self._model.total
        self._count.setText(f"{total:,}" if shown == total else tr("{shown} of {total}", shown=shown, total=total))
        self._mark()

    def _mark(self) -> None:
        row = None if self._current is None else self._model.row_of(self._current)
        index = QModelIndex() if row is None else self._model.index(row, NAME)
        selection = self._view.selectionModel()
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        selection.blockSignals(True)
        selection.setCurrentIndex(index, flags)
        selection.blockSignals(False)
        self._view.viewport().update()
        if row is not None:
            self._view.scrollTo(index)

    def _go(self, index: QModelIndex) -> None:
        if index.isValid():
            self._current = self._model.entry(index.row()).item
            self.intent.emit(GoToItem(self._current))
