"""From a write to the disk: soon after each one, again and again when it fails, and restore points when asked."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sam2_annotator.doc.copies import RestorePoint
from sam2_annotator.doc.place import Place
from sam2_annotator.doc.project import Project
from sam2_annotator.engine.messages import ErrorReport
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import DocError, StorageError
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.live_settings import LiveSettings
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.panels.save_bar import SaveBar
from sam2_annotator.ui.threads.save_worker import SaveResult
from sam2_annotator.ui.threads.task_runner import Progress, Task, TaskResult, TaskRunner

_SOON_MS = 400  # with the time a checkpoint takes, within a second of the edit
_AGAIN_MS = 5_000


class SavingController(QObject):
    """`due` carries the place of a project whose writes are to be made safe; `hurried`: a person wants it now."""

    due = Signal(object)
    hurried = Signal()

    def __init__(
        self, bus: DocumentBus, tasks: TaskRunner, notices: Notices, settings: LiveSettings, bar: SaveBar
    ) -> None:
        super().__init__()
        self._bus = bus
        self._tasks = tasks
        self._notices = notices
        self._settings = settings
        self._bar = bar
        self._point: Task | None = None
        self._soon = self._timer(_SOON_MS, self._write)
        self._again = self._timer(_AGAIN_MS, self._write)

    def _timer(self, milliseconds: int, act: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(act)
        return timer

    @Slot(object)
    def on_project(self, project: Project | None) -> None:
        """Another project: what held for the one before is over."""
        self._soon.stop()
        self._again.stop()
        self._bar.hide()
        if self._bus.pending:  # it was saved elsewhere because of them
            self._soon.start()

    @Slot()
    def on_written(self) -> None:
        """A write: safe before a second has passed, also while more of them come."""
        if not self._soon.isActive():
            self._soon.start()

    @Slot(object)
    def on_result(self, result: SaveResult) -> None:
        """The worker made it safe, or could not."""
        project = self._bus.project
        if project is None or project.place != result.project:
            return
        if result.error is None:
            self._bus.tell_saved(result.at)
        elif isinstance(result.error, StorageError):
            self._bus.tell_saved(result.error)

    @Slot(object)
    def on_saved(self, outcome: datetime | DocError | None) -> None:
        """Keep saying why something is not saved, until it is."""
        if isinstance(outcome, datetime):
            self._again.stop()
            self._bar.hide()
        elif isinstance(outcome, DocError):
            waiting = self._bus.pending
            told = tr("{count} changes wait for it.", count=waiting) if waiting > 1 else ""
            told = tr("The last change waits for it.") if waiting == 1 else told
            self._bar.show_reason(" ".join(filter(None, (outcome.message, outcome.hint, told))))
            self._again.start()

    @Slot(object)
    def on_refused(self, error: DocError) -> None:
        """The document had no place for a change."""
        self._notices.fail(ErrorReport(error.message, error.hint, error.details))

    @Slot()
    def try_again(self) -> None:
        """Write what waits, and make it safe; a person asked for it."""
        self._write()
        self.hurried.emit()

    @Slot()
    def _write(self) -> None:
        if self._bus.try_again():
            self._save()

    @Slot()
    def _save(self) -> None:
        project = self._bus.writable
        if project is not None:
            self.due.emit(project.place)

    # --------------------------------------------------------------------------------------- restore points

    def save(self) -> None:
        """Make all safe now, and keep a restore point."""
        project = self._bus.writable
        if project is None or self._point is not None:
            return
        self._bus.saved.emit(None)
        self.try_again()
        kept = self._settings.now.restore_points
        self._point = self._tasks.run(tr("Restore point"), partial(_write_point, project=project.place, kept=kept))

    @Slot(object)
    def on_task(self, result: TaskResult) -> None:
        """The restore point is there, or is not."""
        if result.task is not self._point:
            return
        self._point = None
        if result.error is not None:
            self._notices.fail(result.error)
        elif isinstance(result.value, RestorePoint):
            self._notices.post(tr("Saved, with a restore point."), Tone.SUCCESS)
            self.hurried.emit()


def _write_point(progress: Progress, token: CancelToken, *, project: Place, kept: int) -> object:
    def tell(done: int, total: int) -> None:
        token.check()
        progress(done, total)

    with Project.open_again(project) as source:
        return source.save(tell, kept=kept)
