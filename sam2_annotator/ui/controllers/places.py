"""Where the project lies: saving it elsewhere, packing it, and its restore points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from sam2_annotator.doc.copies import RestorePoint, copy_file, move_restore_points, objects_in, remove, restore_points
from sam2_annotator.doc.place import Place
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.remote import WorkingCopies
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.jobs import pack
from sam2_annotator.jobs.open_paths import PROJECT_SUFFIX, project_title
from sam2_annotator.jobs.pack import Packed
from sam2_annotator.ui.dialogs.progress import ProgressDialog
from sam2_annotator.ui.dialogs.restore_points import PointEntry, RestorePointsDialog
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import day_time, size_words, tr
from sam2_annotator.ui.live_settings import LiveSettings
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.sessions import Sessions
from sam2_annotator.ui.threads.task_runner import (
    Progress,
    Task,
    TaskFunction,
    TaskProgress,
    TaskResult,
    TaskRunner,
    heard,
)


@dataclass(frozen=True, slots=True)
class _Moved:
    """A copy that was made and opened, to go on with in place of the project at `source`."""

    project: Project
    source: Place


@dataclass(frozen=True, slots=True)
class _Kept:
    """A project is kept as a restore point as it was at a revision; `wanted` is what it is to become."""

    project: Place
    revision: int
    wanted: Path


@dataclass(frozen=True, slots=True)
class _Points:
    """The restore points of a project, and how many objects each has; None where it cannot be read."""

    project: Place
    points: tuple[tuple[RestorePoint, int | None], ...]


@dataclass(frozen=True, slots=True)
class _PutBack:
    """A project that is what it was."""

    project: Project


class PlacesController(QObject):
    """One such job at a time. `moved` carries the project to work on from now on, opened by another thread; `leaving`
    comes before it, while the old one is still shown."""

    leaving = Signal()
    moved = Signal(object)
    open_wanted = Signal(object)

    def __init__(
        self,
        bus: DocumentBus,
        tasks: TaskRunner,
        notices: Notices,
        settings: LiveSettings,
        sessions: Sessions,
        copies: WorkingCopies,
        *,
        projects: Path,
        window: QWidget,
    ) -> None:
        super().__init__()
        self._bus = bus
        self._tasks = tasks
        self._notices = notices
        self._settings = settings
        self._sessions = sessions
        self._copies = copies
        self._projects = projects
        self._window = window
        self._task: Task | None = None
        self._dialog: ProgressDialog | None = None
        self._closed: Path | None = None  # the project that is closed only for a job

    # ----------------------------------------------------------------------------------------- elsewhere

    def save_as(self) -> None:
        """Ask where, copy the project there and go on with it."""
        project = self._bus.project
        if project is None or self._task is not None:
            return
        suggested = self._folder_of_media(project) / f"{project_title(project.path)}{PROJECT_SUFFIX}"
        filters = tr("Projects") + f" (*{PROJECT_SUFFIX})"
        name, _ = QFileDialog.getSaveFileName(self._window, tr("Save project as"), str(suggested), filters)
        if not name:
            return
        target = Path(name if name.endswith(PROJECT_SUFFIX) else f"{name}{PROJECT_SUFFIX}")
        if target == project.path:
            self._notices.post(tr("The project is there already."))
            return
        self._copy_to(target)

    def _copy_to(self, target: Path) -> None:
        project = self._bus.project
        if project is not None:
            words = tr("Saving {name}", name=target.name)
            self._start(words, partial(_copy, copies=self._copies, source=project.place, target=target))

    def _switch(self, moved: _Moved) -> None:
        """Go on with the copy, unless something was written meanwhile: then it is made once more."""
        old, new = self._bus.project, moved.project
        new.take_over()
        if old is None or old.place != moved.source or new.revision != old.revision:
            new.close()
            if old is not None and old.place == moved.source:
                self._copy_to(new.path)
            return
        old.hand_pending_to(new)
        self.leaving.emit()
        self.moved.emit(new)
        self._notices.post(tr("The project is saved as {name}.", name=new.path.name), Tone.SUCCESS)
        source = moved.source.path
        if source.parent == self._projects and not moved.source.is_copy:
            self._sessions.moved(source, new.path)
            self._tasks.run(tr("Tidying up"), partial(_retire, old=source, new=new.path))

    # ---------------------------------------------------------------------------------------------- pack

    def pack(self) -> None:
        """Ask for a folder and put project and media into a new one there."""
        project = self._bus.project
        if project is None or self._task is not None:
            return
        parent = QFileDialog.getExistingDirectory(self._window, tr("Pack project into"))
        if not parent:
            return
        title = project_title(project.path)
        work = partial(_pack, project=project.place, wanted=Path(parent) / title)
        self._start(tr("Packing {name}", name=title), work)

    # ------------------------------------------------------------------------------------ restore points

    def ask_restore_points(self) -> None:
        """Show the restore points of the open project."""
        project = self._bus.project
        if project is not None and self._task is None:
            self._start(tr("Looking for restore points"), partial(_list, project=project.place))

    def _show_points(self, found: _Points) -> None:
        project = self._bus.project
        if project is None or project.place != found.project:
            return
        entries = [_entry(point, objects) for point, objects in found.points]
        dialog = RestorePointsDialog(entries, may_return=not project.read_only, parent=self._window)
        dialog.copy_wanted.connect(self.open_copy)
        dialog.return_wanted.connect(self.go_back)
        dialog.open()

    @Slot(object)
    def open_copy(self, point: Path) -> None:
        """Copy a restore point beside the project and open that."""
        project = self._bus.project
        if project is None or self._task is not None:
            return
        at = datetime.strptime(point.name[:15], "%Y%m%d-%H%M%S").strftime("%Y-%m-%d %H.%M.%S")
        target = project.path.with_name(f"{project_title(project.path)} {at}{PROJECT_SUFFIX}")
        self._start(tr("Copying {name}", name=target.name), partial(_copy_point, point=point, target=target))

    @Slot(object)
    def go_back(self, point: Path) -> None:
        """The project becomes what it was; as it is now it is kept as a restore point first."""
        project = self._bus.writable
        if project is not None and self._task is None:
            self._keep(project.place, point)

    def _keep(self, project: Place, point: Path) -> None:
        kept = self._settings.now.restore_points
        self._start(tr("Going back"), partial(_keep, project=project, point=point, kept=kept))

    def _return_to(self, kept: _Kept) -> None:
        project = self._bus.writable
        if project is None or project.place != kept.project:
            return
        if project.revision != kept.revision:  # a late answer came: that is to be kept too
            self._keep(kept.project, kept.wanted)
            return
        self.leaving.emit()
        self._copies.hold(kept.project)
        self._bus.replace(None)
        self._closed = kept.project.path
        self._start(tr("Going back"), partial(_put_back, copies=self._copies, kept=kept))

    # --------------------------------------------------------------------------------------------- tasks

    def _start(self, words: str, function: TaskFunction) -> None:
        self._task = self._tasks.run(words, function)
        self._dialog = ProgressDialog(words, self._window)
        self._dialog.cancelled.connect(self._task.token.set)

    @Slot(object)
    def on_progress(self, progress: TaskProgress) -> None:
        """The job tells how far it is."""
        if self._dialog is not None and progress.task is self._task:
            self._dialog.set_progress(progress.done, progress.total)

    @Slot(object)
    def on_task(self, result: TaskResult) -> None:
        """A job ended."""
        if result.task is not self._task:
            return
        self._task = None
        if self._dialog is not None:
            self._dialog.end()
            self._dialog = None
        closed, self._closed = self._closed, None
        if result.error is not None:
            self._notices.fail(result.error)
        if closed is not None and not isinstance(result.value, _PutBack):
            self.open_wanted.emit((closed,))
        match result.value:
            case _Moved():
                self._switch(result.value)
            case _Kept():
                self._return_to(result.value)
            case _PutBack():
                result.value.project.take_over()
                self.moved.emit(result.value.project)
                self._notices.post(tr("The project is what it was. What it was until now is a restore point."))
            case _Points():
                self._show_points(result.value)
            case Packed():
                self._tell_packed(result.value)
            case Path():
                self.open_wanted.emit((result.value,))

    def _tell_packed(self, packed: Packed) -> None:
        self._notices.post(tr("Packed into {folder}.", folder=str(packed.folder)), Tone.SUCCESS)
        if packed.missing:
            count, first = len(packed.missing), packed.missing[0].name
            self._notices.post(
                tr("{count} files were not found and not packed, such as {name}.", count=count, name=first),
                Tone.WARNING,
            )

    def _folder_of_media(self, project: Project) -> Path:
        first = next(iter(project.items()), None)
        return Path.home() if first is None else first.path.parent


def _entry(point: RestorePoint, objects: int | None) -> PointEntry:
    count = "" if objects is None else f"{objects:,}"
    return PointEntry(point.path, day_time(point.made, seconds=True), count, size_words(point.size))


def _copy(progress: Progress, token: CancelToken, *, copies: WorkingCopies, source: Place, target: Path) -> object:
    with Project.open_again(source) as project:
        project.copy_to(target, heard(progress, token))
    return _Moved(copies.open(target, create=False, progress=heard(progress, token)), source)


def _pack(progress: Progress, token: CancelToken, *, project: Place, wanted: Path) -> object:
    target, number = wanted, 2
    while target.exists():
        target, number = wanted.with_name(f"{wanted.name}-{number}"), number + 1
    return pack.run(project, target, progress, token)


def _list(progress: Progress, token: CancelToken, *, project: Place) -> object:
    found = [*restore_points(project.file), *(restore_points(project.path) if project.is_copy else ())]
    newest_first = sorted(found, key=lambda point: point.path.name, reverse=True)
    return _Points(project, tuple((point, objects_in(point.path)) for point in newest_first))


def _copy_point(progress: Progress, token: CancelToken, *, point: Path, target: Path) -> object:
    return target if target.exists() else copy_file(point, target)


def _keep(progress: Progress, token: CancelToken, *, project: Place, point: Path, kept: int) -> object:
    aside = project.file.with_name(f"{project.file.name}.return")
    wanted = copy_file(point, aside)  # it may be the oldest, which goes
    with Project.open_again(project) as source:
        revision = source.revision
        source.save(heard(progress, token), kept=kept)
    return _Kept(project, revision, wanted)


def _put_back(progress: Progress, token: CancelToken, *, copies: WorkingCopies, kept: _Kept) -> object:
    place, tell = kept.project, heard(progress, token)
    try:
        aside = Place(place.path.with_name(kept.wanted.name), kept.wanted)
        with Project.open(aside, create=False) as source:  # one of an older version is brought forward
            source.copy_to(place.file, tell, settled=place.path.parent)
        return _PutBack(copies.open(place.path, create=False, progress=tell))
    finally:
        remove(kept.wanted)
        copies.free(place)


def _retire(progress: Progress, token: CancelToken, *, old: Path, new: Path) -> object:
    """The program's own project has moved: its restore points follow, and it goes."""
    move_restore_points(old, new)
    remove(old)
    return None
