"""Opening, closing, saving, undo."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.commands import AddItems, NewItem
from sam2_annotator.doc.project import Project
from sam2_annotator.engine.messages import ErrorReport
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import DocError
from sam2_annotator.jobs import open_paths
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.threads.task_runner import Progress, Task, TaskResult, TaskRunner
from sam2_annotator.values.ids import StepId

_FIRST_SECONDS = 0.2
_SLICE_SECONDS = 0.5
_RECENT = 5


@dataclass(frozen=True, slots=True)
class _Opening:
    """Paths on their way into a project. `project` is set once it is open, `step` once items were added."""

    paths: tuple[Path, ...]
    as_clip: bool = False
    project: Path | None = None
    step: StepId | None = None


class DocumentController(QObject):
    """Owns the way from paths to the open project. `opened` is sent once its first items are there."""

    opened = Signal()
    recent_changed = Signal(object)
    open_failed = Signal(object)

    def __init__(
        self,
        bus: DocumentBus,
        tasks: TaskRunner,
        notices: Notices,
        *,
        projects: Path,
        sample: Path,
        recent: Path,
        parent_window: QWidget,
    ) -> None:
        super().__init__()
        self._bus = bus
        self._tasks = tasks
        self._notices = notices
        self._projects = projects
        self._sample = sample
        self._recent = QSettings(str(recent), QSettings.Format.IniFormat)
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
            if self._open_project(paths[0], create=False):
                self.opened.emit()
            return
        self._stop_opening()
        self._opening = _Opening(paths, as_clip)
        self._task = self._tasks.run(
            tr("Opening {name}", name=paths[0].name), partial(_find, paths=paths, as_clip=as_clip)
        )

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
        stored = self._recent.value("projects") or []
        names = [stored] if isinstance(stored, str) else [str(name) for name in stored]
        return tuple(path for path in map(Path, names) if path.is_file())

    @Slot(object)
    def on_task(self, result: TaskResult) -> None:
        """Paths were listed, or headers read."""
        opening = self._opening
        if opening is None or result.task is not self._task:
            return
        self._task = None
        if result.error is not None:
            self._fail(result.error)
        elif isinstance(result.value, tuple):
            self._probe(result.value, _FIRST_SECONDS)
        elif isinstance(result.value, open_paths.Probed):
            self._add(opening, result.value)

    def _probe(self, found: tuple[open_paths.Found, ...], seconds: float) -> None:
        self._task = self._tasks.run(tr("Reading files"), partial(_probe, found=found, seconds=seconds))

    def _add(self, opening: _Opening, probed: open_paths.Probed) -> None:
        """Put what was probed into the project, opening it first; the rest follows."""
        first = opening.project is None
        if first:
            lone = len(probed.items) == 1 and not probed.rest
            if lone and probed.failure is not None:
                failure = probed.failure
                self._fail(ErrorReport(failure.message, failure.hint, failure.details))
                return
            path = open_paths.default_project(opening.paths, self._projects)
            if not self._open_project(path, create=True):
                self._opening = None
                return
            opening = replace(opening, project=path)
        changes = self._add_missing(probed.items, opening.step)
        if changes is not None and changes.step is not None:
            opening = replace(opening, step=changes.step)
            # What a person did since the last items came stays the next to be undone.
            self._bus.end_step(changes.step, at_start=True)
        self._opening = opening
        for warning in (*probed.warnings, *((probed.failure.message,) if probed.failure is not None else ())):
            self._notices.post(warning, Tone.WARNING)
        if first:
            self.opened.emit()
        if probed.rest:
            self._probe(probed.rest, _SLICE_SECONDS)
        else:
            self._opening = None

    def _add_missing(self, items: tuple[NewItem, ...], step: StepId | None) -> Changes | None:
        project = self._bus.writable
        if project is None:
            return None
        new = tuple(item for item in items if project.item_at(item.path) is None)
        return self._bus.apply(AddItems(new), into=step) if new else None

    def _open_project(self, path: Path, *, create: bool) -> bool:
        open_now = self._bus.project
        if open_now is not None and open_now.path.resolve() == path.resolve():
            return True
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            project = Project.open(path, create=create)
        except DocError as error:
            self._fail(ErrorReport(error.message, error.hint, error.details))
            return False
        except OSError as error:
            self._fail(ErrorReport(f"The folder {path.parent} cannot be made.", "Check its rights.", str(error)))
            return False
        self._bus.replace(project)
        if project.read_only:
            who = project.holder or tr("another program")
            self._notices.post(tr("Read-only: {who} works on this project.", who=who), Tone.WARNING)
        self._remember(path)
        return True

    def _remember(self, path: Path) -> None:
        kept = [path, *(other for other in self.recent if other != path)][:_RECENT]
        self._recent.setValue("projects", [str(other) for other in kept])
        self.recent_changed.emit(tuple(kept))

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

    def save(self) -> None:
        """Write everything and make a restore point."""
        self._bus.save()

    @property
    def undo_title(self) -> str | None:
        """What undo would take back."""
        return None if self._bus.project is None else self._bus.project.undo_title

    @property
    def redo_title(self) -> str | None:
        """What redo would bring back."""
        return None if self._bus.project is None else self._bus.project.redo_title

    def undo(self) -> Changes | None:
        """Take back the newest step."""
        return self._bus.undo()

    def redo(self) -> Changes | None:
        """Do it again."""
        return self._bus.redo()


def _find(progress: Progress, token: CancelToken, *, paths: tuple[Path, ...], as_clip: bool) -> object:
    return open_paths.find_items(paths, as_clip=as_clip)


def _probe(progress: Progress, token: CancelToken, *, found: tuple[open_paths.Found, ...], seconds: float) -> object:
    return open_paths.probe(found, token, seconds=seconds)
