"""Plain functions on a pool of two threads: export, downloads, reading folders."""

from __future__ import annotations

import itertools
import time
import traceback
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, Signal, Slot

from sam2_annotator import log
from sam2_annotator.engine.messages import ErrorReport
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import AnnotatorError, Cancelled

_WORKERS = 2
_PROGRESS_INTERVAL = 0.05
_log = log.get("jobs")


@dataclass(frozen=True, slots=True)
class Task:
    """One function on its way; `title` is for people. The result of one that is `never_held` comes at once."""

    id: int
    title: str
    never_held: bool = False
    token: CancelToken = field(default_factory=CancelToken, compare=False)


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """`done` of `total` (None when unknown) units."""

    task: Task
    done: int
    total: int | None


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What the function gave back, or why it could not; neither when it was cancelled."""

    task: Task
    value: object = None
    error: ErrorReport | None = None
    cancelled: bool = False


Progress = Callable[[int, int | None], None]
TaskFunction = Callable[[Progress, CancelToken], object]


def heard(progress: Progress, token: CancelToken) -> Callable[[int, int], None]:
    """For work that only tells how far it is: it is ended by that too, with Cancelled."""

    def tell(done: int, total: int) -> None:
        token.check()
        progress(done, total)

    return tell


class TaskRunner(QObject):
    """Lives on the GUI thread; `finished` is sent once per task."""

    finished = Signal(object)
    progressed = Signal(object)
    _ended = Signal(object)
    _moved = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="task")
        self._ids = itertools.count(1)
        self._running: dict[int, tuple[Task, Future[None]]] = {}
        self._held = False
        self._kept: deque[TaskResult] = deque()
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._moved.connect(self._progress, Qt.ConnectionType.QueuedConnection)

    @property
    def running(self) -> tuple[Task, ...]:
        """The tasks without a result."""
        return tuple(task for task, _ in self._running.values())

    def run(self, title: str, function: TaskFunction, *, never_held: bool = False) -> Task:
        """Start a function; it gets a progress callback and its cancel token, and touches no Qt object."""
        task = Task(next(self._ids), title, never_held)
        self._running[task.id] = (task, self._pool.submit(self._run, task, function))
        return task

    def stop(self, timeout: float) -> bool:
        """Cancel everything and wait up to `timeout` seconds; True when nothing is left running."""
        for task, _ in self._running.values():
            task.token.set()
        self._pool.shutdown(wait=False, cancel_futures=True)
        begun = [future for _, future in self._running.values() if not future.cancelled()]
        return not wait(begun, timeout).not_done

    def _run(self, task: Task, function: TaskFunction) -> None:
        last = 0.0

        def progress(done: int, total: int | None) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= _PROGRESS_INTERVAL:
                last = now
                self._moved.emit(TaskProgress(task, done, total))

        try:
            result = TaskResult(task, value=function(progress, task.token))
        except Cancelled:
            result = TaskResult(task, cancelled=True)
        except AnnotatorError as error:
            result = TaskResult(task, error=ErrorReport(error.message, error.hint, error.details))
        except Exception as error:
            _log.error("task failed", cause=error, title=task.title)
            result = TaskResult(task, error=ErrorReport(f"{task.title} failed: {error}", "", traceback.format_exc()))
        self._ended.emit(result)

    @Slot(bool)
    def hold(self, held: bool) -> None:
        """Keep results back while nobody could write them down; afterwards they are sent in their order."""
        self._held = held
        while self._kept and not self._held:
            self._deliver(self._kept.popleft())

    @Slot(object)
    def _deliver(self, result: TaskResult) -> None:
        if self._held and not result.task.never_held:
            self._kept.append(result)
            return
        self._running.pop(result.task.id, None)
        self.finished.emit(result)

    @Slot(object)
    def _progress(self, progress: TaskProgress) -> None:
        if progress.task.id in self._running:
            self.progressed.emit(progress)
