"""What menus and tool bar offer: titles of undo and redo, what can be done now, the tool in use."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.project import Project
from sam2_annotator.tools.base import Key
from sam2_annotator.ui.actions.action import Action, Group
from sam2_annotator.ui.actions.action_set import ActionSet
from sam2_annotator.ui.actions.writing import writes
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.object_keys import keeps_apart
from sam2_annotator.ui.view_state import View, ViewChange, ViewState

_ALWAYS = frozenset(
    {
        *("file.open", "file.open_folder", "file.open_clip_folder", "file.open_sample", "file.quit"),
        *("edit.undo", "edit.redo", "edit.settings", "tools.models"),  # the first two go by the history
    }
)
_FOR_SEVERAL = frozenset({"object.merge", "object.unite", "object.subtract", "object.intersect"})


class CommandsPresenter(QObject):
    """Keeps the actions in step with the project and the view."""

    def __init__(self, bus: DocumentBus, view: ViewState, actions: ActionSet) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._actions = actions
        self.on_project(None)
        self._check_tool()

    @Slot(object)
    def on_project(self, project: Project | None) -> None:
        """Another project, or none."""
        self._enable()
        self._show_history()
        self._check_settings()

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """Another newest step."""
        self._show_history()
        if changes.settings:
            self._check_settings()

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """Another item or tool."""
        if change.concerns(View.TOOL):
            self._check_tool()
        if change.concerns(View.GESTURE):
            self._show_history()
        if change.concerns(View.ITEM, View.SELECTION):
            self._enable()

    def _enable(self) -> None:
        for entry in self._actions.entries:
            if entry.id not in _ALWAYS and entry.group not in (Group.HELP, Group.VIEW):
                why = self._why_not(entry)
                self._actions.set_usable(entry.id, not why, why)

    def _why_not(self, entry: Action) -> str:
        """Why a command cannot be run now, "" when it can."""
        shown = self._view.item
        project = self._bus.project
        if project is None:
            return tr("nothing is open")
        if project.read_only and writes(entry.wish):
            return tr("the project is open for reading only")
        if entry.id.startswith("track.") and (shown is None or not shown.media.is_clip):
            return tr("for clips only")
        if entry.id in _FOR_SEVERAL and len(self._view.selection) < 2:
            return tr("select two objects or more first")
        return ""

    def _show_history(self) -> None:
        project = self._bus.writable
        undo = None if project is None else project.undo_title
        redo = None if project is None else project.redo_title
        self._actions["edit.undo"].setText(tr("Undo") if undo is None else tr("Undo: {step}", step=tr(undo)))
        self._actions["edit.redo"].setText(tr("Redo") if redo is None else tr("Redo: {step}", step=tr(redo)))
        self._actions["edit.undo"].setEnabled(undo is not None or Key.UNDO in self._view.gesture)
        self._actions["edit.redo"].setEnabled(redo is not None or Key.REDO in self._view.gesture)

    def _check_settings(self) -> None:
        project = self._bus.project
        self._actions["object.no_overlap"].setChecked(project is not None and keeps_apart(project))

    def _check_tool(self) -> None:
        for entry in self._actions.entries:
            action = self._actions[entry.id]
            if entry.id.startswith("tool."):
                action.setChecked(entry.id == f"tool.{self._view.tool}")
