"""Going to frames and items."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Slot

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import ItemRow
from sam2_annotator.doc.step_list import StepSubject
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.live_settings import LiveSettings
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.panels.file_entries import FileEntry, FileState
from sam2_annotator.ui.panels.files_model import FilesModel
from sam2_annotator.ui.step_words import Stepped, Way, subject_words
from sam2_annotator.ui.view_state import ShownItem, View, ViewChange, ViewState
from sam2_annotator.values.frame import MediaFacts
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.intents import DocumentAction, GoToFrame, GoToItem, StepFrame, StepItem, StepKey

_REST_MS = 300
_STEP = "step"  # notices of where undo went


@dataclass(frozen=True, slots=True)
class _Place:
    """Where somebody was."""

    shown: ShownItem
    frame: FrameIndex
    selection: tuple[ObjectId, ...]


class NavigationController(QObject):
    """Moves the view; remembers in the project where the user was."""

    def __init__(
        self, bus: DocumentBus, view: ViewState, notices: Notices, files: FilesModel, settings: LiveSettings
    ) -> None:
        super().__init__()
        self._settings = settings
        self._files = files
        self._bus = bus
        self._view = view
        self._notices = notices
        self._left: _Place | None = None  # waits for the project that is gone on with
        self._rest = QTimer(self)  # a key that is held down goes through many files
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.remember)

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """A crash is to find what is shown now, not what was shown before it."""
        if change.concerns(View.ITEM, View.FRAME) and not self._rest.isActive():
            self._rest.start()

    @Slot()
    def leave(self) -> None:
        """The open project goes, and one comes that is to be shown where this one is left."""
        shown = self._view.item
        self._left = None if shown is None else _Place(shown, self._view.frame, self._view.selection)

    @Slot(object)
    def lead(self, project: Project) -> None:
        """It comes: let it begin where the other was left, if it has that item."""
        left = self._left
        row = None if left is None else project.item(left.shown.media.item)
        if left is not None and row is not None and row.path == left.shown.media.path:
            project.set_view(row.id, left.frame)

    @Slot()
    def arrive(self) -> None:
        """It is there: select what was selected."""
        left, self._left = self._left, None
        project, shown = self._bus.project, self._view.item
        if left is not None and project is not None and shown is not None and shown.media == left.shown.media:
            there = {row.id for row in project.objects(shown.media.item)}
            self._view.select(*(one for one in left.selection if one in there))

    @Slot()
    def show_first(self) -> None:
        """The item and frame the project was left at, else its first item; nothing while an item is shown."""
        project, shown = self._bus.project, self._view.item
        if project is not None and shown is not None and project.item(shown.media.item) is not None:
            return
        if project is None:
            self._view.show_item(None)
            return
        left_at = project.view()
        row = None if left_at is None else project.item(left_at.item)
        if row is not None and left_at is not None:
            self._view.show_item(_shown(row), left_at.frame)
        else:
            self._show_first_of_list(project)

    def _show_first_of_list(self, project: Project) -> None:
        row = project.item(self._files.entry(0).item) if self._files.rowCount() else None
        self._view.show_item(None if row is None else _shown(row))

    @Slot()
    def show_nothing(self) -> None:
        """Nothing is open, or its items are not known yet."""
        self._view.show_item(None)

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """Undo may take the shown item away, and redo bring items back to an empty view."""
        project, shown = self._bus.project, self._view.item
        if project is None or not changes.items:
            return
        if shown is None:
            self.show_first()
        elif project.item(shown.media.item) is None:
            self._show_next_of(project, shown)
        elif shown.media.item in changes.items:
            self._show_anew(project, shown)

    def _show_anew(self, project: Project, shown: ShownItem) -> None:
        """The file of the shown item may have been found elsewhere, or can be read at last."""
        row = project.item(shown.media.item)
        if row is not None and (row.ref, _shown(row).facts) != (shown.media, shown.facts):
            self._view.show_item(_shown(row), self._view.frame)

    def _show_next_of(self, project: Project, gone: ShownItem) -> None:
        """What comes after an item that was taken away, else what came before it."""
        here = FileEntry(gone.media, FileState.TODO)
        near = self._files.beyond(here, 1) or self._files.beyond(here, -1)
        row = project.item(near[0].item) if near else None
        if row is not None:
            self._view.show_item(_shown(row))
        else:
            self._show_first_of_list(project)

    def go_to_frame(self, wish: GoToFrame) -> None:
        """Show a frame."""
        self._view.show_frame(wish.frame)

    def step_frame(self, wish: StepFrame) -> bool:
        """Frames on or back; in a folder of pictures, items. False when that is where one was."""
        shown, before = self._view.item, self._view.frame
        if shown is None:
            return False
        step = wish.step * (self._settings.now.step_frames if wish.long else 1)
        if shown.media.is_clip:
            self._view.show_frame(self._view.frame + step)
        else:
            self.step_item(StepItem(step))
        return self._view.item is not shown or self._view.frame != before

    def step_key(self, wish: StepKey) -> None:
        """The next or previous frame with a key state of a selected object, or of any."""
        project, shown = self._bus.project, self._view.item
        if project is None or shown is None:
            return
        chosen = self._view.selection
        frames = {
            frame
            for object_id, states in project.states(shown.media.item).items()
            if not chosen or object_id in chosen
            for frame, state in states.items()
            if state.is_human
        }
        here = self._view.frame
        target = (
            min((f for f in frames if f > here), default=None)
            if wish.step > 0
            else max((f for f in frames if f < here), default=None)
        )
        if target is not None:
            self._view.show_frame(target)

    @Slot(object)
    def go_to(self, item: ItemId) -> None:
        """Show an item that has just come."""
        self.go_to_item(GoToItem(item))

    def go_to_item(self, wish: GoToItem) -> None:
        """Show an item, a clip at its first frame."""
        project = self._bus.project
        row = None if project is None else project.item(wish.item)
        shown = self._view.item
        if row is not None and (shown is None or row.id != shown.media.item):
            self._view.show_item(_shown(row))

    def step_item(self, wish: StepItem) -> None:
        """Items on or back in the order of the list, filtered ones left out; stops at the ends."""
        shown = self._view.item
        beyond = () if shown is None else self._files.beyond(FileEntry(shown.media, FileState.TODO), wish.step)
        if beyond:
            self.go_to_item(GoToItem(beyond[-1].item))

    @Slot(object)
    def follow(self, step: Stepped) -> None:
        """Go where a step belongs that was undone, redone or gone to, and say so when that is elsewhere (UND-2)."""
        self._notices.withdraw(_STEP)
        shown, project, subject = self._view.item, self._bus.project, step.subject
        if shown is None and step.way is not Way.REDONE:
            back = (tr("Redo"), DocumentAction.REDO)
            self._notices.post(
                tr("The files were taken off the list. Redo brings them back."), Tone.PLAIN, back, topic=_STEP
            )
        row = None if project is None or subject.item is None else project.item(subject.item)
        if shown is None or row is None or self._is_here(subject):
            return
        frame = FrameIndex(0) if subject.frames is None else subject.frames[0]
        if row.id != shown.media.item:
            self._view.show_item(_shown(row), frame)
        else:
            self._view.show_frame(frame)
        title, place = tr(step.title), subject_words(subject)
        match step.way:
            case Way.UNDONE:
                words = tr("Undid: {title}, {place}", title=title, place=place)
            case Way.REDONE:
                words = tr("Did again: {title}, {place}", title=title, place=place)
            case Way.REACHED:
                words = tr("Now after: {title}, {place}", title=title, place=place)
        self._notices.post(words, topic=_STEP)

    def _is_here(self, subject: StepSubject) -> bool:
        """Whether what is shown is among what a step is about."""
        shown, here, frames = self._view.item, self._view.frame, subject.frames
        is_shown = shown is not None and shown.media.item == subject.item
        return is_shown and (frames is None or frames[0] <= here <= frames[1])

    @Slot()
    def remember(self) -> None:
        """Note in the project where the user is."""
        self._rest.stop()
        shown, project = self._view.item, self._bus.writable
        if shown is None or project is None or project.item(shown.media.item) is None:
            return
        known = project.view()
        if known is None or (known.item, known.frame) != (shown.media.item, self._view.frame):
            self._bus.remember_view(shown.media.item, self._view.frame)


def _shown(row: ItemRow) -> ShownItem:
    return ShownItem(row.ref, MediaFacts(row.width, row.height, max(1, row.frames), row.fps))
