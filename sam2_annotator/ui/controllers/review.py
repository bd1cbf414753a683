"""Confirming, flagging, and where to look next."""

from __future__ import annotations

from PySide6.QtCore import QObject

from sam2_annotator.doc.commands import ConfirmFrames, FlagFrame, TakeBackConfirmation
from sam2_annotator.doc.project import Project
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.live_settings import LiveSettings
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.panels.file_entries import FileEntry, FileState, is_to_do, wants_a_look
from sam2_annotator.ui.panels.files_model import FilesModel
from sam2_annotator.ui.panels.flag_field import FlagField
from sam2_annotator.ui.view_state import ShownItem, ViewState
from sam2_annotator.values.intents import DocumentAction, GoToFrame, GoToItem, ReviewAction, SetFlag

Place = GoToFrame | GoToItem


class ReviewController(QObject):
    """Says what is right and what is not. `act` answers where to go then, None to stay."""

    def __init__(
        self,
        bus: DocumentBus,
        view: ViewState,
        notices: Notices,
        settings: LiveSettings,
        *,
        files: FilesModel,
        flag_field: FlagField,
    ) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._notices = notices
        self._settings = settings
        self._files = files
        self._flag_field = flag_field

    def act(self, wish: ReviewAction) -> Place | None:
        """Carry out a wish about the shown picture or frame."""
        project, shown = self._bus.project, self._view.item
        if project is None or shown is None:
            return None
        row = project.item(shown.media.item)
        says = wish in (ReviewAction.CONFIRM, ReviewAction.TAKE_BACK, ReviewAction.FLAG)
        if says and (row is None or row.frames == 0):
            self._notices.post(
                tr("{name} cannot be read, so there is nothing to say of it.", name=shown.media.path.name)
            )
            return None
        match wish:
            case ReviewAction.CONFIRM:
                return self._confirm(project, shown)
            case ReviewAction.TAKE_BACK:
                frame = self._view.frame
                if not self._bus.apply(TakeBackConfirmation(shown.media.item, range(frame, frame + 1))):
                    self._notices.post(tr("Nothing is confirmed here."))
            case ReviewAction.FLAG:
                self._toggle_flag(project, shown)
            case ReviewAction.NEXT:
                return self._next(project, shown, 1)
            case ReviewAction.PREVIOUS:
                return self._next(project, shown, -1)
            case ReviewAction.NEXT_TO_DO:
                return self._next_to_do(shown)
        return None

    def flag(self, wish: SetFlag) -> None:
        """Flag the shown picture or frame."""
        shown = self._view.item
        if shown is not None:
            self._bus.apply(FlagFrame(shown.media.item, self._view.frame, wish.reason.strip()))

    def _confirm(self, project: Project, shown: ShownItem) -> Place | None:
        if self._bus.writable is None:
            return None
        frame = self._view.frame
        self._bus.apply(ConfirmFrames(shown.media.item, range(frame, frame + 1)))
        return self._next(project, shown, 1) if self._settings.now.advance_after_confirm else None

    def _toggle_flag(self, project: Project, shown: ShownItem) -> None:
        if self._bus.writable is None:
            return
        review = project.review(shown.media.item, self._view.frame)
        if review is None or review.flag is None:
            self._flag_field.ask()
        elif self._bus.apply(FlagFrame(shown.media.item, self._view.frame, None)):
            self._notices.post(tr("Flag removed."), Tone.PLAIN, (tr("Undo"), DocumentAction.UNDO))

    # ---------------------------------------------------------------------------------------------- next

    def _next(self, project: Project, shown: ShownItem, step: int) -> Place | None:
        """The nearest frame of a clip, else the nearest item of the list, that is not confirmed or is flagged."""
        if shown.media.is_clip:
            frame = self._next_frame(project, shown, step)
            if frame is not None:
                return GoToFrame(frame)
        found = self._files.next_where(_entry(shown), step, wants_a_look)
        if found is None:
            self._say_none_left(shown, step)
        return None if found is None else GoToItem(found.item)

    def _next_frame(self, project: Project, shown: ShownItem, step: int) -> int | None:
        settled = project.settled_frames(shown.media.item)
        ahead = range(self._view.frame + step, shown.facts.frames if step > 0 else -1, step)
        return next((frame for frame in ahead if frame not in settled), None)

    def _next_to_do(self, shown: ShownItem) -> Place | None:
        found = self._files.next_where(_entry(shown), 1, is_to_do)
        if found is None:
            left = sum(is_to_do(entry) and entry.item != shown.media.item for entry in self._files.entries())
            if left:
                self._notices.post(tr("Nothing to do after this one; {count} files elsewhere.", count=left))
            else:
                self._notices.post(tr("Nothing left to do: every file is begun."), Tone.SUCCESS)
        return None if found is None else GoToItem(found.item)

    def _say_none_left(self, shown: ShownItem, step: int) -> None:
        left = sum(wants_a_look(entry) and entry.item != shown.media.item for entry in self._files.entries())
        if left:
            after = tr("Nothing to check after this one; {count} files elsewhere.", count=left)
            before = tr("Nothing to check before this one; {count} files elsewhere.", count=left)
            self._notices.post(after if step > 0 else before)
        else:
            self._notices.post(tr("Nothing left to check."), Tone.SUCCESS)


def _entry(shown: ShownItem) -> FileEntry:
    return FileEntry(shown.media, FileState.TODO)
