"""The settings (Ctrl+,): sections on the left, a search over all of them, everything applied at once."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from sam2_annotator.ui.actions.action_set import ActionSet
from sam2_annotator.ui.dialogs.base import PlainDialog
from sam2_annotator.ui.dialogs.keys_page import KeysPage
from sam2_annotator.ui.dialogs.settings_row import SettingRow
from sam2_annotator.ui.dialogs.settings_table import SettingEntry, sections
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.live_settings import LiveSettings, SettingsChange
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import FilterField, describe, set_role, text_label

_SECTION_HEIGHT = 30


class SettingsDialog(PlainDialog):
    """Shows and changes a LiveSettings. `model_requested` asks for the dialog of models."""

    model_requested = Signal()

    def __init__(
        self,
        theme: Theme,
        live: LiveSettings,
        actions: ActionSet,
        languages: tuple[tuple[str, str], ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("settingsDialog", tr("Settings"), parent)
        self._theme = theme
        self._live = live
        self._rows: list[SettingRow] = []
        self._pages: list[list[SettingRow]] = []
        self._search = FilterField(theme, "settingsSearch", tr("Search settings"), tr("part of a setting or a command"))
        self._list = QListWidget()
        describe(self._list, "settingsSections", tr("Sections"))
        self._list.setFixedWidth(180)
        self._stack = QStackedWidget()
        self._none = text_label(tr("No setting is called that."), "muted")
        self._none.setObjectName("settingsNone")
        self._none.hide()
        for title, entries in sections(languages):
            self._add_page(title, entries)
        self.keys = KeysPage(theme, live, actions)
        self._list.addItem(_section(tr("Keys")))
        self._stack.addWidget(self.keys)
        below = QHBoxLayout()
        below.setSpacing(12)
        below.addWidget(self._list)
        below.addWidget(self._stack, 1)
        self.body.addWidget(self._search)
        self.body.addWidget(self._none)
        self.body.addLayout(below, 1)
        self.add_button("settingsClose", tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self._list.currentRowChanged.connect(self._stack.setCurrentIndex)
        self._list.setCurrentRow(0)
        self._search.textChanged.connect(self._filter)
        live.changed.connect(self._on_settings)
        self.resize(QSize(860, 600))
        self._search.setFocus()

    def show_keys(self) -> None:
        """Turn to the page of keys."""
        self._list.setCurrentRow(self._list.count() - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes a question first."""
        if event.key() != Qt.Key.Key_Escape or not self.keys.withdraw_question():
            super().keyPressEvent(event)

    @property
    def visible_settings(self) -> tuple[str, ...]:
        """Names of the settings that pass the search, on all pages."""
        return tuple(row.entry.name for row in self._rows if not row.isHidden())

    def _add_page(self, title: str, entries: tuple[SettingEntry, ...]) -> None:
        page = QWidget()
        set_role(page, "panel")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        rows = []
        for entry in entries:
            row = SettingRow(self._theme, entry, getattr(self._live.now, entry.name))
            row.changed.connect(self._change)
            row.model_requested.connect(self.model_requested)
            layout.addWidget(row)
            rows.append(row)
        layout.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        self._list.addItem(_section(title))
        self._stack.addWidget(area)
        self._rows += rows
        self._pages.append(rows)

    @Slot(str, object)
    def _change(self, name: str, value: object) -> None:
        assert isinstance(value, bool | int | float | str)
        self._live.change({name: value})

    @Slot(object)
    def _on_settings(self, change: SettingsChange) -> None:
        for row in self._rows:
            if row.entry.name in change.names:
                row.show_value(getattr(self._live.now, row.entry.name))

    def _filter(self, text: str) -> None:
        """Sections without a hit are put aside; the first one with a hit is shown."""
        words = text.casefold().split()
        for row in self._rows:
            row.setVisible(row.fits(words))
        hits = [any(not row.isHidden() for row in rows) for rows in self._pages]
        hits.append(self.keys.filter_by(text) > 0)
        for place, hit in enumerate(hits):
            self._list.item(place).setHidden(not hit)
        self._none.setVisible(not any(hits))
        self._stack.setVisible(any(hits))
        if any(hits) and not hits[self._list.currentRow()]:
            self._list.setCurrentRow(hits.index(True))


def _section(title: str) -> QListWidgetItem:
    item = QListWidgetItem(title)
    item.setSizeHint(QSize(0, _SECTION_HEIGHT))
    return item
