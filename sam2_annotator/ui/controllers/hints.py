"""Hints for the first steps, one at a time, each gone when it was done (TOUR-1)."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.project import Project
from sam2_annotator.ui.actions.action_set import ActionSet
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.live_settings import LiveSettings, SettingsChange
from sam2_annotator.ui.object_keys import draft_of
from sam2_annotator.ui.panels.hint_card import HintCard
from sam2_annotator.ui.view_state import View, ViewChange, ViewState

_CLICK, _TAKE_AWAY, _KEEP, _EXPORT, _DONE = range(5)


class HintsController(QObject):
    """Looks at what the person has done and says what comes next, as long as the setting `hints` is on."""

    def __init__(
        self, bus: DocumentBus, view: ViewState, settings: LiveSettings, actions: ActionSet, card: HintCard
    ) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._settings = settings
        self._actions = actions
        self._card = card
        self._reached = settings.now.hints_done
        card.skipped.connect(self._end)
        actions.triggered.connect(self._on_command)
        actions.keys_changed.connect(self._show)

    def begin_again(self) -> None:
        """Help > Show hints again."""
        self._reached = _CLICK
        self._settings.change({"hints": True, "hints_done": _CLICK})
        self._show()

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """Something was done."""
        self._show()

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """Hints need something to look at."""
        if change.concerns(View.ITEM):
            self._show()

    @Slot(object)
    def on_settings(self, change: SettingsChange) -> None:
        """Hints were switched on or off."""
        if change.concerns("hints"):
            self._show()

    @Slot(str)
    def _on_command(self, command: str) -> None:
        if command == "file.export" and self._reached == _EXPORT and self._card.text:
            self._end()

    @Slot()
    def _end(self) -> None:
        self._settings.change({"hints": False})

    @Slot()
    def _show(self) -> None:
        project, shown = self._bus.writable, self._view.item
        if not self._settings.now.hints or project is None or shown is None:
            self._card.show_hint("", 0, 0)
            return
        self._reached = max(self._reached, self._done(project))
        self._settings.change({"hints_done": self._reached})
        self._card.show_hint(self._text(self._reached), self._reached + 1, _DONE)

    def _done(self, project: Project) -> int:
        """How far the shown item has come."""
        shown = self._view.item
        assert shown is not None
        draft = draft_of(project, shown.media.item)
        if draft is None:
            return _EXPORT if project.objects(shown.media.item) else _CLICK
        rows = project.prompts_of(shown.media.item, draft.id)
        return _KEEP if any(not point.positive for row in rows for point in row.prompts.points) else _TAKE_AWAY

    def _text(self, step: int) -> str:
        if step == _CLICK:
            return tr("Click a thing in the picture to outline it.")
        if step == _TAKE_AWAY:
            return tr("Right click what should not be in.")
        if step == _KEEP:
            return tr("{key} keeps it.", key=self._actions.key_text("object.accept"))
        return tr("{key} exports what you have made.", key=self._actions.key_text("file.export"))
