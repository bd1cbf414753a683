"""Time line, transport and propagation bar of a clip."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import ObjectRow
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.live_settings import LiveSettings, SettingsChange
from sam2_annotator.ui.object_looks import Looks
from sam2_annotator.ui.panels.propagation_bar import PropagationBar, RunState
from sam2_annotator.ui.panels.timeline import LaneEntry, Timeline
from sam2_annotator.ui.panels.transport import Transport
from sam2_annotator.ui.threads.decoder_worker import FrameAnswer, FrameReady
from sam2_annotator.ui.view_state import ShownItem, View, ViewChange, ViewState
from sam2_annotator.values.ids import FrameIndex, ItemId


class ClipPresenter(QObject):
    """Shows where in the clip one is and what is known there."""

    def __init__(
        self,
        bus: DocumentBus,
        view: ViewState,
        live: LiveSettings,
        timeline: Timeline,
        transport: Transport,
        bar: PropagationBar,
    ) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._settings = live
        self._timeline = timeline
        self._transport = transport
        self._bar = bar

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """Follow the shown item, frame, selection and run."""
        shown = self._clip()
        if change.concerns(View.ITEM) and shown is not None:
            self._timeline.set_clip(shown.facts.frames, shown.facts.fps)
            self._transport.set_clip(shown.facts.frames, shown.facts.fps)
            if self._bus.project is not None:
                self._show_lanes(self._bus.project, shown.media.item)
                self._show_states(self._bus.project, shown.media.item)
                self._timeline.set_flags(self._bus.project.flagged_frames(shown.media.item))
        if change.concerns(View.FRAME) and shown is not None:
            self._timeline.set_frame(self._view.frame)
            fps = shown.facts.fps
            self._transport.set_frame(self._view.frame, self._view.frame / fps if fps else None)
        if change.concerns(View.ITEM, View.SELECTION):
            self._show_chosen()
        if change.concerns(View.RUN):
            self._show_run()
        if change.concerns(View.PLAYING):
            self._transport.set_playing(self._view.playing)

    @Slot(object)
    def on_frame(self, answer: FrameAnswer) -> None:
        """The true time of a frame comes with its pixels."""
        shown = self._clip()
        if shown is not None and isinstance(answer, FrameReady) and answer.frame == self._view.frame:
            self._transport.set_frame(answer.frame, answer.seconds)

    @Slot(object)
    def on_settings(self, change: SettingsChange) -> None:
        """Lanes may have other colours now."""
        shown = self._clip()
        if change.concerns("colour_by") and shown is not None and self._bus.project is not None:
            self._show_lanes(self._bus.project, shown.media.item)

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """Show new states, frame by frame when few changed. An object never comes or goes without its masks."""
        shown, project = self._clip(), self._bus.project
        if shown is None or project is None:
            return
        item = shown.media.item
        if changes.objects or changes.labels:
            self._show_lanes(project, item)
            self._show_chosen()
        if any(where == item for where, _ in changes.reviews):
            self._timeline.set_flags(project.flagged_frames(item))
        frames = [frame for where, frame in changes.masks if where == item]
        if len(frames) > _FEW:
            self._show_states(project, item)
        else:
            for frame in frames:
                self._show_frame_states(project, item, frame)

    def _clip(self) -> ShownItem | None:
        shown = self._view.item
        return shown if shown is not None and shown.media.is_clip and self._bus.project is not None else None

    def _objects(self, shown: ShownItem) -> tuple[ObjectRow, ...]:
        return () if self._bus.project is None else self._bus.project.objects(shown.media.item)

    def _show_lanes(self, project: Project, item: ItemId) -> None:
        names = {label.id: label.name for label in project.labels()}
        by = self._settings.now.colour_by
        looks = Looks(project, "object" if by == "state" else by)  # a lane shows the states by itself
        self._timeline.set_lanes(
            tuple(
                LaneEntry(row.id, row.number, "" if row.label is None else names[row.label], looks.mark(row, None)[0])
                for row in project.objects(item)
            )
        )

    def _show_states(self, project: Project, item: ItemId) -> None:
        states = project.states(item)
        for row in project.objects(item):
            self._timeline.set_states(row.id, {int(frame): state for frame, state in states.get(row.id, {}).items()})

    def _show_frame_states(self, project: Project, item: ItemId, frame: FrameIndex) -> None:
        known = {row.object: row.state for row in project.masks(item, frame)}
        self._timeline.update_frame(frame, {row.id: known.get(row.id) for row in project.objects(item)})

    def _show_chosen(self) -> None:
        shown = self._clip()
        if shown is None:
            return
        rows = [row for row in self._objects(shown) if not row.locked]
        chosen = [row for row in rows if not self._view.selection or row.id in self._view.selection]
        self._bar.set_objects(len(chosen), len(rows))

    def _show_run(self) -> None:
        run = self._view.run
        self._bar.set_run(
            None
            if run is None
            else RunState(run.direction, run.done, run.total, run.rate, run.seconds_left, run.stopping)
        )


_FEW = 8
