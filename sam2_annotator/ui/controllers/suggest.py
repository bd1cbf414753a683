"""Suggested objects (PRM-9): looked for on request, shown until taken over or dropped, never written before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from PySide6.QtCore import QObject, Signal, Slot

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.commands import AddFoundObjects, FoundObject
from sam2_annotator.doc.project import Project
from sam2_annotator.engine.messages import Ended, EndReason, FindEverything, Found, Proposals, Response
from sam2_annotator.engine.tickets import Ticket
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.threads.engine_client import EngineClient
from sam2_annotator.ui.view_state import ShownItem, Suggestions, View, ViewChange, ViewState
from sam2_annotator.values.everything import EverythingOptions
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.intents import DocumentAction
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.suggesting import AcceptSuggestion, DropSuggestion, SetSuggesting, Suggestion

TOOL = "suggest"
_SLOT = "suggest"
_OVERLAP = 0.5  # IoU of boxes; a person chooses by eye, and nearly the same twice is in the way
_PARTS = 5000  # of the picture; what is smaller is a speck


@dataclass(slots=True)
class _Search:
    """One search and what became of its answer; belongs to the controller and is thrown away with its frame."""

    item: ItemId
    frame: FrameIndex
    ticket: Ticket | None  # None once it has ended
    progress: Found | None = None
    found: tuple[Suggestion, ...] = ()
    taken: dict[int, ObjectId] = field(default_factory=dict)
    dropped: set[int] = field(default_factory=set)


class SuggestController(QObject):
    """At most one search, for the frame on show; it goes on while another tool is used. `accepted` names the object
    a click made."""

    accepted = Signal(object)

    def __init__(self, bus: DocumentBus, view: ViewState, engine: EngineClient, notices: Notices) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._engine = engine
        self._notices = notices
        self._search: _Search | None = None

    # ------------------------------------------------------------------------------------------------ wishes

    def start(self, *, again: bool = False) -> None:
        """Take up the tool and look for objects, unless that was done here already."""
        project, shown = self._bus.writable, self._view.item
        self._view.use_tool(TOOL)
        if project is None or shown is None or shown.facts.frames == 0 or (self._search is not None and not again):
            return
        self.forget()
        ticket = self._engine.ticket(_SLOT)
        self._search = _Search(shown.media.item, self._view.frame, ticket)
        options = EverythingOptions(
            self._view.suggesting.points_per_side,
            box_nms_thresh=_OVERLAP,
            min_area=max(1, shown.facts.width * shown.facts.height // _PARTS),
        )
        known = _masks_on(project, shown, self._view.frame)
        self._engine.submit(FindEverything(ticket, shown.media, self._view.frame, options, known))
        self._show()

    def stop(self) -> bool:
        """End the search; False when none goes on."""
        search = self._search
        if search is None or search.ticket is None:
            return False
        self.forget()
        return True

    def cancel(self) -> bool:
        """Esc: the search ends, or else what is left goes; False when there is neither, or another tool is in use."""
        if self._view.tool != TOOL:
            return False
        if self.stop():
            return True
        left = self._view.suggestions is not None and bool(self._view.suggestions.shown)
        self.forget()
        return left

    def accept(self, wish: AcceptSuggestion) -> None:
        """One becomes an object with the current label."""
        for object_id in self._take(tuple(one for one in self._shown() if one.number == wish.number)):
            self.accepted.emit(object_id)

    def accept_all(self) -> bool:
        """All that are shown become objects, as one step; False when there are none, or another tool is in use."""
        chosen = self._shown() if self._view.tool == TOOL else ()
        if not chosen:
            return False
        if taken := self._take(chosen):
            text = tr("Accepted {count} suggestions.", count=len(taken))
            self._notices.post(text, Tone.SUCCESS, (tr("Undo"), DocumentAction.UNDO))
        return True

    def drop(self, wish: DropSuggestion) -> None:
        """One goes."""
        if self._search is not None:
            self._search.dropped.add(wish.number)
            self._show()

    def set_options(self, wish: SetSuggesting) -> None:
        """Another density is for the next search; the other options are for what is shown."""
        self._view.set_suggesting(wish.options)
        self._show()

    @Slot()
    def forget(self) -> None:
        """Nothing is looked for nor shown any more."""
        if self._search is not None:
            self._engine.forget(_SLOT)
            self._search = None
            self._view.set_suggestions(None)

    # ----------------------------------------------------------------------------------------------- answers

    @Slot(object)
    def on_response(self, response: Response) -> None:
        """Follow the search."""
        search = self._search
        if search is None or search.ticket is None:
            return
        match response:
            case Found() if response.ticket == search.ticket:
                search.progress = response
                self._show()
            case Proposals() if response.ticket == search.ticket:
                search.found = tuple(Suggestion(i, one.mask, one.iou) for i, one in enumerate(response.proposals))
            case Ended() if response.ticket == search.ticket:
                self._on_end(search, response)

    def _on_end(self, search: _Search, ended: Ended) -> None:
        search.ticket = None
        if ended.reason is not EndReason.DONE:
            self.forget()
            if ended.error is not None:
                self._notices.fail(ended.error, topic="suggest")
            return
        self._show()
        if not search.found:
            text = tr("No objects found that are not there yet. A finer grid, or a better model, may find more.")
            self._notices.post(text)

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """Suggestions are of the frame they were looked for on."""
        if self._search is None or not change.concerns(View.ITEM, View.FRAME):
            return
        shown = self._view.item
        if shown is None or (shown.media.item, self._view.frame) != (self._search.item, self._search.frame):
            self.forget()

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """Undo gives suggestions back, redo takes them again."""
        if self._search is not None and changes.objects:
            self._show()

    # ------------------------------------------------------------------------------------------------ inside

    def _shown(self) -> tuple[Suggestion, ...]:
        return () if self._view.suggestions is None else self._view.suggestions.shown

    def _take(self, chosen: tuple[Suggestion, ...]) -> tuple[ObjectId, ...]:
        project, search = self._bus.writable, self._search
        if project is None or search is None or not chosen:
            return ()
        found = tuple(FoundObject(one.mask, one.iou) for one in chosen)
        changes = self._bus.apply(AddFoundObjects(search.item, search.frame, found, project.current_label))
        if not changes:
            return ()
        taken = tuple(map(ObjectId, changes.created))
        search.taken.update(zip((one.number for one in chosen), taken, strict=True))
        self._show()
        return taken

    def _show(self) -> None:
        project, search = self._bus.project, self._search
        if project is None or search is None:
            return
        options = self._view.suggesting
        here = {row.id for row in project.objects(search.item)}
        left = [
            one for one in search.found if one.number not in search.dropped and search.taken.get(one.number) not in here
        ]
        shown = tuple(one for one in left if options.admits(one.iou, one.mask.area))
        state = Suggestions(search.item, search.frame, shown, len(left), searching=search.ticket is not None)
        if state.searching and (told := search.progress) is not None:
            state = replace(state, done=told.done, total=told.total, seconds_left=told.seconds_left)
        self._view.set_suggestions(state)


def _masks_on(project: Project, shown: ShownItem, frame: FrameIndex) -> tuple[Mask, ...]:
    """What objects have on a frame already."""
    return tuple(project.mask(row.digest) for row in project.masks(shown.media.item, frame) if row.digest is not None)
