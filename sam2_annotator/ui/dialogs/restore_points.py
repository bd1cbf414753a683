"""The restore points of a project: open one beside it, or go back to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QDialogButtonBox, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from sam2_annotator.ui.dialogs.base import PlainDialog
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.widgets import describe, text_label

_PATH = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class PointEntry:
    """One restore point: when it was made and its size in words, and how many objects it has, "" where that cannot be
    read."""

    path: Path
    at: str
    objects: str
    size: str


class RestorePointsDialog(PlainDialog):
    """`copy_wanted` and `return_wanted` carry the path of the chosen point."""

    copy_wanted = Signal(object)
    return_wanted = Signal(object)

    def __init__(self, entries: Sequence[PointEntry], *, may_return: bool, parent: QWidget | None = None) -> None:
        super().__init__("restorePointsDialog", tr("Restore points"), parent)
        self._points = self._make_list(entries)
        none = text_label(tr("No restore points yet. Ctrl+S makes one."), "muted")
        none.setObjectName("restorePointsEmpty")
        none.setVisible(not entries)
        self._points.setVisible(bool(entries))
        note = text_label(
            tr("Going back first keeps the project as it is now as another restore point, so nothing is lost."), "muted"
        )
        note.setWordWrap(True)
        for part in (none, self._points, note):
            self.body.addWidget(part)
        self._copy = self.add_button("restorePointsCopy", tr("Open as a copy"), QDialogButtonBox.ButtonRole.ActionRole)
        self.add_button("restorePointsClose", tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self._return = self.add_button(
            "restorePointsReturn", tr("Go back to it"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self._copy.clicked.connect(self._want_copy)
        self._return.clicked.connect(self._want_return)
        self._copy.setEnabled(bool(entries))
        self._return.setEnabled(bool(entries) and may_return)
        self.resize(440, 380)

    def _make_list(self, entries: Sequence[PointEntry]) -> QTreeWidget:
        points = QTreeWidget()
        describe(points, "restorePoints", tr("Restore points, newest first"))
        points.setHeaderLabels([tr("Made"), tr("Objects"), tr("Size")])
        points.setRootIsDecorated(False)
        points.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        points.header().setStretchLastSection(False)
        points.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            points.headerItem().setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        rows = [QTreeWidgetItem([entry.at, entry.objects, entry.size]) for entry in entries]
        for row, entry in zip(rows, entries, strict=True):
            row.setData(0, _PATH, str(entry.path))
            for column in (1, 2):
                row.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        points.addTopLevelItems(rows)
        if rows:
            points.setCurrentItem(rows[0])
        return points

    def _want_copy(self) -> None:
        self._leave(self._points.currentItem(), returning=False)

    def _want_return(self) -> None:
        self._leave(self._points.currentItem(), returning=True)

    def _leave(self, row: QTreeWidgetItem | None, *, returning: bool) -> None:
        self.accept()
        if row is not None:
            (self.return_wanted if returning else self.copy_wanted).emit(Path(str(row.data(0, _PATH))))
