"""Opening and closing projects, undo."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.commands import AddItems, NewItem
from sam2_annotator.doc.folders import left_out
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.remote import WorkingCopies
from sam2_annotator.engine.messages import ErrorReport
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import DamagedError
from sam2_annotator.jobs import open_paths
from sam2_annotator.jobs.opening import Listed, OpenNow, Refused, list_paths, open_first
from sam2_annotator.media.folder import NoMediaError
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.sessions import RECENT, Sessions
from sam2_annotator.ui.threads.task_runner import Progress, Task, TaskResult, TaskRunner, heard
from sam2_annotator.values.ids import StepId
from sam2_annotator.values.intents import DocumentAction

_FIRST_SECONDS = 0.2
_SLICE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class _Opening:
    """Paths on their way into a project, which is known once they are listed. `probed` waits for it to be open; `step`
    once items were added.

    With `left_open` it is what a crash left: not opened when somebody else writes it, or when it is gone.
    """

    paths: tuple[Path, ...]
    as_clip: bool = False
    project: Path | None = None
    probed: open_paths.Probed | None = None
    step: StepId | None = None
    left_open: bool = False


@dataclass(frozen=True, slots=True)
class _Recent:
    """The projects opened last that are still there."""

    paths: tuple[Path, ...]


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
        copies: WorkingCopies,
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
        self._copies = copies
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
            self._open_project(_Opening(paths), paths, create=False)
            return
        self._stop_opening()
        self._opening = _Opening(paths, as_clip)
        self._task = self._tasks.run(
            tr("Opening {name}", name=paths[0].name),
            partial(_find, paths=paths, as_clip=as_clip, projects=self._projects),
        )

    def open_what_was_left(self, *, last: bool) -> None:
        """At the start of the program: what a crash left open, or else, with `last`, the project opened last."""
        left = (*self._sessions.left_open(), *(self._sessions.recent if last else ()))
        if left:
            self._open_project(_Opening(left, left_open=True), left, create=False)

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

    def look_at_recent(self) -> None:
        """Tell which of the projects opened last are still there."""
        self._tasks.run(tr("Recent projects"), partial(_look, paths=self._sessions.recent))

    @Slot(object)
    def on_task(self, result: TaskResult) -> None:
        """Paths were listed, headers read, or a project opened."""
        if isinstance(result.value, _Recent):
            self.recent_changed.emit(self._sessions.told_of(result.value.paths))
            return
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
        elif isinstance(result.value, Listed):
            self._opening = replace(opening, paths=result.value.paths, project=result.value.project)
            self._probe(result.value.found, _FIRST_SECONDS)
        elif isinstance(result.value, open_paths.Probed):
            self._take(opening, result.value)
        elif isinstance(result.value, Project):
            self._begin(opening, result.value)
        elif isinstance(result.value, OpenNow):
            self._continue(opening)
        elif isinstance(result.value, Refused):
            self._refuse(opening, result.value)

    def _probe(self, found: tuple[open_paths.Found, ...], seconds: float) -> None:
        self._task = self._tasks.run(tr("Reading files"), partial(_probe, found=found, seconds=seconds))

    def _take(self, opening: _Opening, probed: open_paths.Probed) -> None:
        """The first of what was probed waits for its project; the rest joins the open one."""
        if opening.probed is not None:
            self._add(opening, probed)
            return
        all_bad = len(probed.failures) == len(probed.items) and not probed.rest
        if all_bad and len(opening.paths) == 1 and probed.items[0].path != opening.paths[0]:
            self._tell_nothing_found(opening)
            return
        lone = len(probed.items) == 1 and not probed.rest
        if lone and probed.failure is not None:
            failure = probed.failure
            self._fail(ErrorReport(failure.message, failure.hint, failure.details))
            return
        assert opening.project is not None, "listed before"
        places = self._sessions.places_of(opening.project)
        self._open_project(replace(opening, probed=probed), places, create=True)

    def _open_project(self, opening: _Opening, places: tuple[Path, ...], *, create: bool) -> None:
        """Open the first that is there, in the pool: disks may be slow, and checking a large project takes its time."""
        self._opening = opening
        shown = self._bus.project
        open_now = None if shown is None else shown.path
        if open_now == places[0]:
            self._continue(opening)
            return
        title = tr("Opening {name}", name=open_paths.project_title(places[0]))
        work = partial(_open, copies=self._copies, places=places, create=create, open_now=open_now)
        self._task = self._tasks.run(title, work)

    def _begin(self, opening: _Opening, project: Project) -> None:
        if opening.left_open and project.read_only and project.holder:
            project.take_over()
            project.close()  # another window works on it; it is not what a crash left
            self._opening = None
            return
        self._show(project, opening.paths)
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

    def _known_by(self, project: Project, opened: tuple[Path, ...]) -> Path:
        """The folder a person knows a project by: its own, or that of the pictures where the program made it."""
        if project.path.parent != self._projects:
            return project.path.parent
        first = next(iter(project.summaries_after(0, 1)), None)
        return next(iter(opened), project.path) if first is None else first.item.path.parent

    def _say_read_only(self, project: Project) -> None:
        if project.holder:
            words = tr("Read-only: {who} works on this project.", who=project.holder)
        else:
            words = tr("Read-only: the folder of this project cannot be written to.")
        self._notices.post(words, Tone.WARNING, topic="read_only")

    def _show(self, project: Project, opened: tuple[Path, ...] = ()) -> None:
        project.take_over()
        self._bus.replace(project)
        self._sessions.remember(project.path, str(self._known_by(project, opened)))
        self.look_at_recent()
        if not project.read_only:
            self._sessions.begin(project.path)
        else:
            self._say_read_only(project)
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

    def _refuse(self, opening: _Opening, refused: Refused) -> None:
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
        following = tuple(set(opening.paths) & {item.path.parent for item in items})
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

    @Slot(object, object)
    def on_moved(self, before: Path, path: Path) -> None:
        """The open project lies elsewhere."""
        self._sessions.end(before)
        self._sessions.begin(path)
        self._sessions.remember(path)
        self.look_at_recent()

    @Slot(object)
    def on_closed(self, path: Path) -> None:
        """A project was closed as it should be."""
        self._sessions.end(path)


def _open(
    progress: Progress,
    token: CancelToken,
    *,
    copies: WorkingCopies,
    places: tuple[Path, ...],
    create: bool,
    open_now: Path | None,
) -> object:
    return open_first(copies, places, create=create, open_now=open_now, progress=heard(progress, token))


def _look(progress: Progress, token: CancelToken, *, paths: tuple[Path, ...]) -> object:
    return _Recent(tuple(path for path in paths if path.is_file())[:RECENT])


def _find(progress: Progress, token: CancelToken, *, paths: tuple[Path, ...], as_clip: bool, projects: Path) -> object:
    return list_paths(paths, as_clip=as_clip, projects=projects)


def _probe(progress: Progress, token: CancelToken, *, found: tuple[open_paths.Found, ...], seconds: float) -> object:
    return open_paths.probe(found, token, seconds=seconds)
