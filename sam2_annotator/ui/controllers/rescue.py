"""The way out of a damaged project."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from sam2_annotator.doc import copies, salvage
from sam2_annotator.doc.salvage import Rescued
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import DamagedError
from sam2_annotator.jobs.open_paths import PROJECT_SUFFIX, project_title
from sam2_annotator.ui.dialogs.progress import ProgressDialog
from sam2_annotator.ui.dialogs.rescue import RescueDialog
from sam2_annotator.ui.i18n import day_time, tr
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.threads.task_runner import Progress, Task, TaskFunction, TaskResult, TaskRunner


@dataclass(frozen=True, slots=True)
class _Done:
    """A project to open in place of a damaged one; `rescued` says what came over, None for a restore point."""

    project: Path
    rescued: Rescued | None


@dataclass(frozen=True, slots=True)
class _Damaged:
    """A project that cannot be opened as it is, and its restore points, newest first."""

    project: Path
    error: DamagedError
    points: tuple[copies.RestorePoint, ...]


class RescueController(QObject):
    """Asks what to do about a damaged project and does it. `open_wanted` carries paths."""

    open_wanted = Signal(object)

    def __init__(self, tasks: TaskRunner, notices: Notices, theme: Theme, *, projects: Path, window: QWidget) -> None:
        super().__init__()
        self._tasks = tasks
        self._notices = notices
        self._theme = theme
        self._projects = projects
        self._window = window
        self._task: Task | None = None
        self._progress: ProgressDialog | None = None

    @Slot(object, object)
    def ask(self, project: Path, error: DamagedError) -> None:
        """A project that cannot be opened as it is."""
        work = partial(_look, project=project, error=error)
        self._task = self._tasks.run(tr("Looking for restore points"), work)

    def _offer(self, damaged: _Damaged) -> None:
        project, points = damaged.project, damaged.points
        newest = day_time(points[0].made) if points else ""
        dialog = RescueDialog(self._theme, project.name, newest, damaged.error.details, self._window)
        dialog.rescue_wanted.connect(
            partial(self._start, tr("Rescuing {name}", name=project.name), self._rescue(project))
        )
        if points:
            again = partial(_restore, point=points[0].path, project=project, what=tr("restored"))
            dialog.point_wanted.connect(partial(self._start, tr("Copying {name}", name=points[0].path.name), again))
        dialog.open()

    def _rescue(self, project: Path) -> TaskFunction:
        folders = (project.parent, self._projects)
        return partial(_rescue, project=project, folders=folders, what=tr("rescued"))

    def _start(self, words: str, function: TaskFunction) -> None:
        self._task = self._tasks.run(words, function)
        self._progress = ProgressDialog(words, self._window)
        self._progress.cancelled.connect(self._task.token.set)

    @Slot(object)
    def on_task(self, result: TaskResult) -> None:
        """The rescue ended."""
        if result.task is not self._task:
            return
        self._task = None
        if self._progress is not None:
            self._progress.end()
            self._progress = None
        if result.error is not None:
            self._notices.fail(result.error)
        elif isinstance(result.value, _Damaged):
            self._offer(result.value)
        elif isinstance(result.value, _Done):
            self.open_wanted.emit((result.value.project,))
            if result.value.rescued is not None:
                self._tell(result.value.rescued)

    def _tell(self, rescued: Rescued) -> None:
        saved, dropped = rescued.saved, sum(rescued.dropped.values())
        self._notices.post(
            tr(
                "Rescued: {items} pictures and clips, {objects} objects, {masks} masks.",
                items=saved.get("item", 0),
                objects=saved.get("object", 0),
                masks=saved.get("frame_mask", 0),
            ),
            Tone.SUCCESS,
        )
        if rescued.unreadable and dropped:
            words = tr("Lost: {count} entries that made no sense, and what lay in the unreadable part.", count=dropped)
        elif rescued.unreadable:
            words = tr("Lost: what lay in the unreadable part of the file.")
        else:
            words = tr("Lost: {count} entries that made no sense.", count=dropped) if dropped else ""
        if words:
            self._notices.post(words, Tone.WARNING)


def _free(folder: Path, project: Path, what: str) -> Path:
    """A new name in a folder for what is made of a project."""
    title, number = f"{project_title(project)} ({what})", 2
    target = folder / f"{title}{PROJECT_SUFFIX}"
    while target.exists():
        target, number = folder / f"{title} {number}{PROJECT_SUFFIX}", number + 1
    return target


def _look(progress: Progress, token: CancelToken, *, project: Path, error: DamagedError) -> object:
    return _Damaged(project, error, copies.restore_points(project))


def _rescue(progress: Progress, token: CancelToken, *, project: Path, folders: tuple[Path, Path], what: str) -> object:
    """Into the first folder that can be written to."""
    beside, elsewhere = (_free(folder, project, what) for folder in folders)
    try:
        beside.touch(exist_ok=False)
        target = beside
    except OSError:
        elsewhere.parent.mkdir(parents=True, exist_ok=True)
        target = elsewhere
    try:
        return _Done(target, salvage.rescue(project, target, token.check))
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _restore(progress: Progress, token: CancelToken, *, point: Path, project: Path, what: str) -> object:
    return _Done(copies.copy_file(point, _free(project.parent, project, what)), None)
