"""Settings > Keys: which key each command has, changed by pressing the new one (FOC-6)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from sam2_annotator.ui.actions.action import Action, Scope, group_title
from sam2_annotator.ui.actions.action_set import ActionSet, native
from sam2_annotator.ui.actions.keymap import Keys, changes_from, key_map, portable, refusal, with_keys
from sam2_annotator.ui.dialogs.key_catcher import KeyCatcher
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.live_settings import LiveSettings, SettingsChange
from sam2_annotator.ui.theme.fields import ChoiceField
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import describe, row_layout, text_label

_ID = Qt.ItemDataRole.UserRole


class KeysPage(QWidget):
    """The table of commands with their keys, and what can be done with the marked one."""

    def __init__(self, theme: Theme, live: LiveSettings, actions: ActionSet) -> None:
        super().__init__()
        self.setObjectName("keysPage")
        self._live = live
        self._actions = actions
        self._rows: dict[str, QTreeWidgetItem] = {}
        self._asked: tuple[str, str, Keys] | None = None  # key, command, and its keys with that one
        self._headings: list[QTreeWidgetItem] = []
        self._table = self._make_table()
        self._preset = self._make_preset()
        self._change = KeyCatcher("keyChange", tr("Change…"), tr("takes the next key you press for the command"))
        self._add = KeyCatcher("keyAdd", tr("Add…"), tr("gives the command one more key"))
        self._find = KeyCatcher("keyFind", tr("Find by key…"), tr("marks the command that has the key you press"))
        self._none = _button("keyNone", tr("No key"), tr("leaves the command without a key"))
        self._reset = _button("keyReset", tr("Reset"), tr("gives the command the keys of the preset"))
        self._reset_all = _button("keyResetAll", tr("Reset all"), tr("gives all commands the keys of the preset"))
        self._question = QLabel()
        self._question.setWordWrap(True)
        self._question.setTextFormat(Qt.TextFormat.PlainText)
        self._question.setObjectName("keyQuestion")
        self._yes = _button("keyTake", tr("Take it"), tr("takes the key from the other command"))
        self._no = _button("keyLeave", tr("Leave it"), tr("changes nothing"))
        self._lay_out()
        self._change.caught.connect(lambda key: self._wish(key, more=False))
        self._add.caught.connect(lambda key: self._wish(key, more=True))
        self._find.caught.connect(self._find_key)
        self._none.clicked.connect(lambda: self._give(self.command, ()))
        self._reset.clicked.connect(self._reset_one)
        self._reset_all.clicked.connect(lambda: self._live.change({"keys": ()}))
        self._yes.clicked.connect(self._take)
        self._no.clicked.connect(self._leave)
        self._table.currentItemChanged.connect(self._show_command)
        self._table.itemActivated.connect(self._change.listen)
        live.changed.connect(self._on_settings)
        self._ask(None)
        self._fill()
        self._mark(actions.entries[0].id)

    @property
    def command(self) -> str:
        """The marked command."""
        item = self._table.currentItem()
        return "" if item is None else str(item.data(0, _ID) or "")

    def filter_by(self, text: str) -> int:
        """Show the commands whose name or key has all these words; how many they are."""
        words = text.casefold().split()
        count = 0
        for command, row in self._rows.items():
            group = row.parent()
            said = f"{group.text(0) if group is not None else ''} {row.text(0)} {row.text(1)} {command}".casefold()
            row.setHidden(not all(word in said for word in words))
            count += not row.isHidden()
        for heading in self._headings:
            rows = (row for row in self._rows.values() if row.parent() is heading)
            heading.setHidden(all(row.isHidden() for row in rows))
        return count

    def withdraw_question(self) -> bool:
        """Leave everything as it is; False when nothing is asked."""
        asked = self._asked is not None
        if asked:
            self._leave()
        return asked

    # ------------------------------------------------------------------------------------------------- looks

    def _make_table(self) -> QTreeWidget:
        table = QTreeWidget()
        describe(table, "keysPageTable", tr("Commands and keys"))
        table.setHeaderLabels([tr("Command"), tr("Keys")])
        table.header().setStretchLastSection(False)
        table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        table.setRootIsDecorated(False)
        table.setItemsExpandable(False)
        groups: dict[object, QTreeWidgetItem] = {}
        for entry in self._actions.entries:
            if entry.group not in groups:
                heading = groups[entry.group] = QTreeWidgetItem(table, [group_title(entry.group).replace("&", "")])
                heading.setFlags(Qt.ItemFlag.ItemIsEnabled)
                self._headings.append(heading)
            row = QTreeWidgetItem(groups[entry.group], [entry.title])
            row.setData(0, _ID, entry.id)
            row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._rows[entry.id] = row
        table.expandAll()
        return table

    def _make_preset(self) -> ChoiceField:
        field = ChoiceField()
        describe(field, "keyPreset", tr("Preset"), what=tr("keys to begin with; drops keys of your own"))
        for name, title in (("default", tr("Default")), ("labelme", tr("Like labelme")), ("cvat", tr("Like CVAT"))):
            field.addItem(title, name)
        field.setCurrentIndex(field.findData(self._live.now.key_preset))
        field.activated.connect(lambda index: self._live.change({"key_preset": field.itemData(index), "keys": ()}))
        return field

    def _lay_out(self) -> None:
        above, below, asked = row_layout(spacing=8), row_layout(spacing=6), row_layout(spacing=6)
        above.addWidget(text_label(tr("Preset")))
        above.addWidget(self._preset)
        above.addStretch(1)
        above.addWidget(self._find)
        for button in (self._change, self._add, self._none, self._reset):
            below.addWidget(button)
        below.addStretch(1)
        below.addWidget(self._reset_all)
        asked.addWidget(self._question, 1)
        asked.addWidget(self._yes)
        asked.addWidget(self._no)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(above)
        layout.addWidget(self._table, 1)
        layout.addLayout(asked)
        layout.addLayout(below)

    @Slot(object)
    def _on_settings(self, change: SettingsChange) -> None:
        if change.concerns("keys", "key_preset"):
            self._preset.setCurrentIndex(self._preset.findData(self._live.now.key_preset))
            self._ask(None)
            self._fill()

    def _fill(self) -> None:
        """Keys of all commands; a dot marks those that are not the preset's."""
        keys, own = self._keys(), dict(self._live.now.keys)
        for entry in self._actions.entries:
            row = self._rows[entry.id]
            row.setText(0, f"{entry.title} •" if entry.id in own else entry.title)
            row.setText(1, tr(" or ").join(map(native, keys[entry.id])))
        self._show_command()

    def _show_command(self) -> None:
        entry = self._entry()
        can = entry is not None and entry.scope is not Scope.CANVAS_OWN
        for button in (self._change, self._add, self._none):
            button.setEnabled(can)
        self._reset.setEnabled(can and self.command in dict(self._live.now.keys))
        self._reset_all.setEnabled(bool(self._live.now.keys))

    def _mark(self, command: str) -> None:
        self._table.setCurrentItem(self._rows[command])

    def _entry(self) -> Action | None:
        return next((entry for entry in self._actions.entries if entry.id == self.command), None)

    # ---------------------------------------------------------------------------------------------- changing

    def _keys(self) -> dict[str, Keys]:
        now, actions = self._live.now, self._actions
        return dict(key_map(actions.entries, actions.platform, now.key_preset, now.keys).keys)

    def _wish(self, key: str, *, more: bool) -> None:
        """A key was pressed for the marked command: give it, say why not, or ask when it is another's."""
        command, keys = self.command, self._keys()
        why = refusal(key, self._actions.platform)
        if why:
            self._ask(None, tr("{key} cannot be used: {why}", key=native(portable(key)) or key, why=why))
            return
        wanted = tuple(dict.fromkeys((*keys[command], key) if more else (key, *keys[command][1:])))
        owner = next((other for other, owned in keys.items() if key in owned and other != command), None)
        if owner is None:
            self._give(command, wanted)
            return
        told = tr(
            "{key} belongs to “{other}”. Take it for “{command}”?",
            key=native(key),
            other=self._actions.entry(owner).title,
            command=self._actions.entry(command).title,
        )
        self._ask((key, command, wanted), told)

    def _give(self, command: str, wanted: Keys) -> None:
        self._ask(None)
        now, actions = self._live.now, self._actions
        after = with_keys(self._keys(), command, wanted)
        self._live.change({"keys": changes_from(actions.entries, actions.platform, now.key_preset, after)})

    def _ask(self, asked: tuple[str, str, Keys] | None, text: str = "") -> None:
        self._asked = asked
        self._question.setText(text)
        self._question.setVisible(bool(text))
        self._yes.setVisible(asked is not None)
        self._no.setVisible(asked is not None)
        if asked is not None:
            self._no.setFocus()

    @Slot()
    def _leave(self) -> None:
        self._ask(None)
        self._table.setFocus()

    @Slot()
    def _take(self) -> None:
        if self._asked is not None:
            _, command, wanted = self._asked
            self._give(command, wanted)
            self._mark(command)

    @Slot()
    def _reset_one(self) -> None:
        """The preset's keys come back, also from a command that has one of them meanwhile."""
        actions, now = self._actions, self._live.now
        self._give(self.command, key_map(actions.entries, actions.platform, now.key_preset, ()).keys[self.command])

    def _find_key(self, key: str) -> None:
        owner = next((command for command, keys in self._keys().items() if key in keys), None)
        if owner is None:
            self._ask(None, tr("No command has {key}.", key=native(key)))
        else:
            self._ask(None)
            self.filter_by("")
            self._mark(owner)
            self._table.scrollToItem(self._rows[owner])


def _button(object_name: str, title: str, what: str) -> QPushButton:
    button = QPushButton(title)
    describe(button, object_name, title, what=what)
    button.setAutoDefault(False)
    return button
