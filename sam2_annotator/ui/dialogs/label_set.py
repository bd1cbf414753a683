"""The label set editor (Edit > Label set…): labels on the left, what is asked of their objects on the right.

Every change is applied at once and can be undone; closing keeps them all.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialogButtonBox, QFormLayout, QPushButton, QVBoxLayout, QWidget

from sam2_annotator.doc.commands import AddLabel, SetDefaultLabel
from sam2_annotator.doc.rows import AttributeRow
from sam2_annotator.ui.actions.action import LabelAction
from sam2_annotator.ui.dialogs.attributes_page import AttributesPage
from sam2_annotator.ui.dialogs.base import PlainDialog
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.labels.entries import LabelEntry
from sam2_annotator.ui.labels.label_list import LabelList
from sam2_annotator.ui.notices import Notice
from sam2_annotator.ui.theme.fields import ChoiceField
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import (
    FilterField,
    TextField,
    describe,
    row_layout,
    separator,
    text_label,
)
from sam2_annotator.values.ids import LabelId
from sam2_annotator.values.intents import DocumentAction

_FILTER_FROM = 11


class LabelSetDialog(PlainDialog):
    """`wish` carries changes, undo, and the requests for a file."""

    wish = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("labelSetDialog", tr("Label set"), parent)
        self._attributes: tuple[AttributeRow, ...] = ()
        self._every = False  # the attributes of every label were asked for
        self._filter = FilterField(theme, "labelSetFilter", tr("Filter labels"), tr("part of a name"))
        self._list = LabelList("labelSetList", theme, chooses=False)
        self._list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._field = TextField(for_many=True)
        describe(self._field, "labelSetField", tr("New label"), what=tr("type a name, Enter makes the label"))
        self._field.setPlaceholderText(tr("New label: type a name, then Enter"))
        self._default = ChoiceField()
        describe(
            self._default, "labelSetDefault", tr("New objects get"), what=tr("this label when the project is opened")
        )
        self._scope = ChoiceField()
        describe(self._scope, "labelSetScope", tr("Attributes of"))
        self._page = AttributesPage(theme)
        self._empty = text_label(tr("Type a name to make the first label."), "muted")
        self._message = text_label("", "muted")
        self._message.setObjectName("labelSetMessage")
        self._message.setWordWrap(True)
        self._lay_out()
        self._connect()
        self._add_buttons()
        self.resize(760, 560)
        self._field.setFocus()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(6)
        default = QFormLayout()
        default.addRow(tr("New objects get"), self._default)
        for widget in (self._field, self._empty, self._filter):
            left.addWidget(widget)
        left.addWidget(self._list, 1)
        left.addLayout(default)
        right = QVBoxLayout()
        right.setSpacing(6)
        scope = QFormLayout()
        scope.addRow(tr("Attributes of"), self._scope)
        right.addLayout(scope)
        right.addWidget(self._page, 1)
        columns = row_layout(spacing=16)
        columns.addLayout(left, 1)
        columns.addWidget(separator(upright=True))
        columns.addLayout(right, 1)
        self.body.addLayout(columns, 1)
        self.body.addWidget(self._message)

    def _connect(self) -> None:
        self._filter.textChanged.connect(self._list.set_filter)
        self._field.committed.connect(self._add)
        self._list.wish.connect(self.wish)
        self._list.focus_released.connect(self._list.setFocus)
        self._list.selectionModel().selectionChanged.connect(self._show_label)
        self._default.activated.connect(lambda: self.wish.emit(SetDefaultLabel(self._default.currentData())))
        self._scope.activated.connect(self._choose_scope)
        self._page.wish.connect(self.wish)
        for keys, action in (
            (QKeySequence.StandardKey.Undo, DocumentAction.UNDO),
            (QKeySequence.StandardKey.Redo, DocumentAction.REDO),
        ):
            QShortcut(keys, self, lambda taken=action: self.wish.emit(taken))

    def _add_buttons(self) -> None:
        for name, title, wish in (
            ("labelSetImport", tr("Import…"), LabelAction.IMPORT_LABELS),
            ("labelSetExport", tr("Export…"), LabelAction.EXPORT_LABELS),
        ):
            button: QPushButton = self.add_button(name, title, QDialogButtonBox.ButtonRole.ActionRole)
            button.setAutoDefault(False)
            button.clicked.connect(partial(self._ask, wish))
        self.add_button("labelSetClose", tr("Close"), QDialogButtonBox.ButtonRole.RejectRole).setAutoDefault(False)

    def set_labels(self, entries: tuple[LabelEntry, ...], *, default: LabelId | None) -> None:
        """Show these labels; `default` is the one new objects begin with, None for the one used last."""
        self._list.set_entries(entries, default)
        if self._list.selected is None and entries:
            self._list.select(entries[0].label)
        self._empty.setVisible(not entries)
        self._filter.setVisible(len(entries) >= _FILTER_FROM)
        with QSignalBlocker(self._default):
            self._default.clear()
            self._default.addItem(tr("the label used last"), None)
            for entry in entries:
                self._default.addItem(entry.name, entry.label)
            self._default.setCurrentIndex(max(0, self._default.findData(default)))
        self._show_label()

    def set_attributes(self, rows: tuple[AttributeRow, ...]) -> None:
        """Show these definitions, of all labels."""
        self._attributes = rows
        self._show_attributes()

    @Slot(object)
    def show_notice(self, notice: Notice) -> None:
        """Say what the window would say, which lies behind."""
        self._message.setText(notice.text)

    def done(self, result: int) -> None:
        """Close; what is being typed is taken over first."""
        self._page.commit()
        super().done(result)

    def _show_label(self) -> None:
        """The attributes of the selected label, unless those of every label were asked for."""
        entry = self._list.selected
        with QSignalBlocker(self._scope):
            self._scope.clear()
            if entry is not None:
                self._scope.addItem(entry.name, entry.label)
            self._scope.addItem(tr("objects of every label"), None)
            self._scope.setCurrentIndex(self._scope.count() - 1 if self._every else 0)
        self._show_attributes()

    def _choose_scope(self) -> None:
        self._every = self._scope.currentData() is None
        self._show_attributes()

    def _show_attributes(self) -> None:
        label: LabelId | None = self._scope.currentData()
        self._page.set_rows(label, tuple(row for row in self._attributes if row.label == label))

    def _ask(self, wish: LabelAction, checked: bool = False) -> None:
        self.wish.emit(wish)

    def _add(self, text: str) -> None:
        if text.strip():
            self.wish.emit(AddLabel(text))
