"""The table as Qt actions: one QAction a command, shared by menus, tool bar and keys."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from functools import cache, partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QToolBar, QWidget

from sam2_annotator.ui.actions.action import Action, Group, Scope, group_title
from sam2_annotator.ui.actions.keymap import KeyMap, key_map
from sam2_annotator.ui.actions.table import table
from sam2_annotator.ui.theme.style import Theme

_TOOL_BAR = (
    *("tool.select", "tool.prompt", "tool.box", "tool.brush", "tool.eraser", "tool.polygon"),
    None,
    *("tool.suggest", "edit.undo", "edit.redo"),
    None,
    "file.export",
)


class ActionSet(QObject):
    """Makes and keeps the actions. `intent` carries the wish of the one that was triggered, `triggered` its id,
    `keys_changed` nothing: commands have other keys."""

    intent = Signal(object)
    triggered = Signal(str)
    keys_changed = Signal()

    def __init__(self, theme: Theme, *, platform: str = sys.platform, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._platform = platform
        self._entries = table()
        self._keys = key_map(self._entries, platform, "default", ())
        self._by_id = {entry.id: entry for entry in self._entries}
        self._actions: dict[str, QAction] = {}
        self._why_not: dict[str, str] = {}
        for entry in self._entries:
            self._make(entry, theme)

    @property
    def entries(self) -> tuple[Action, ...]:
        """The table these actions were made from."""
        return self._entries

    def __getitem__(self, action_id: str) -> QAction:
        """The action with this id. Raises KeyError."""
        return self._actions[action_id]

    @property
    def platform(self) -> str:
        """The platform whose keys are used, named as `sys.platform` does."""
        return self._platform

    @property
    def key_map(self) -> KeyMap:
        """The keys in force."""
        return self._keys

    def set_keys(self, keys: KeyMap) -> None:
        """Use these keys from now on, in menus, tooltips and everywhere."""
        if keys.keys != self._keys.keys:
            self._keys = keys
            for entry in self._entries:
                self._show_keys(entry)
            self.keys_changed.emit()

    def entry(self, action_id: str) -> Action:
        """The line of the table with this id. Raises KeyError."""
        return self._by_id[action_id]

    def keys_text(self, entry: Action) -> tuple[str, ...]:
        """Keys as this platform writes them."""
        return tuple(dict.fromkeys(map(native, self._keys.keys[entry.id])))

    def set_usable(self, action_id: str, usable: bool, why_not: str = "") -> None:
        """Enable a command, or disable it and say why."""
        self._actions[action_id].setEnabled(usable)
        self._why_not[action_id] = "" if usable else why_not

    def why_not(self, action_id: str) -> str:
        """Why a command cannot be run now, "" when that is not known or it can."""
        return self._why_not.get(action_id, "")

    def key_text(self, action_id: str) -> str:
        """The first key of a command as this platform writes it, "" when it has none."""
        keys = self._keys.keys[action_id]
        return native(keys[0]) if keys else ""

    def fill_menus(self, bar: QMenuBar) -> None:
        """One menu a group."""
        for group in Group:
            menu = bar.addMenu(group_title(group))
            menu.setObjectName(f"menu.{group.value}")
            for entry in self._entries:
                if entry.group is group and entry.in_menu:
                    self._add(menu, entry)

    def fill_menu(self, menu: QMenu, action_ids: Iterable[str | None]) -> None:
        """These commands, None for a line."""
        line = False
        for action_id in action_ids:
            if action_id is None:
                line = True
            else:
                if line:
                    menu.addSeparator()
                self._add(menu, self._by_id[action_id], lines=False)
                line = False

    def _add(self, menu: QMenu, entry: Action, *, lines: bool = True) -> None:
        """Put a command into a menu, or into its menu inside that one, which the first of them makes."""
        inner = menu
        if entry.submenu:
            name = f"{menu.objectName()}.{entry.submenu}"
            found = menu.findChild(QMenu, name, Qt.FindChildOption.FindDirectChildrenOnly)
            if not isinstance(found, QMenu):
                if lines and entry.after_line:
                    menu.addSeparator()
                found = menu.addMenu(entry.submenu)
                found.setObjectName(name)
            inner = found
        if entry.after_line and (lines or inner is not menu) and inner.actions():
            inner.addSeparator()
        inner.addAction(self._actions[entry.id])

    def fill_tool_bar(self, bar: QToolBar) -> None:
        """Tools, undo and export."""
        for action_id in _TOOL_BAR:
            if action_id is None:
                bar.addSeparator()
            else:
                bar.addAction(self._actions[action_id])
                button = bar.widgetForAction(self._actions[action_id])
                button.setObjectName(f"toolbar.{action_id}")
                button.setAccessibleName(self._actions[action_id].iconText())
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def install(self, window: QWidget, canvas: QWidget) -> None:
        """Make the keys work: most everywhere in the window, those of the canvas while it has the focus."""
        for entry in self._entries:
            (canvas if entry.scope is Scope.CANVAS else window).addAction(self._actions[entry.id])

    def _make(self, entry: Action, theme: Theme) -> None:
        action = QAction(entry.title, self)
        action.setObjectName(entry.id)
        if entry.icon:
            theme.set_icon(action, entry.icon)
            action.setIconVisibleInMenu(False)
        everywhere = entry.scope is Scope.WINDOW
        context = Qt.ShortcutContext
        action.setShortcutContext(context.WindowShortcut if everywhere else context.WidgetWithChildrenShortcut)
        action.setAutoRepeat(entry.repeats)
        if entry.checkable or (entry.group is Group.TOOLS and entry.id.startswith("tool.")):
            action.setCheckable(True)
        action.triggered.connect(partial(self._trigger, entry))
        self._actions[entry.id] = action
        self._show_keys(entry)

    def _show_keys(self, entry: Action) -> None:
        action, keys = self._actions[entry.id], self.keys_text(entry)
        tip = f"{entry.title} ({keys[0]})" if keys else entry.title
        action.setToolTip(f"{tip}: {entry.tip}" if entry.tip else tip)
        if entry.scope is Scope.CANVAS_OWN:
            action.setText(f"{entry.title}\t{keys[0]}")
        else:
            action.setShortcuts([QKeySequence(key) for key in self._keys.keys[entry.id]])

    def _trigger(self, entry: Action, checked: bool = False) -> None:
        self.triggered.emit(entry.id)
        self.intent.emit(entry.wish)


@cache  # Qt asks the translators for hundreds of names for each key it writes
def native(key: str) -> str:
    """A key by its portable name as this platform writes it."""
    text = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    return text.replace("Return", "Enter")  # what people call the large one
