"""Masks for prompts: asks the engine, writes its answers into the steps of the prompts, offers candidates.

The document says what is prompted; this says which of it is not answered yet. Whatever a person undoes or redoes, a
prompt set that stands without its mask is asked again, and the answer joins the step that made the prompts.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Slot

from sam2_annotator.doc.changes import Changes, Origin
from sam2_annotator.doc.commands import SetMask, SetPrompts
from sam2_annotator.doc.project import Project
from sam2_annotator.engine.messages import Candidate, Ended, EndReason, MaskReady, PredictMask, Response
from sam2_annotator.ui.controllers.place import is_locked
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.live_settings import LiveSettings, SettingsChange
from sam2_annotator.ui.notices import Notices
from sam2_annotator.ui.object_keys import Question, keys_of, masks_to_avoid, target_of
from sam2_annotator.ui.size_memory import SizeMemory
from sam2_annotator.ui.threads.engine_client import EngineClient
from sam2_annotator.ui.view_state import Offer, ViewState
from sam2_annotator.values.ids import ObjectId, StepId
from sam2_annotator.values.intents import ChooseCandidate, SetCleanUp
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.states import MaskOrigin

_CLEANING = ("drop_specks", "fill_holes", "keep_largest", "grow", "avoid_others")
_REMEMBERED = 1000


class PredictController(QObject):
    """Belongs to the GUI thread. `ask` is called by whoever changes prompts."""

    def __init__(
        self, bus: DocumentBus, view: ViewState, engine: EngineClient, notices: Notices, settings: LiveSettings
    ) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._engine = engine
        self._notices = notices
        self._settings = settings
        self._sizes = SizeMemory()
        self._asked: dict[int, Question] = {}
        self._steps: dict[Question, StepId | None] = {}  # the step of each question, newest last
        self._open: set[Question] = set()  # those without an answer

    # ---------------------------------------------------------------------------------------------- questions

    def ask(self, question: Question, step: StepId | None, *, now: bool = True, again: bool = False) -> None:
        """Ask for a mask that joins `step` (None: the one these prompts came with, else one of its own).

        With `now` False it is only noted that the mask is wanted. `again` asks for what the present mask came from,
        so that mask is not refined once more.
        """
        known = self._steps.pop(question, None)
        self._steps[question] = known if step is None else step
        self._open.add(question)
        while len(self._steps) > _REMEMBERED:
            self._open.discard(oldest := next(iter(self._steps)))
            del self._steps[oldest]
        if now:
            self._submit(question, again=again)

    def forget(self, question: Question) -> None:
        """The prompts of this object and frame are gone: nothing is awaited for them."""
        self._engine.forget(question.slot)
        self._asked = {ticket: asked for ticket, asked in self._asked.items() if asked.slot != question.slot}
        self._view.set_waiting(bool(self._asked))

    @Slot()
    def forget_all(self) -> None:
        """The project closes."""
        for asked in self._asked.values():
            self._engine.forget(asked.slot)
        self._asked.clear()
        self._steps.clear()
        self._open.clear()
        self._view.set_waiting(False)

    def _submit(self, question: Question, *, again: bool = False) -> None:
        project = self._bus.writable
        if project is None:
            return
        ticket = self._engine.ticket(question.slot)
        item, frame, object_id = question.item, question.frame, question.object_id
        clean = self._settings.clean_up
        request = PredictMask(
            ticket,
            question.media,
            frame,
            object_id,
            question.prompts,
            keys=keys_of(project, item, object_id, without=frame) if question.media.is_clip else (),
            previous=None if again else _present_mask(project, question),
            clean=clean,
            avoid=masks_to_avoid(project, question, clean.avoid),
        )
        self._asked[ticket.id] = question
        self._view.set_waiting(True)
        self._engine.submit(request)

    # ------------------------------------------------------------------------------------------------ answers

    @Slot(object)
    def on_response(self, response: Response) -> None:
        """Write the engine's mask into the step of its prompts."""
        if isinstance(response, MaskReady):
            asked = self._asked.get(response.ticket.id)
            if asked is not None:
                self._write(asked, response)
        elif isinstance(response, Ended) and self._asked.pop(response.ticket.id, None) is not None:
            self._view.set_waiting(bool(self._asked))
            if response.reason is EndReason.FAILED and response.error is not None:
                self._notices.fail(response.error, topic="predict")

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """After undo and redo, drop what is not wanted any more and ask what stands without an answer."""
        project = self._bus.writable
        if project is None or changes.origin not in (Origin.UNDO, Origin.REDO):
            return
        if changes.origin is Origin.UNDO:
            for question, step in self._steps.items():
                if step == changes.step and question not in self._open:
                    self._steps[question] = None
        for question in [asked for asked in self._asked.values() if not asked.stands(project)]:
            self.forget(question)
        waiting = set(self._asked.values())
        for question in [asked for asked in self._steps if asked in self._open - waiting]:
            if question.stands(project):
                self._submit(question)

    def clean_up(self, wish: SetCleanUp) -> None:
        """Another clean-up, from the options strip."""
        self._settings.set_clean_up(wish.clean)

    @Slot(object)
    def on_settings(self, change: SettingsChange) -> None:
        """Another clean-up: the mask on show is made anew from what the model gave."""
        project, shown = self._bus.writable, self._view.item
        if project is None or shown is None or not change.concerns(*_CLEANING):
            return
        target = target_of(project, shown.media.item, self._view.selection)
        row = None if target is None else project.prompts(shown.media.item, self._view.frame, target.id)
        if target is None or row is None or target.locked:
            return
        mask = project.mask_row(shown.media.item, self._view.frame, target.id)
        question = Question(shown.media, self._view.frame, target.id, row.prompts)
        if mask is not None and mask.origin is MaskOrigin.PROMPTED and (target.draft or question in self._steps):
            self.ask(question, None)

    def _write(self, asked: Question, answer: MaskReady) -> None:
        project = self._bus.writable
        row = None if project is None else project.prompts(asked.item, asked.frame, asked.object_id)
        if project is None or row is None or row.prompts != asked.prompts:
            return
        several = len(answer.candidates) > 1
        if not several:
            index = 0
        elif row.candidate is not None and row.candidate < len(answer.candidates):
            index = row.candidate
        else:
            index = self._preselected(project, asked.object_id, answer)
        step = self._write_mask(asked, answer.candidates[index], index if several else None, answer.score)
        self._steps[asked] = step
        self._open.discard(asked)
        offered = several and self._settings.now.candidates
        self._view.set_offer(_offer(asked, answer.candidates, index) if offered else None)
        self._notices.settle("predict")
        if not answer.candidates[index].mask:
            self._notices.post(tr("Nothing found there. Try a box, or a click nearer the middle."))

    def _write_mask(
        self, asked: Question, found: Candidate, candidate: int | None, score: float | None
    ) -> StepId | None:
        """Write mask and chosen candidate, into the step of the prompts if that is known; the step."""
        step, origin = self._steps.get(asked), Origin.ENGINE
        place = (asked.item, asked.frame, asked.object_id)
        if candidate is not None:
            prompts = SetPrompts(*place, asked.prompts, candidate=candidate)
            changes = self._bus.apply(prompts, into=step, origin=origin, late=True)
            step = step if changes is None else changes.step
        mask = SetMask.predicted(*place, found.mask, iou=found.iou, score=score)
        changes = self._bus.apply(mask, into=step, origin=origin, late=True)
        return step if changes is None else changes.step

    # --------------------------------------------------------------------------------------------- candidates

    def choose(self, wish: ChooseCandidate) -> None:
        """Another of the three candidates becomes the mask."""
        offer, project = self._view.offer, self._bus.writable
        if offer is None or project is None or not 0 <= wish.index < len(offer.candidates):
            return
        row = project.prompts(offer.item, offer.frame, offer.object_id)
        target = project.object(offer.object_id)
        if row is None or target is None or row.prompts != offer.prompts or wish.index == offer.chosen:
            return
        if is_locked(target, self._notices):
            return
        chosen = offer.candidates[wish.index]
        place = (offer.item, offer.frame, offer.object_id)
        prompts = SetPrompts(*place, offer.prompts, candidate=wish.index, title="Choose candidate")
        changes = self._bus.apply(prompts)
        if changes is None:
            return
        self._bus.apply(SetMask.predicted(*place, chosen.mask, iou=chosen.iou), into=changes.step)
        self._sizes.note(target.id, target.label or project.current_label, wish.index)
        self._view.set_offer(replace(offer, chosen=wish.index))

    def step_candidate(self, step: int) -> None:
        """The next or previous candidate; asks for them again when they are not at hand any more."""
        offer, project, shown = self._view.offer, self._bus.writable, self._view.item
        if project is None or shown is None:
            return
        target = target_of(project, shown.media.item, self._view.selection)
        row = None if target is None else project.prompts(shown.media.item, self._view.frame, target.id)
        if target is None or row is None:
            return
        here = (shown.media.item, self._view.frame, target.id, row.prompts)
        if offer is not None and (offer.item, offer.frame, offer.object_id, offer.prompts) == here:
            self.choose(ChooseCandidate((offer.chosen + step) % len(offer.candidates)))
        elif row.prompts.is_single_click and not target.locked:
            question = Question(shown.media, self._view.frame, target.id, row.prompts)
            self.ask(question, None, again=True)

    def _preselected(self, project: Project, object_id: ObjectId, answer: MaskReady) -> int:
        """The best predicted, or the size a person keeps choosing."""
        target = project.object(object_id)
        label = project.current_label if target is None or target.label is None else target.label
        preferred = self._sizes.preferred(label) if self._settings.now.remember_size else None
        self._sizes.note(object_id, label, preferred)
        return preferred if preferred is not None and preferred < len(answer.candidates) else answer.best


def _present_mask(project: Project, question: Question) -> Mask | None:
    """The mask the object shows now, which further prompts refine whatever made it (PRM-5)."""
    row = project.mask_row(question.item, question.frame, question.object_id)
    return None if row is None or row.digest is None else project.mask(row.digest)


def _offer(asked: Question, candidates: tuple[Candidate, ...], chosen: int) -> Offer:
    return Offer(asked.item, asked.frame, asked.object_id, asked.prompts, candidates, chosen)
