"""Status bar, tool strip and window title."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject, Signal, Slot

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.project import Project
from sam2_annotator.engine.messages import Activity, Ended, EndReason, ModelReady, Response
from sam2_annotator.errors import DocError
from sam2_annotator.jobs.open_paths import project_title
from sam2_annotator.tools import registry
from sam2_annotator.tools.base import Key
from sam2_annotator.ui.actions.action_set import ActionSet
from sam2_annotator.ui.canvas.values import PointerInfo
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.object_keys import name_of, target_of
from sam2_annotator.ui.panels.drawing_options import DrawingOptionsBar
from sam2_annotator.ui.panels.engine_popover import device_words, quality_word
from sam2_annotator.ui.panels.options_strip import Hint, OptionsStrip
from sam2_annotator.ui.panels.status_bar import EngineState, Saved, SaveState, StatusBar
from sam2_annotator.ui.presenters.drawing import drawing_hints, drawing_sentence
from sam2_annotator.ui.presenters.suggest import suggest_hints, suggest_sentence
from sam2_annotator.ui.threads.decoder_worker import FrameAnswer, FrameReady
from sam2_annotator.ui.view_state import View, ViewChange, ViewState
from sam2_annotator.values.input_size import Quality


class StatusPresenter(QObject):
    """Says what the next click does, what the engine does and whether all is saved."""

    title_changed = Signal(str)

    def __init__(
        self,
        bus: DocumentBus,
        view: ViewState,
        actions: ActionSet,
        bar: StatusBar,
        strip: OptionsStrip,
        drawing: DrawingOptionsBar,
    ) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._actions = actions
        self._bar = bar
        self._strip = strip
        self._key_pointer = False
        self._drawing = drawing
        self._model: ModelReady | None = None
        self._activity = Activity("")
        self._failed = False

    def begin(self) -> None:
        """Say what an empty window says."""
        self._show_tool()
        self.show_next_click()
        self._show_title()
        self._show_engine()
        self._show_saved()

    @Slot(object)
    def on_project(self, project: Project | None) -> None:
        """Another project."""
        if project is None:
            self._bar.set_zoom(None)
            self._bar.set_pointer(None, None)
        self._failed = False
        self._show_saved()
        self._show_title()
        self.show_label()

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """Follow item, frame, selection and tool."""
        if change.concerns(View.ITEM):
            self._show_title()
        if change.concerns(View.ITEM, View.FRAME):
            self._show_frame(None)
        if change.concerns(View.TOOL, View.ITEM, View.GESTURE):
            self._show_tool()
        if change.concerns(View.DRAWING):
            self._drawing.set_options(self._view.drawing)
        if change.concerns(View.ITEM, View.SELECTION, View.TOOL, View.GESTURE, View.DRAWING, View.SUGGESTIONS):
            self.show_next_click()
        if change.concerns(View.RUN):
            self._show_engine()

    @Slot(object)
    def on_frame(self, answer: FrameAnswer) -> None:
        """The true time of the shown frame."""
        if isinstance(answer, FrameReady) and answer.frame == self._view.frame:
            self._show_frame(answer.seconds)

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """A draft came or went: the next click does something else. Undo takes labels away."""
        if changes.objects:
            self.show_next_click()
        if changes.labels:
            self.show_label()

    @Slot(object)
    def on_pointer(self, pointer: PointerInfo) -> None:
        """Where the pointer is and what is under it."""
        project = self._bus.project
        inside = pointer.inside
        self._bar.set_pointer(pointer.x if inside else None, pointer.y if inside else None, _value(pointer.value))
        row = None if project is None or pointer.object_id is None else project.object(pointer.object_id)
        shown = self._view.item
        if project is None or row is None or shown is None:
            self._bar.set_under_pointer("", None)
            return
        mask = project.mask_row(shown.media.item, self._view.frame, row.id)
        self._bar.set_under_pointer(name_of(project, row), None if mask is None else mask.area)

    @Slot(object)
    def on_response(self, response: Response) -> None:
        """The model in use and what the engine does."""
        if isinstance(response, ModelReady):
            self._model = response
        elif isinstance(response, Activity):
            self._activity = response
        elif not (isinstance(response, Ended) and response.reason is EndReason.FAILED):
            return
        self._show_engine()

    @Slot(object)
    def on_saved(self, outcome: datetime | DocError | None) -> None:
        """Changes are on their way to the disk, are there, or cannot get there."""
        was_failed, self._failed = self._failed, isinstance(outcome, DocError)
        if isinstance(outcome, DocError):
            self._bar.set_saved(SaveState(Saved.FAILED, note=outcome.message))
        elif outcome is None:
            self._bar.set_saved(SaveState(Saved.SAVING))
        else:
            project = self._bus.project
            on_its_way = project is not None and project.place.is_copy
            kind = Saved.HERE if on_its_way else Saved.SAVED
            note = tr("The network drive does not have all of it yet.") if on_its_way else ""
            self._bar.set_saved(SaveState(kind, at=outcome.strftime("%H:%M"), note=note))
        if was_failed is not self._failed:
            self._show_title()

    @Slot(object)
    def on_arrived(self, at: datetime) -> None:
        """The network drive has everything."""
        if not self._failed:
            self._bar.set_saved(SaveState(Saved.SAVED, at=at.strftime("%H:%M")))

    @Slot()
    def on_moved(self) -> None:
        """The project is called otherwise."""
        self._show_title()

    @Slot()
    def show_label(self) -> None:
        """The label new objects get."""
        project = self._bus.project
        label = None if project is None or project.current_label is None else project.label(project.current_label)
        self._strip.set_label(None if label is None else label.name, None if label is None else label.colour)

    @Slot()
    def show_next_click(self) -> None:
        """What the next click does (STA-1)."""
        self._bar.set_next_click(self._next_click())

    @Slot()
    def on_keys(self) -> None:
        """Commands have other keys."""
        self._show_tool()
        self.show_next_click()

    @Slot(bool)
    def on_key_pointer(self, on: bool) -> None:
        """Keys move the pointer, or no more."""
        self._key_pointer = on
        self.show_next_click()

    def _next_click(self) -> str:
        if self._key_pointer:
            return tr("Keyboard pointer on ({key} to leave)", key=self._actions.key_text("view.key_pointer"))
        project, shown = self._bus.project, self._view.item
        if project is None or shown is None:
            return tr("Drop pictures, a folder or a video on the window")
        if project.read_only:
            who = project.holder
            return (
                tr("Read-only: {who} works on this project", who=who)
                if who
                else tr("Read-only: nothing can be changed")
            )
        row = target_of(project, shown.media.item, self._view.selection)
        name = tr("a new object") if row is None else name_of(project, row)
        if (sentence := drawing_sentence(self._view, self._actions, row, name)) is not None:
            return sentence
        if self._view.tool == "select":
            return tr("Click: select · Shift + click: add · Double click: edit outline · Del: delete")
        if self._view.tool == "suggest":
            return suggest_sentence(self._view, self._actions)
        if self._view.tool == "pan":
            return tr("Drag: move the picture")
        if row is None:
            return tr("Click: outline a new object · Drag: box")
        return tr(
            "Click: add to {name} · Right click: take away · {key}: {end}",
            name=name,
            key=self._actions.key_text("object.accept"),
            end=tr("accept") if row.draft else tr("done"),
        )

    def _show_engine(self) -> None:
        model, activity, run = self._model, self._activity, self._view.run
        if run is not None and run.done:
            activity = Activity(tr("Tracking"), run.done / run.total)
        if model is None and not activity.text:
            self._bar.set_engine(None)
            return
        title, device = ("", "") if model is None else (_title(model), device_words(model.device))
        self._bar.set_engine(EngineState(device, title, activity.text, activity.fraction, busy=bool(activity.text)))

    def _show_saved(self) -> None:
        project = self._bus.project
        if project is None:
            self._bar.set_saved(None)
        elif project.read_only:
            self._bar.set_saved(SaveState(Saved.READ_ONLY, note=project.holder or ""))
        elif not self._failed:
            self._bar.set_saved(SaveState(Saved.SAVED, at=_last_change(project)))

    def _show_frame(self, seconds: float | None) -> None:
        shown = self._view.item
        if shown is None or not shown.media.is_clip:
            self._bar.set_frame(None, 0, None)
        else:
            self._bar.set_frame(self._view.frame, shown.facts.frames, seconds)

    def _show_tool(self) -> None:
        entry = registry.find(self._view.tool)
        editing = entry.id == "select" and Key.ENTER in self._view.gesture
        hints = drawing_hints(entry.id, self._actions, editing=editing) or _hints(entry.id, self._actions)
        self._strip.set_tool(entry.icon, tr(entry.title), hints, entry.id)
        self._drawing.set_tool(entry.id, editing=editing)

    def _show_title(self) -> None:
        project, shown = self._bus.project, self._view.item
        if project is None:
            self.title_changed.emit(tr("SAM 2 Annotator"))
            return
        mark = "● " if self._failed else ""
        item = "" if shown is None else f"{shown.media.path.name} — "
        self.title_changed.emit(f"{mark}{item}{project_title(project.path)} — " + tr("SAM 2 Annotator"))


def _title(model: ModelReady) -> str:
    """The model, with its quality where that is not the full one."""
    if model.quality is Quality.FULL:
        return model.title
    return tr("{model}, {quality}", model=model.title, quality=quality_word(model.quality).lower())


def _last_change(project: Project) -> str:
    return project.revised.astimezone().strftime("%H:%M") if project.revision else ""


def _value(value: tuple[int, int, int] | None) -> str:
    """A pixel as people read it: one number where it is grey."""
    if value is None:
        return ""
    red, green, blue = value
    return str(red) if red == green == blue else tr("R {red} G {green} B {blue}", red=red, green=green, blue=blue)


def _hints(tool: str, actions: ActionSet) -> tuple[Hint, ...]:
    accept = Hint(actions.key_text("object.accept"), tr("accept"))
    match tool:
        case "prompt":
            return (
                Hint(tr("Click"), tr("add")),
                Hint(tr("Right click"), tr("take away")),
                Hint(tr("Drag"), tr("box")),
                accept,
                Hint(actions.key_text("object.next_candidate"), tr("next candidate")),
            )
        case "box":
            return (Hint(tr("Two clicks or drag"), tr("box")), accept)
        case "suggest":
            return suggest_hints(actions)
        case "select":
            return (Hint(tr("Click"), tr("select")), Hint(tr("Shift + click"), tr("add to selection")))
        case _:
            return (Hint(tr("Drag"), tr("move the picture")),)
