"""Opening and closing projects, undo."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from sam2_annotator.doc import drives
from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.commands import AddItems, NewItem
from sam2_annotator.doc.folders import left_out
from sam2_annotator.doc.project import Project
from sam2_annotator.engine.messages import ErrorReport
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import DamagedError, DocError
from sam2_annotator.jobs import open_paths
from sam2_annotator.media.folder import NoMediaError
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.sessions import Sessions
from sam2_annotator.ui.threads.task_runner import Progress, Task, TaskResult, TaskRunner
from sam2_annotator.values.ids import StepId
from sam2_annotator.values.intents import DocumentAction

_FIRST_SECONDS = 0.2
_SLICE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class _Opening:
    """Paths on their way into a project. `probed` waits for the project to be open; `step` once items were added.

    With `left_open` it is what a crash left: not opened when somebody else writes it, or when it is gone.
    """

    paths: tuple[Path, ...]
    as_clip: bool = False
    probed: open_paths.Probed | None = None
    step: StepId | None = None
    left_open: bool = False


@dataclass(frozen=True, slots=True)
class _Refused:
    """A project that was not opened, and why."""

    path: Path
    error: DocError


class DocumentController(QObject):
    """Owns the way from paths to the open project. `opened` is sent once its first items are there; `damaged` carries
    a project that needs rescue, and why."""

    opened = Signal()
    recent_changed = Signal(object)
    open_failed = Signal(object)
    nothing_found = Signal(str)
    damaged = Signal(object, object)

    def __init__(
        self,
        bus: DocumentBus,
        tasks: TaskRunner,
        notices: Notices,
        sessions: Sessions,
        *,
        projects: Path,
        sample: Path,
        parent_window: QWidget,
    ) -> None:
        super().__init__()
        self._bus = bus
        self._tasks = tasks
        self._notices = notices
        self._sessions = sessions
        self._projects = projects
        self._sample = sample
        self._window = parent_window
        self._task: Task | None = None
        self._opening: _Opening | None = None

    # ------------------------------------------------------------------------------------------------ opening

    def open(self, paths: tuple[Path, ...], *, as_clip: bool = False) -> None:
        """Open a project, or media with the project that belongs to them."""
        if not paths:
            return
        if len(paths) == 1 and paths[0].suffix == open_paths.PROJECT_SUFFIX:
            self._stop_opening()
            self._open_project(_Opening(paths), paths[0], create=False)
            return
        self._stop_opening()
        self._opening = _Opening(paths, as_clip)
        self._task = self._tasks.run(
            tr("Opening {name}", name=paths[0].name), partial(_find, paths=paths, as_clip=as_clip)
        )

    def open_what_was_left(self, *, last: bool) -> None:
        """At the start of the program: what a crash left open, or else, with `last`, the project opened last."""
        left = self._sessions.left_open() or (self._sessions.recent if last else ())
        if left:
            self._open_project(_Opening(left[:1], left_open=True), left[0], create=False)

    def open_file(self) -> None:
        """Ask for pictures, a video or a project."""
        names, _ = QFileDialog.getOpenFileNames(self._window, tr("Open pictures or video"))
        self.open(tuple(map(Path, names)))

    def open_folder(self, *, as_clip: bool = False) -> None:
        """Ask for a folder."""
        name = QFileDialog.getExistingDirectory(self._window, tr("Open folder"))
        if name:
            self.open((Path(name),), as_clip=as_clip)

    def open_sample(self) -> None:
        """Open the bundled pictures and clip."""
        self.open((self._sample,))

    @property
    def recent(self) -> tuple[Path, ...]:
        """Projects opened last, newest first, those that are still there."""
        return self._sessions.recent

    @Slot(object)
    def on_task(self, result: TaskResult) -> None:
        """Paths were listed, headers read, or a project opened."""
        opening = self._opening
        if opening is None or result.task is not self._task:
            if isinstance(result.value, Project):  # nobody waits for it any more
                result.value.take_over()
                result.value.close()
            return
        self._task = None
        if result.error is not None:
            self._fail(result.error)
        elif isinstance(result.value, NoMediaError):
            self._tell_nothing_found(opening)
        elif isinstance(result.value, tuple):
            self._probe(result.value, _FIRST_SECONDS)
        elif isinstance(result.value, open_paths.Probed):
            self._take(opening, result.value)
        elif isinstance(result.value, Project):
            self._begin(opening, result.value)
        elif isinstance(result.value, _Refused):
            self._refuse(opening, result.value)

    def _probe(self, found: tuple[open_paths.Found, ...], seconds: float) -> None:
        self._task = self._tasks.run(tr("Reading files"), partial(_probe, found=found, seconds=seconds))

    def _take(self, opening: _Opening, probed: open_paths.Probed) -> None:
        """The first of what was probed waits for its project; the rest joins the open one."""
        if opening.probed is not None:
            self._add(opening, probed)
            return
        all_bad = len(probed.failures) == len(probed.items) and not probed.rest
        if all_bad and len(opening.paths) == 1 and probed.items[0].path != opening.paths[0].resolve():
            self._tell_nothing_found(opening)
            return
        lone = len(probed.items) == 1 and not probed.rest
        if lone and probed.failure is not None:
            failure = probed.failure
            self._fail(ErrorReport(failure.message, failure.hint, failure.details))
            return
        path = self._sessions.place_of(open_paths.default_project(opening.paths, self._projects))
        self._open_project(replace(opening, probed=probed), path, create=True)

    def _open_project(self, opening: _Opening, path: Path, *, create: bool) -> None:
        """Open it in the pool: checking a large one takes its time."""
        self._opening = opening
        open_now = self._bus.project
        if open_now is not None and open_now.path.resolve() == path.resolve():
            self._continue(opening)
            return
        title = tr("Opening {name}", name=open_paths.project_title(path))
        self._task = self._tasks.run(title, partial(_open, path=path, create=create))

    def _begin(self, opening: _Opening, project: Project) -> None:
        if opening.left_open and project.read_only and project.holder:
            project.take_over()
            project.close()  # another window works on it; it is not what a crash left
            self._opening = None
            return
        self._show(project)
        self._continue(opening)

    @Slot(object)
    def adopt(self, project: Project) -> None:
        """Show a project that another thread has opened, in place of the one that is open."""
        self._show(project)
        self.opened.emit()

    def refuses_changes(self) -> bool:
        """True, and said, when the open project is for reading only."""
        project = self._bus.project
        if project is None or not project.read_only:
            return False
        self._say_read_only(project)
        return True

    def _say_read_only(self, project: Project) -> None:
        if project.holder:
            words = tr("Read-only: {who} works on this project.", who=project.holder)
        else:
            words = tr("Read-only: the folder of this project cannot be written to.")
        self._notices.post(words, Tone.WARNING, topic="read_only")

    def _show(self, project: Project) -> None:
        project.take_over()
        self._bus.replace(project)
        self._sessions.remember(project.path)
        self.recent_changed.emit(self._sessions.recent)
        if not project.read_only:
            self._sessions.begin(project.path)
        else:
            self._say_read_only(project)
        if drives.is_remote(project.path) and not project.read_only:
            words = tr("This project lies on a network drive: every edit waits for it. A local copy is quicker.")
            self._notices.post(words, Tone.WARNING, (tr("Save elsewhere…"), DocumentAction.SAVE_AS))
        if project.restored is not None:
            at = project.restored.at.astimezone().strftime("%H:%M")
            words = tr("Restored {count} changes from {time}.", count=project.restored.changes, time=at)
            self._notices.post(words, Tone.SUCCESS)

    def _continue(self, opening: _Opening) -> None:
        """The project is open: put what was probed into it."""
        if opening.probed is None:
            self._opening = None
            self.opened.emit()
            return
        self._add(opening, opening.probed)
        self.opened.emit()

    def _refuse(self, opening: _Opening, refused: _Refused) -> None:
        error = refused.error
        self._opening = None
        if isinstance(error, DamagedError):
            self.damaged.emit(refused.path, error)
        elif not opening.left_open:
            self._fail(ErrorReport(error.message, error.hint, error.details))

    def _add(self, opening: _Opening, probed: open_paths.Probed) -> None:
        """Put what was probed into the open project; the rest follows."""
        changes = self._add_missing(probed.items, opening)
        if changes is not None and changes.step is not None:
            opening = replace(opening, step=changes.step)
            # What a person did since the last items came stays the next to be undone.
            self._bus.end_step(changes.step, at_start=True)
        self._opening = opening
        for warning in (*probed.warnings, *((probed.failure.message,) if probed.failure is not None else ())):
            self._notices.post(warning, Tone.WARNING)
        if probed.rest:
            self._probe(probed.rest, _SLICE_SECONDS)
        else:
            self._opening = None

    def _add_missing(self, items: tuple[NewItem, ...], opening: _Opening) -> Changes | None:
        """What a project is opened on is no step that could be undone (decision 0015)."""
        project = self._bus.writable
        if project is None:
            return None
        unwanted = left_out(project) | project.paths_there(item.path for item in items)
        new = tuple(item for item in items if item.path not in unwanted)
        opened = {path.resolve() for path in opening.paths}
        following = tuple(opened & {item.path.parent for item in items})
        return self._bus.apply(AddItems(new, following), into=opening.step, recorded=False)

    def _tell_nothing_found(self, opening: _Opening) -> None:
        """A folder without a readable picture: on the welcome page with what to do, else as a notice."""
        self._opening = None
        name = opening.paths[0].name
        if self._bus.project is None:
            self.nothing_found.emit(name)
        else:
            another = (tr("Choose another"), DocumentAction.OPEN_FOLDER)
            self._notices.post(tr("No pictures we can read in {name}.", name=name), Tone.WARNING, another)

    def _fail(self, error: ErrorReport) -> None:
        self._opening = None
        self.open_failed.emit(error)

    def _stop_opening(self) -> None:
        if self._task is not None:
            self._task.token.set()
        self._task = self._opening = None

    # ------------------------------------------------------------------------------------------ save, undo

    def close(self) -> None:
        """Close the project and show the welcome page."""
        self._stop_opening()
        self._bus.replace(None)

    @Slot(object)
    def on_closed(self, path: Path) -> None:
        """A project was closed as it should be."""
        self._sessions.end(path)


def _open(progress: Progress, token: CancelToken, *, path: Path, create: bool) -> object:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return Project.open(path, create=create)
    except DocError as error:
        return _Refused(path, error)
    except OSError as error:
        raise DocError(
            f"The folder {path.parent} cannot be made.", hint="Check its rights.", details=str(error)
        ) from error


def _find(progress: Progress, token: CancelToken, *, paths: tuple[Path, ...], as_clip: bool) -> object:
    try:
        return open_paths.find_items(paths, as_clip=as_clip)
    except NoMediaError as error:
        if len(paths) > 1:
            raise
        return error


def _probe(progress: Progress, token: CancelToken, *, found: tuple[open_paths.Found, ...], seconds: float) -> object:
    return open_paths.probe(found, token, seconds=seconds)
