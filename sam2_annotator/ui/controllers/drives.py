"""From a write to the network drive a project lies on: soon after it, again and again while the drive is away, and at
the end of the program."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from sam2_annotator.doc.project import Project
from sam2_annotator.doc.remote import Outcome, WorkingCopies
from sam2_annotator.doc.transfer import drive_error
from sam2_annotator.jobs.open_paths import project_title
from sam2_annotator.ui.dialogs.finishing import FinishingDialog
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.live_settings import LiveSettings
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.panels.save_bar import SaveBar
from sam2_annotator.ui.panels.task_progress import TaskProgressWidget
from sam2_annotator.ui.threads.drive_worker import DriveProgress, DriveReport, DriveRequest
from sam2_annotator.values.intents import OpenPaths

_SOON_MS = 1_000
_SHARE = 4  # of the time since it last began, at most a fifth goes into writing
_AGAIN_MS, _LONGEST_MS = 5_000, 60_000
_SILENT_MS = 10_000
_SHOWN_AFTER_MS = 1_000
_LEAVE_MS = 2_000


class DrivesController(QObject):
    """`due` carries a DriveRequest; one is under way at a time. `arrived` carries the time at which the drive had
    everything."""

    due = Signal(object)
    arrived = Signal(object)

    def __init__(
        self,
        bus: DocumentBus,
        copies: WorkingCopies,
        notices: Notices,
        settings: LiveSettings,
        *,
        bar: SaveBar,
        progress: TaskProgressWidget,
        window: QWidget,
    ) -> None:
        super().__init__()
        self._bus = bus
        self._copies = copies
        self._notices = notices
        self._settings = settings
        self._bar = bar
        self._progress = progress
        self._window = window
        self._request: DriveRequest | None = None
        self._more = False  # something was written since the request under way
        self._failures = 0
        self._failed: set[Path] = set()  # closed projects whose drive was said to be away
        self._taken = 0.0
        self._then: Callable[[], None] | None = None
        self._dialog: FinishingDialog | None = None
        self._soon = self._timer(self._go)
        self._again = self._timer(self._go)
        self._silent = self._timer(self._tell_silence)
        self._shown = self._timer(self._show_progress)
        self._leaving = self._timer(self._leave)

    def _timer(self, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(act)
        return timer

    # ---------------------------------------------------------------------------------------------- when to write

    def begin(self) -> None:
        """Take up what former runs could not write any more."""
        self._go(is_first=True)

    @Slot(object)
    def on_project(self, project: Project | None) -> None:
        """Another project: what the one before owes its drive is written at once."""
        self._bar.hide()
        if project is not None and project.place.is_copy and not project.read_only:
            words = tr(
                "This project lies on a network drive. You work on a copy here, which is written back as you go."
            )
            self._notices.once(words, topic="network drive")
        if self._copies.open_or_owing:
            self.hurry()

    @Slot()
    def on_written(self) -> None:
        """A write: it follows to the drive soon, the later the longer the drive takes."""
        project = self._bus.project
        if project is None or not project.place.is_copy:
            return
        if self._request is not None:
            self._more = True
        else:
            self._go_soon()

    @Slot()
    def hurry(self) -> None:
        """Write now."""
        if self._request is not None:
            self._more = True
        elif self._copies.open_or_owing:
            self._go()

    def _go_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start(min(_LONGEST_MS, max(_SOON_MS, round(_SHARE * 1000 * self._taken))))

    def _go(self, *, is_first: bool = False) -> None:
        if self._request is not None:
            return
        self._soon.stop()
        self._again.stop()
        self._more = False
        self._request = DriveRequest(self._settings.now.restore_points, is_first)
        self._silent.start(_SILENT_MS)
        self._shown.start(_SHOWN_AFTER_MS)
        self.due.emit(self._request)

    # ---------------------------------------------------------------------------------------------- what came of it

    @Slot(object)
    def on_progress(self, progress: DriveProgress) -> None:
        """A part is there."""
        self._silent.start(_SILENT_MS)
        if self._dialog is not None:
            self._dialog.set_progress(progress.done, progress.total)
        elif not self._shown.isActive():
            self._progress.show_progress(tr("Writing to the network drive"), progress.done, progress.total)

    @Slot(object)
    def on_done(self, report: DriveReport) -> None:
        """The drives were written to, or could not be."""
        self._request = None
        self._silent.stop()
        self._shown.stop()
        self._progress.hide()
        self._taken = report.seconds
        for outcome in report.outcomes:
            if outcome.is_open:
                self._take_open(outcome, report.at)
            else:
                self._take_closed(outcome, report.request)
        errors = [outcome.error for outcome in report.outcomes if outcome.error is not None]
        self._failures = self._failures + 1 if errors else 0
        if self._then is not None:
            self._finish(errors[0].message if errors else "")
        elif errors:
            self._again.start(min(_LONGEST_MS, _AGAIN_MS * 2 ** (self._failures - 1)))
        elif self._more:
            self._go_soon()

    def _take_open(self, outcome: Outcome, at: datetime) -> None:
        project = self._bus.project
        if project is None or project.place.file != outcome.place.file:
            return
        if outcome.error is not None:
            self._bar.show_reason(f"{outcome.error.message} {outcome.error.hint}".strip())
            return
        self._bar.hide()
        written = outcome.written
        if written is not None and written.instead_of is not None:
            self._bus.move(written.place.path)
            words = tr(
                "Somebody else changed {name} on its drive. It stays as it is; your work goes on as {new} beside it.",
                name=written.instead_of.name,
                new=written.place.path.name,
            )
            self._notices.post(words, Tone.WARNING)
        if not self._more and not project.read_only:
            self.arrived.emit(at)

    def _take_closed(self, outcome: Outcome, request: DriveRequest) -> None:
        path, written = outcome.place.path, outcome.written
        if outcome.error is not None:
            if path not in self._failed:
                self._failed.add(path)
                self._notices.post(f"{outcome.error.message} {outcome.error.hint}".strip(), Tone.WARNING)
            return
        if written is None:
            return
        if written.instead_of is not None:
            words = tr(
                "Somebody else changed {name} on its drive. It stays as it is; your work on it is saved beside it, "
                "as {new}.",
                name=written.instead_of.name,
                new=written.place.path.name,
            )
            self._notices.post(words, Tone.WARNING, (tr("Open it"), OpenPaths((written.place.path,))))
        elif path in self._failed or request.is_first:
            words = tr("The network drive has all of your work on {name} now.", name=project_title(path))
            self._notices.post(words, Tone.SUCCESS)
        self._failed.discard(path)

    def _tell_silence(self) -> None:
        """The drive does not even say no."""
        project = self._bus.project
        if project is not None and project.place.is_copy:
            error = drive_error(project.path, OSError("no answer"))
            self._bar.show_reason(f"{error.message} {error.hint}")

    def _show_progress(self) -> None:
        if self._request is not None and self._dialog is None and self._copies.open_or_owing:
            self._progress.show_progress(tr("Writing to the network drive"), 0, None)

    # ------------------------------------------------------------------------------------------ the end of the program

    def finish(self, then: Callable[[], None]) -> None:
        """The project is closed: write what drives lack, and go on with `then`, at once when they lack nothing."""
        owing = self._copies.owing
        if not owing:
            then()
            return
        self._then = then
        self._dialog = FinishingDialog(project_title(owing[0]), self._window)
        self._dialog.left.connect(self._quit_now)
        self.hurry()

    def _finish(self, failure: str) -> None:
        if self._dialog is None or self._leaving.isActive():
            self._leave()
        elif self._more:
            self._go()
        elif failure:
            self._dialog.show_failure(failure)
        else:
            self._leave()

    @Slot()
    def _quit_now(self) -> None:
        if self._request is None:
            self._leave()
        else:
            self._request.token.set()
            self._leaving.start(_LEAVE_MS)  # a drive that does not answer hears nothing

    def _leave(self) -> None:
        self._leaving.stop()
        if self._dialog is not None:
            self._dialog.end()
            self._dialog = None
        then, self._then = self._then, None
        if then is not None:
            then()
