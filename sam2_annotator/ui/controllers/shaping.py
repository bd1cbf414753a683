"""Masks whose outline a person changes: cleaned up, grown, smoothed. The work is done in the pool."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot

from sam2_annotator.doc.commands import SetShapes, Shaped
from sam2_annotator.doc.rows import MaskDigest
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.masks.shaping import shaped
from sam2_annotator.ui.canvas.view import CanvasView
from sam2_annotator.ui.controllers.chosen import Chosen, chosen, names_of
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.panels.object_forms import ShapeForm
from sam2_annotator.ui.threads.task_runner import Progress, Task, TaskResult, TaskRunner
from sam2_annotator.ui.view_state import View, ViewChange, ViewState
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.object_intents import ChangeShape, ObjectAction
from sam2_annotator.values.shaping import Shaping

SPECK = 25
_STEPS: dict[ObjectAction, tuple[str, Shaping]] = {
    ObjectAction.FILL_HOLES: ("Fill holes", Shaping(fill_holes=None)),
    ObjectAction.REMOVE_SPECKS: ("Remove specks", Shaping(drop_specks=SPECK)),
    ObjectAction.KEEP_LARGEST: ("Keep largest part", Shaping(keep_largest=True)),
    ObjectAction.GROW: ("Grow", Shaping(grow=1)),
    ObjectAction.SHRINK: ("Shrink", Shaping(grow=-1)),
    ObjectAction.SMOOTH: ("Smooth", Shaping(smooth=2)),
}


@dataclass(frozen=True, slots=True)
class _Source:
    object_id: ObjectId
    digest: MaskDigest
    mask: Mask


@dataclass(frozen=True, slots=True)
class _Job:
    """What is to be done to masks of one frame, of the objects that were selected then; `title` is the undo step's."""

    title: str
    shaping: Shaping
    found: Chosen


class ShapingController(QObject):
    """One job at a time: wishes made meanwhile wait for it, since each starts from what the one before gave."""

    def __init__(
        self,
        bus: DocumentBus,
        view: ViewState,
        tasks: TaskRunner,
        notices: Notices,
        *,
        form: ShapeForm,
        canvas: CanvasView,
    ) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._tasks = tasks
        self._notices = notices
        self._form = form
        self._canvas = canvas
        self._waiting: deque[_Job] = deque()
        self._running: tuple[Task, _Job] | None = None
        self._previewed: Task | None = None
        form.changed.connect(self._preview)
        form.closed.connect(self._end_preview)

    def act(self, action: ObjectAction) -> None:
        """One step by name, or the form for several."""
        if action is ObjectAction.CLEAN_UP:
            self._ask()
        else:
            self._want(*_STEPS[action])

    def change(self, wish: ChangeShape) -> None:
        """The form was confirmed."""
        self._want("Clean up", wish.shaping)

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """The form belongs to the objects and the frame it was opened for."""
        if change.concerns(View.SELECTION, View.FRAME, View.ITEM):
            self._form.close_form()

    @Slot()
    def abandon(self) -> None:
        """Forget what is under way; the document is about to change in another way, or to close."""
        self._waiting.clear()
        if self._running is not None:
            self._running[0].token.set()
            self._running = None

    # ------------------------------------------------------------------------------------------------- the form

    def _ask(self) -> None:
        found = chosen(self._bus, self._view, self._notices)
        if found is not None and self._sources(found):
            self._form.ask(found.names)

    @Slot(object)
    def _preview(self, shaping: Shaping) -> None:
        self._drop_preview()
        found = chosen(self._bus, self._view, self._notices)
        if found is not None:
            self._previewed = self._tasks.run(tr("Preview"), _work(self._sources(found), shaping))

    @Slot()
    def _end_preview(self) -> None:
        self._drop_preview()
        self._canvas.set_previews({})

    def _drop_preview(self) -> None:
        if self._previewed is not None:
            self._previewed.token.set()
            self._previewed = None

    # ------------------------------------------------------------------------------------------------- the work

    def _want(self, title: str, shaping: Shaping) -> None:
        found = chosen(self._bus, self._view, self._notices)
        if found is not None:
            self._waiting.append(_Job(title, shaping, found))
            self._next()

    def _next(self) -> None:
        while self._running is None and self._waiting:
            job = self._waiting.popleft()
            sources = self._sources(job.found)
            if sources:
                self._running = self._tasks.run(tr(job.title), _work(sources, job.shaping)), job

    def _sources(self, found: Chosen) -> tuple[_Source, ...]:
        rows = [(row, found.mask_row(row.id)) for row in found.rows]
        sources = tuple(
            _Source(row.id, mask.digest, found.project.mask(mask.digest))
            for row, mask in rows
            if mask is not None and mask.digest is not None
        )
        if not sources:
            self._notices.post(tr("{names}: no mask on this frame.", names=found.names))
        return sources

    @Slot(object)
    def on_task(self, result: TaskResult) -> None:
        """Masks are shaped."""
        value = result.value
        if self._previewed is not None and result.task is self._previewed:
            self._previewed = None
            if isinstance(value, tuple):
                self._canvas.set_previews({shape.object_id: shape.mask for shape in value})
        elif self._running is not None and result.task is self._running[0]:
            job = self._running[1]
            self._running = None
            if isinstance(value, tuple):
                self._write(job, value)
            self._next()

    def _write(self, job: _Job, shapes: tuple[Shaped, ...]) -> None:
        project = self._bus.writable
        empty = tuple(shape.object_id for shape in shapes if not shape.mask)
        if project is not None and empty:
            rows = tuple(row for row in map(project.object, empty) if row is not None)
            text = tr("Nothing would be left of {names}: unchanged.", names=names_of(project, rows))
            self._notices.post(text, Tone.WARNING)
        kept = tuple(shape for shape in shapes if shape.mask)
        if kept and not self._bus.apply(SetShapes(job.found.item, job.found.frame, kept, job.title)):
            self._notices.post(tr("{title}: nothing to change.", title=tr(job.title)))


def _work(sources: tuple[_Source, ...], shaping: Shaping) -> Callable[[Progress, CancelToken], object]:
    """What the pool does: shape one mask after the other."""

    def work(progress: Progress, token: CancelToken) -> object:
        found = []
        for source in sources:
            token.check()
            found.append(Shaped(source.object_id, shaped(source.mask, shaping), source.digest))
        return tuple(found)

    return work
