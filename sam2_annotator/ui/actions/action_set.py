"""The table as Qt actions: one QAction a command, shared by menus, tool bar and keys."""

from __future__ import annotations

import sys
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenuBar, QToolBar, QWidget

from sam2_annotator.ui.actions.table import Action, Group, Scope, group_title, table
from sam2_annotator.ui.theme.style import Theme

_TOOL_BAR = (
    *("tool.select", "tool.prompt", "tool.box", "tool.pan"),
    None,
    *("edit.undo", "edit.redo"),
    None,
    "file.export",
)


class ActionSet(QObject):
    """Makes and keeps the actions. `intent` carries the wish of the one that was triggered."""

    intent = Signal(object)

    def __init__(self, theme: Theme, *, platform: str = sys.platform, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._platform = platform
        self._entries = table()
        self._actions = {entry.id: self._make(entry, theme) for entry in self._entries}

    @property
    def entries(self) -> tuple[Action, ...]:
        """The table these actions were made from."""
        return self._entries

    def __getitem__(self, action_id: str) -> QAction:
        """The action with this id. Raises KeyError."""
        return self._actions[action_id]

    def keys_text(self, entry: Action) -> tuple[str, ...]:
        """Keys as this platform writes them."""
        native = QKeySequence.SequenceFormat.NativeText
        return tuple(QKeySequence(key).toString(native) for key in entry.keys_on(self._platform))

    def fill_menus(self, bar: QMenuBar) -> None:
        """One menu a group."""
        for group in Group:
            menu = bar.addMenu(group_title(group))
            menu.setObjectName(f"menu.{group.value}")
            for entry in self._entries:
                if entry.group is group and entry.in_menu:
                    if entry.after_line:
                        menu.addSeparator()
                    menu.addAction(self._actions[entry.id])

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

    def _make(self, entry: Action, theme: Theme) -> QAction:
        action = QAction(entry.title, self)
        action.setObjectName(entry.id)
        keys = self.keys_text(entry)
        tip = f"{entry.title} ({keys[0]})" if keys else entry.title
        action.setToolTip(f"{tip}: {entry.tip}" if entry.tip else tip)
        if entry.icon:
            theme.set_icon(action, entry.icon)
            action.setIconVisibleInMenu(False)
        if entry.scope is Scope.CANVAS_OWN:
            action.setText(f"{entry.title}\t{keys[0]}")
        else:
            action.setShortcuts([QKeySequence(key) for key in entry.keys_on(self._platform)])
            everywhere = entry.scope is Scope.WINDOW
            context = Qt.ShortcutContext
            action.setShortcutContext(context.WindowShortcut if everywhere else context.WidgetWithChildrenShortcut)
        action.setAutoRepeat(entry.repeats)
        if entry.group is Group.TOOLS and entry.id.startswith("tool."):
            action.setCheckable(True)
        action.triggered.connect(partial(self._trigger, entry))
        return action

    def _trigger(self, entry: Action, checked: bool = False) -> None:
        self.intent.emit(entry.wish)
