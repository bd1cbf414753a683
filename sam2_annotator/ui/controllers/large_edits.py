"""Changes that take long: another thread makes them, over a connection of its own, and the window shows progress."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QWidget

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.commands import Command
from sam2_annotator.doc.place import Place
from sam2_annotator.doc.project import Project
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import DocError
from sam2_annotator.ui.dialogs.progress import ProgressDialog
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notices
from sam2_annotator.ui.threads.task_runner import Progress, Task, TaskResult, TaskRunner
from sam2_annotator.values.ids import StepId

FEW_ROWS = 500  # are written in a hundredth of a second
ROWS_OF_A_UNION = 20  # what putting two masks together costs, in rows

Work = Callable[[Project], Changes | None]
Ended = Callable[[Changes | None], None]


class LargeEdits(QObject):
    """While it works the document is lent: nothing else is written; answers and results wait (`DocumentBus.lent`)."""

    def __init__(self, bus: DocumentBus, tasks: TaskRunner, notices: Notices, window: QWidget) -> None:
        super().__init__()
        self._bus = bus
        self._tasks = tasks
        self._notices = notices
        self._window = window
        self._task: Task | None = None
        self._ended: Ended | None = None
        self._waiting: ProgressDialog | None = None

    def apply(
        self,
        command: Command,
        *,
        rows: int,
        then: Callable[[Changes], None],
        into: StepId | None = None,
        nothing: Callable[[], None] = lambda: None,
    ) -> None:
        """Do a command that writes about so many rows, here if those are few.

        `then` is called if anything changed, `nothing` if there was nothing to change.
        """

        def ended(changes: Changes | None) -> None:
            if changes:
                then(changes)
            elif changes is not None:
                nothing()

        if self._bus.writable is None:
            return
        if rows > FEW_ROWS and not self._bus.pending:
            words = tr("{step}…", step=tr(command.title))
            self.run(words, lambda project: project.apply(command, into=into), ended)
        else:
            ended(self._bus.apply(command, into=into))

    def run(self, words: str, work: Work, ended: Ended) -> None:
        """Let another thread write; `ended` gets what that changed, None when it was cancelled or failed."""
        project = self._bus.writable
        if project is None:
            return
        self._bus.lend()
        self._ended = ended
        self._waiting = ProgressDialog(words, QApplication.activeModalWidget() or self._window)
        self._task = self._tasks.run(
            words,
            partial(_elsewhere, project.place, project.newest_step, project.history_limit, work),
            never_held=True,
        )
        self._waiting.cancelled.connect(self._task.token.set)

    @Slot(object)
    def on_task(self, result: TaskResult) -> None:
        """It is done."""
        if result.task is not self._task or self._waiting is None or self._ended is None:
            return
        ended, self._task, self._ended = self._ended, None, None
        self._waiting.end()
        self._waiting = None
        changes = result.value if isinstance(result.value, Changes) else None
        self._bus.take_back(changes)
        if result.error is not None:
            self._notices.fail(result.error)
        ended(changes)


def _elsewhere(
    place: Place, newest: StepId, limit: int, work: Work, progress: Progress, token: CancelToken
) -> Changes | None:
    with Project.open_helper(place, newest, stop=lambda: token.is_set) as helper:
        helper.limit_history(limit)
        try:
            return work(helper)
        except DocError:
            token.check()  # it was stopped, and nothing has changed
            raise
