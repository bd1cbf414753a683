"""Prompts and the masks they bring: from a click to a mask, candidates, accepting a draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Slot

from sam2_annotator.doc.changes import Changes, Origin
from sam2_annotator.doc.commands import AcceptObject, AddObject, DeleteObject, RemoveMask, SetMask, SetPrompts
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import ObjectRow
from sam2_annotator.engine.messages import Candidate, Ended, EndReason, MaskReady, PredictMask, Response
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.object_keys import draft_of, keys_of
from sam2_annotator.ui.threads.engine_client import EngineClient
from sam2_annotator.ui.view_state import Offer, ShownItem, ViewState
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId, StepId
from sam2_annotator.values.intents import (
    AddPoint,
    ChooseCandidate,
    FlipPoint,
    MovePoint,
    RemovePoint,
    SetBox,
)
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Box, Point, PromptSet
from sam2_annotator.values.states import MaskState

_STICKY_AFTER = 2
_PointChange = Callable[[Point], Point | None]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an answer is for, and the undo step it joins."""

    item: ItemId
    frame: FrameIndex
    object_id: ObjectId
    prompts: PromptSet
    step: StepId | None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a prompt goes: the shown item and frame."""

    project: Project
    shown: ShownItem
    frame: FrameIndex

    @property
    def item(self) -> ItemId:
        return self.shown.media.item

    def prompts(self, object_id: ObjectId) -> PromptSet:
        row = self.project.prompts(self.item, self.frame, object_id)
        return PromptSet() if row is None else row.prompts


class PromptController(QObject):
    """Changes the prompts of the selected object, or else of the item's draft, and writes what the engine answers."""

    def __init__(self, bus: DocumentBus, view: ViewState, engine: EngineClient, notices: Notices) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._engine = engine
        self._notices = notices
        self._asked: dict[int, _Asked] = {}
        self._picks: list[int] = []

    # ------------------------------------------------------------------------------------------- prompts

    def add_point(self, wish: AddPoint) -> ObjectId | None:
        """A click: the dot is in the document at once, the mask follows and joins the same undo step.

        Returns the object when the click accepted one.
        """
        place = self._place()
        if place is None:
            return None
        target = self._target(place)
        shown = PromptSet() if target is None else place.prompts(target.id)
        point = Point(wish.x, wish.y, wish.positive)
        prompts = replace(shown, points=(*shown.points, point))
        step = self._change(place, target, prompts, "Add point", run=wish.run)
        return self.accept(into=step) if wish.accept else None

    def move_point(self, wish: MovePoint) -> None:
        """A point goes elsewhere."""
        self._change_point(wish.index, lambda point: replace(point, x=wish.x, y=wish.y), "Move point")

    def flip_point(self, wish: FlipPoint) -> None:
        """A point changes its sign."""
        self._change_point(wish.index, lambda point: replace(point, positive=not point.positive), "Flip point")

    def remove_point(self, wish: RemovePoint) -> None:
        """A point goes."""
        self._change_point(wish.index, lambda point: None, "Remove point")

    def set_box(self, wish: SetBox) -> None:
        """A box is drawn or resized."""
        place = self._place()
        if place is None:
            return
        box = Box(min(wish.x0, wish.x1), min(wish.y0, wish.y1), max(wish.x0, wish.x1), max(wish.y0, wish.y1))
        target = self._target(place)
        shown = PromptSet() if target is None else place.prompts(target.id)
        self._change(place, target, replace(shown, box=box), "Set box")

    def remove_last(self) -> bool:
        """The newest prompt goes; False when there was none."""
        place = self._place()
        target = None if place is None else self._target(place)
        if place is None or target is None:
            return False
        shown = place.prompts(target.id)
        if shown.points:
            self._change(place, target, replace(shown, points=shown.points[:-1]), "Remove point")
        elif shown.box is not None:
            self._change(place, target, replace(shown, box=None), "Remove box")
        else:
            return False
        return True

    def run(self) -> None:
        """Ask for the mask of the prompts as they are (the end of collecting with Shift)."""
        place = self._place()
        target = None if place is None else self._target(place)
        if place is not None and target is not None and place.prompts(target.id):
            self._ask(place, target.id, place.prompts(target.id), step=None)

    # ------------------------------------------------------------------------------------- drafts, candidates

    @property
    def has_draft(self) -> bool:
        """True when the shown item has a draft."""
        project, shown = self._bus.writable, self._view.item
        return project is not None and shown is not None and draft_of(project, shown.media.item) is not None

    def accept(self, *, into: StepId | None = None) -> ObjectId | None:
        """The draft of the shown item becomes an object with the current label; the selection is cleared.

        Returns the object, None when there was no draft. `into` is the step of the click that accepts.
        """
        project, shown = self._bus.writable, self._view.item
        if project is None or shown is None:
            return None
        draft = draft_of(project, shown.media.item)
        self._view.select()
        self._view.set_offer(None)
        if draft is None:
            return None
        label = draft.label if draft.label is not None else project.current_label
        return draft.id if self._bus.apply(AcceptObject(draft.id, label), into=into) else None

    def discard(self) -> bool:
        """The draft goes; one undo brings it back. False when there was none."""
        project, shown = self._bus.writable, self._view.item
        draft = None if project is None or shown is None else draft_of(project, shown.media.item)
        if draft is None:
            return False
        self._bus.apply(DeleteObject(draft.item, (draft.id,)))
        self._view.set_offer(None)
        return True

    def choose(self, wish: ChooseCandidate) -> None:
        """Another of the three candidates becomes the mask."""
        offer, project = self._view.offer, self._bus.writable
        if offer is None or project is None or not 0 <= wish.index < len(offer.candidates):
            return
        row = project.prompts(offer.item, offer.frame, offer.object_id)
        if row is None or row.prompts != offer.prompts or wish.index == offer.chosen:
            return
        if self._is_locked(project.object(offer.object_id)):
            return
        chosen = offer.candidates[wish.index]
        prompts = SetPrompts(
            offer.item, offer.frame, offer.object_id, offer.prompts, candidate=wish.index, title="Choose candidate"
        )
        changes = self._bus.apply(prompts)
        if changes is None:
            return
        self._bus.apply(
            SetMask(offer.item, offer.frame, offer.object_id, chosen.mask, MaskState.KEY, iou=chosen.iou),
            into=changes.step,
        )
        self._picks = [*self._picks, wish.index][-_STICKY_AFTER:]
        self._view.set_offer(replace(offer, chosen=wish.index))

    def step_candidate(self, step: int) -> None:
        """The next or previous candidate; asks for them again when they are not at hand any more."""
        offer, place = self._view.offer, self._place()
        target = None if place is None else self._target(place)
        if place is None or target is None:
            return
        prompts = place.prompts(target.id)
        here = (place.item, place.frame, target.id, prompts)
        if offer is not None and (offer.item, offer.frame, offer.object_id, offer.prompts) == here:
            self.choose(ChooseCandidate((offer.chosen + step) % len(offer.candidates)))
        elif prompts.is_single_click:
            self._ask(place, target.id, prompts, step=None, again=True)

    # ---------------------------------------------------------------------------------------------- answers

    @Slot(object)
    def on_response(self, response: Response) -> None:
        """Write the engine's mask into the step of its prompt."""
        if isinstance(response, MaskReady):
            asked = self._asked.get(response.ticket.id)
            if asked is not None:
                self._write(asked, response)
        elif isinstance(response, Ended) and (ended := self._asked.pop(response.ticket.id, None)) is not None:
            if ended.step is not None:
                # Something else may have been written between click and mask.
                self._bus.end_step(ended.step, at_start=True)
            self._view.set_waiting(bool(self._asked))
            if response.reason is EndReason.FAILED and response.error is not None:
                self._notices.fail(response.error, topic="predict")

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """An answer whose step was undone must not be written: it would cut the redo tail."""
        if changes.origin in (Origin.UNDO, Origin.REDO):
            self.forget_answers()

    @Slot()
    def forget_answers(self) -> None:
        """Drop what is still asked."""
        for asked in self._asked.values():
            self._engine.forget(_slot(asked.item, asked.frame, asked.object_id))
        self._asked.clear()
        self._view.set_waiting(False)

    # ------------------------------------------------------------------------------------------------ inside

    def _place(self) -> _Place | None:
        project, shown = self._bus.writable, self._view.item
        return None if project is None or shown is None else _Place(project, shown, self._view.frame)

    def _target(self, place: _Place) -> ObjectRow | None:
        """The object prompts go to: the first selected one, else the draft, else none yet."""
        for object_id in self._view.selection:
            return place.project.object(object_id)
        return draft_of(place.project, place.item)

    def _change_point(self, index: int, change: _PointChange, title: str) -> None:
        place = self._place()
        target = None if place is None else self._target(place)
        if place is None or target is None:
            return
        shown = place.prompts(target.id)
        if not 0 <= index < len(shown.points):
            return
        changed = change(shown.points[index])
        kept = () if changed is None else (changed,)
        points = (*shown.points[:index], *kept, *shown.points[index + 1 :])
        self._change(place, target, replace(shown, points=points), title)

    def _change(
        self, place: _Place, target: ObjectRow | None, prompts: PromptSet, title: str, *, run: bool = True
    ) -> StepId | None:
        """Give the target this prompt set as one undo step, which is returned, and ask for its mask."""
        if self._is_locked(target):
            return None
        if target is not None and target.draft and not prompts and not self._has_other_prompts(place, target.id):
            self.discard()
            return None
        step: StepId | None = None
        if target is None:
            added = self._bus.apply(AddObject(place.item, draft=True))
            if added is None:
                return None
            object_id, step = ObjectId(added.created[0]), added.step
        else:
            object_id = target.id
        changes = self._bus.apply(SetPrompts(place.item, place.frame, object_id, prompts, title=title), into=step)
        if changes is None:
            return None
        if not prompts:
            self._engine.forget(_slot(place.item, place.frame, object_id))
            self._bus.apply(RemoveMask(place.item, place.frame, object_id), into=changes.step)
        elif run:
            self._ask(place, object_id, prompts, step=changes.step)
        return changes.step

    def _is_locked(self, target: ObjectRow | None) -> bool:
        """True, and said, when the target may not be changed."""
        if target is None or not target.locked:
            return False
        self._notices.post(tr("Object {number} is locked.", number=target.number), Tone.WARNING)
        return True

    def _has_other_prompts(self, place: _Place, object_id: ObjectId) -> bool:
        return any(row.frame != place.frame for row in place.project.prompts_of(place.item, object_id))

    def _ask(
        self, place: _Place, object_id: ObjectId, prompts: PromptSet, *, step: StepId | None, again: bool = False
    ) -> None:
        """`again` asks for what the present mask came from, so that mask is not refined once more."""
        slot = _slot(place.item, place.frame, object_id)
        ticket = self._engine.ticket(slot)
        clip = place.shown.media.is_clip
        request = PredictMask(
            ticket,
            place.shown.media,
            place.frame,
            object_id,
            prompts,
            keys=keys_of(place.project, place.item, object_id, without=place.frame) if clip else (),
            previous=None if again else self._present_mask(place, object_id),
        )
        self._asked[ticket.id] = _Asked(place.item, place.frame, object_id, prompts, step)
        self._view.set_waiting(True)
        self._engine.submit(request)

    def _present_mask(self, place: _Place, object_id: ObjectId) -> Mask | None:
        """The mask the object shows now, which further prompts refine whatever made it (PRM-5)."""
        row = place.project.mask_row(place.item, place.frame, object_id)
        return None if row is None or row.digest is None else place.project.mask(row.digest)

    def _write(self, asked: _Asked, answer: MaskReady) -> None:
        project = self._bus.writable
        row = None if project is None else project.prompts(asked.item, asked.frame, asked.object_id)
        if row is None or row.prompts != asked.prompts:
            return
        several = len(answer.candidates) > 1
        index = self._preselected(answer) if several else 0
        chosen = answer.candidates[index]
        step = self._write_choice(asked, index if several else None)
        self._bus.apply(
            SetMask(
                asked.item,
                asked.frame,
                asked.object_id,
                chosen.mask,
                MaskState.KEY if chosen.mask else MaskState.EMPTY,
                iou=chosen.iou,
                score=answer.score,
            ),
            into=step,
            origin=Origin.ENGINE,
        )
        self._view.set_offer(_offer(asked, answer.candidates, index) if several else None)
        self._notices.settle("predict")
        if not chosen.mask:
            self._notices.post(tr("Nothing found there. Try a box, or a click nearer the middle."))

    def _write_choice(self, asked: _Asked, candidate: int | None) -> StepId | None:
        if candidate is None:
            return asked.step
        command = SetPrompts(asked.item, asked.frame, asked.object_id, asked.prompts, candidate=candidate)
        changes = self._bus.apply(command, into=asked.step, origin=Origin.ENGINE)
        return asked.step if changes is None else changes.step

    def _preselected(self, answer: MaskReady) -> int:
        """The best predicted, or the size a person picked twice in a row (PRM-3)."""
        picks = self._picks
        sticky = len(picks) == _STICKY_AFTER and len(set(picks)) == 1
        return picks[0] if sticky and picks[0] < len(answer.candidates) else answer.best


def _slot(item: ItemId, frame: FrameIndex, object_id: ObjectId) -> str:
    return f"object:{object_id}@item:{item}/frame:{frame}"


def _offer(asked: _Asked, candidates: tuple[Candidate, ...], chosen: int) -> Offer:
    return Offer(asked.item, asked.frame, asked.object_id, asked.prompts, candidates, chosen)
