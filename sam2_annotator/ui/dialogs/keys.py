"""The key sheet (F1)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from sam2_annotator.ui.dialogs.base import PlainDialog
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import FilterField, describe


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One command: the group it is listed under, its title and its keys as shown ("Ctrl+Z")."""

    group: str
    title: str
    keys: tuple[str, ...]


class KeysDialog(PlainDialog):
    """All commands and their keys, with a filter."""

    def __init__(self, theme: Theme, entries: tuple[KeyEntry, ...], parent: QWidget | None = None) -> None:
        super().__init__("keysDialog", tr("Keys"), parent)
        self._filter = FilterField(theme, "keysFilter", tr("Filter keys"), tr("part of a command or a key"))
        self._rows: list[tuple[QTreeWidgetItem, QTreeWidgetItem]] = []
        self._table = QTreeWidget()
        describe(self._table, "keysTable", tr("Commands and keys"))
        self._table.setHeaderLabels([tr("Command"), tr("Keys")])
        self._table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self._table.header().setStretchLastSection(False)
        self._table.setItemsExpandable(False)
        self._table.setRootIsDecorated(False)
        self._fill(entries)
        self.body.addWidget(self._filter)
        self.body.addWidget(self._table, 1)
        self.add_button("keysClose", tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self._filter.textChanged.connect(self._apply_filter)
        self.resize(480, 560)

    def _fill(self, entries: tuple[KeyEntry, ...]) -> None:
        groups: dict[str, QTreeWidgetItem] = {}
        for entry in entries:
            if entry.group not in groups:
                groups[entry.group] = self._heading(entry.group)
            row = QTreeWidgetItem(groups[entry.group], [entry.title, tr(" or ").join(entry.keys)])
            row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._rows.append((groups[entry.group], row))
        self._table.expandAll()

    def _heading(self, title: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self._table, [title])
        font = item.font(0)
        font.setBold(True)
        item.setFont(0, font)
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        return item

    def _apply_filter(self, text: str) -> None:
        words = text.lower().split()
        for group, _ in self._rows:
            group.setHidden(True)
        for group, row in self._rows:
            said = f"{row.text(0)} {row.text(1)}".lower()
            passes = all(word in said for word in words)
            row.setHidden(not passes)
            if passes:
                group.setHidden(False)
