"""Runs of the tracker: one undo step each, continued after a prompt, stopped without loss."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Slot

from sam2_annotator.doc.changes import Origin
from sam2_annotator.doc.commands import NewMask, SetMasks
from sam2_annotator.doc.project import Project
from sam2_annotator.engine.messages import (
    Ended,
    EndReason,
    FrameMasks,
    KeyFrame,
    ObjectKeys,
    Propagate,
    Response,
    Warned,
)
from sam2_annotator.engine.tickets import Ticket
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.live_settings import LiveSettings
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.object_keys import keys_of
from sam2_annotator.ui.threads.engine_client import EngineClient
from sam2_annotator.ui.view_state import RunProgress, ShownItem, ViewState
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId, StepId
from sam2_annotator.values.intents import DocumentAction
from sam2_annotator.values.intents import Propagate as PropagateWish
from sam2_annotator.values.states import Direction

Keys = dict[ObjectId, tuple[KeyFrame, ...]]


@dataclass(frozen=True, slots=True)
class Leg:
    """One request of a run: from `origin` in a direction to the end of the clip of `frames` frames."""

    direction: Direction
    origin: FrameIndex
    frames: int

    @property
    def start(self) -> FrameIndex:
        """The first frame the leg may reach."""
        return self.origin if self.direction is Direction.FORWARD else FrameIndex(0)

    @property
    def stop(self) -> FrameIndex:
        """The last frame the leg may reach."""
        return self.origin if self.direction is Direction.BACKWARD else FrameIndex(self.frames - 1)

    @property
    def is_in_clip(self) -> bool:
        """False for what is left behind the ends of the clip."""
        return 0 <= self.origin < self.frames

    def rest(self, frame: FrameIndex, *, falling: bool) -> tuple[Leg, ...]:
        """What is left behind a finished frame; `falling` when that was reached going backward."""
        onward = Leg(Direction.FORWARD, FrameIndex(frame + 1), self.frames)
        back = Leg(Direction.BACKWARD, FrameIndex(frame - 1), self.frames)
        match self.direction:
            case Direction.FORWARD:
                legs: tuple[Leg, ...] = (onward,)
            case Direction.BACKWARD:
                legs = (back,)
            case Direction.BOTH:
                behind = Leg(Direction.BACKWARD, FrameIndex(self.origin - 1), self.frames)
                legs = (back,) if falling else (onward, behind)
        return tuple(leg for leg in legs if leg.is_in_clip)


@dataclass(slots=True)
class _Run:
    """The run in progress; belongs to the controller and is thrown away at its end."""

    shown: ShownItem
    direction: Direction
    step: StepId
    keys: Keys
    legs: list[Leg]
    ticket: Ticket | None = None
    position: FrameIndex | None = None
    falling: bool = False
    done_before: int = 0
    done: int = 0
    follow: bool = True
    stopping: bool = False

    @property
    def item(self) -> ItemId:
        return self.shown.media.item


class PropagateController(QObject):
    """At most one run at a time; a new one ends the one before."""

    def __init__(
        self, bus: DocumentBus, view: ViewState, engine: EngineClient, notices: Notices, settings: LiveSettings
    ) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._engine = engine
        self._notices = notices
        self._settings = settings
        self._run: _Run | None = None

    # ------------------------------------------------------------------------------------------------ wishes

    def start(self, wish: PropagateWish) -> None:
        """Track the selected objects, or all unlocked ones, from the shown frame."""
        project, shown = self._bus.writable, self._view.item
        if project is None or shown is None or not shown.media.is_clip:
            return
        self.abandon()
        keys = self._keys(project, shown.media.item)
        if not keys:
            self._notices.post(tr("Outline an object first: click it, then propagate."), Tone.WARNING)
            return
        leg = Leg(wish.direction, self._view.frame, shown.facts.frames)
        step = project.new_step(_RUN_TITLES[wish.direction])
        self._run = _Run(shown, wish.direction, step, keys, [leg], follow=self._settings.now.follow)
        self._submit(self._run)

    def stop(self) -> bool:
        """End the run after the frame it is at; False when none runs."""
        run = self._run
        if run is None or run.ticket is None:
            return False
        if not run.stopping:
            run.stopping = True
            self._engine.cancel(run.ticket)
            progress = self._view.run
            if progress is not None:
                self._view.set_run(replace(progress, stopping=True))
        return True

    @Slot()
    def abandon(self, item: ItemId | None = None) -> None:
        """End a run now (one of `item`, or any) and drop what it still sends."""
        run = self._run
        if run is not None and item in (None, run.item):
            self._engine.forget(_slot(run.item))
            self._finish(run)

    def stay(self) -> None:
        """The user goes their own way: the view does not follow the run any more."""
        if self._run is not None:
            self._run.follow = False

    # ----------------------------------------------------------------------------------------------- answers

    @Slot(object)
    def on_response(self, response: Response) -> None:
        """Write a finished frame, or go on with what is left."""
        run = self._run
        if run is None or run.ticket is None:
            return
        if isinstance(response, FrameMasks) and response.ticket == run.ticket:
            self._write(run, response)
        elif isinstance(response, Warned) and response.ticket == run.ticket:
            self._notices.post(response.text, Tone.WARNING, topic="room")
        elif isinstance(response, Ended) and response.ticket == run.ticket:
            self._on_end(run, response)

    def _write(self, run: _Run, answer: FrameMasks) -> None:
        masks = tuple(NewMask(mask.object_id, mask.mask, mask.iou, mask.score) for mask in answer.objects)
        if self._bus.apply(SetMasks(run.item, answer.frame, masks), into=run.step, origin=Origin.ENGINE) is None:
            self.abandon()  # the file takes no more: what cannot be kept is not worked out, nor said to be there
            return
        run.falling = run.position is not None and answer.frame < run.position
        run.position = answer.frame
        run.done = run.done_before + answer.done
        if run.follow and self._view.item == run.shown:
            self._view.show_frame(answer.frame)
        total = run.done_before + answer.total + sum(leg.stop - leg.start + 1 for leg in run.legs[1:])
        left = (total - run.done) / answer.rate if answer.rate > 0 else None
        self._view.set_run(RunProgress(run.item, run.direction, run.done, total, answer.rate, left, run.stopping))
        self._engine.ack(answer.ticket)

    def _on_end(self, run: _Run, ended: Ended) -> None:
        match ended.reason:
            case EndReason.DONE:
                run.legs.pop(0)
            case EndReason.SUPERSEDED if not run.stopping:
                self._keep_untouched(run)
            case _:
                run.legs.clear()
        if run.legs:
            self._submit(run)
            return
        self._finish(run)
        if ended.reason is EndReason.FAILED and ended.error is not None:
            self._notices.fail(ended.error)
        else:
            self._report(run)

    def _keep_untouched(self, run: _Run) -> None:
        """After a prompt the run goes on for the objects whose key frames are as they were (PRO-3)."""
        project = self._bus.writable
        if project is None:
            run.legs.clear()
            return
        run.keys = {o: keys for o, keys in run.keys.items() if keys_of(project, run.item, o) == keys}
        leg = run.legs.pop(0)
        rest = (leg,) if run.position is None else leg.rest(run.position, falling=run.falling)
        run.legs = [*rest, *run.legs] if run.keys else []

    # ------------------------------------------------------------------------------------------------ inside

    def _keys(self, project: Project, item: ItemId) -> Keys:
        """The objects of a run that have a key frame, and these."""
        chosen = self._view.selection
        rows = [row for row in project.objects(item) if not row.locked and (not chosen or row.id in chosen)]
        keys = {row.id: keys_of(project, item, row.id) for row in rows if not row.draft}
        return {object_id: found for object_id, found in keys.items() if found}

    def _submit(self, run: _Run) -> None:
        leg = run.legs[0]
        run.ticket = self._engine.ticket(_slot(run.item))
        run.position, run.falling, run.done_before = None, False, run.done
        objects = tuple(ObjectKeys(object_id, keys) for object_id, keys in run.keys.items())
        if self._view.run is None:
            self._view.set_run(RunProgress(run.item, run.direction, 0, leg.stop - leg.start + 1))
        self._engine.submit(
            Propagate(run.ticket, run.shown.media, leg.origin, leg.start, leg.stop, leg.direction, objects)
        )

    def _finish(self, run: _Run) -> None:
        self._run = None
        self._view.set_run(None)
        self._bus.end_step(run.step)

    def _report(self, run: _Run) -> None:
        title = tr("Stopped") if run.stopping else tr(_RUN_TITLES[run.direction])
        undo = ((tr("Undo"), DocumentAction.UNDO),) if run.done else ()
        text = tr("{title}: {count} frames, objects: {objects}.", title=title, count=run.done, objects=len(run.keys))
        self._notices.post(text, Tone.SUCCESS, *undo)


_RUN_TITLES = {
    Direction.FORWARD: "Propagate forward",
    Direction.BACKWARD: "Propagate back",
    Direction.BOTH: "Propagate both ways",
}


def _slot(item: ItemId) -> str:
    return f"propagate@item:{item}"
