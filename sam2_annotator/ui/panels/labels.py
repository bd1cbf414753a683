"""The Labels tab: the labels of the project, and which one new objects get (OBJ-3)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from sam2_annotator.doc.commands import AddLabel
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.labels.entries import LabelEntry
from sam2_annotator.ui.labels.label_list import LabelList
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import FilterField, TextField, describe, set_role, text_label
from sam2_annotator.values.ids import LabelId
from sam2_annotator.values.intents import SetLabel

_FILTER_FROM = 11


class LabelsPanel(QWidget):
    """List of labels; choosing one emits SetLabel(name), editing the commands that change it."""

    intent = Signal(object)
    focus_released = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("labels")
        self.setAccessibleName(tr("Labels"))
        set_role(self, "panel")
        self._filter = FilterField(theme, "labelsFilter", tr("Filter labels"), tr("part of a name"))
        self._list = LabelList("labelsList", theme, chooses=True)
        self._field = TextField(for_many=True)
        describe(self._field, "labelField", tr("New label"), what=tr("type a name, Enter makes the label"))
        self._field.setPlaceholderText(tr("New label: type a name, then Enter"))
        self._pages = QStackedWidget()
        self._lay_out()
        self._list.chosen.connect(self._choose)
        self._list.wish.connect(self.intent)
        self._field.committed.connect(self._add)
        self._filter.textChanged.connect(self._list.set_filter)
        for giver in (self._field.released, self._filter.released, self._list.focus_released):
            giver.connect(self.focus_released)

    def _lay_out(self) -> None:
        empty = text_label(tr("Type a name to make the first label."), "muted")
        empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        empty.setWordWrap(True)
        self._pages.addWidget(empty)
        self._pages.addWidget(self._list)
        top = QVBoxLayout()
        top.setContentsMargins(8, 8, 8, 6)
        top.setSpacing(6)
        top.addWidget(self._field)
        top.addWidget(self._filter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self._pages, 1)

    def set_rows(self, rows: tuple[LabelEntry, ...], current: LabelId | None) -> None:
        """Show these labels; `current` is the one new objects get, None for unlabelled."""
        self._list.set_entries(rows, current)
        self._pages.setCurrentIndex(1 if rows else 0)
        wanted = len(rows) >= _FILTER_FROM
        if not wanted:
            self._filter.clear()
        self._filter.setVisible(wanted)

    def _choose(self, entry: LabelEntry) -> None:
        self.intent.emit(SetLabel(entry.name))
        self.focus_released.emit()

    def _add(self, text: str) -> None:
        if text.strip():
            self.intent.emit(AddLabel(text))
