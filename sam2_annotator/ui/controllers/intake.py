"""Adding pictures, clips and folders to the open project."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from sam2_annotator.doc.commands import AddItems
from sam2_annotator.doc.folders import followed
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.jobs import open_paths
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.threads.task_runner import Progress, Task, TaskResult, TaskRunner
from sam2_annotator.values.ids import ItemId, StepId
from sam2_annotator.values.intents import DocumentAction

_SLICE_SECONDS = 0.3


@dataclass(slots=True)
class _Intake:
    """Files on their way into the project. `paths` are what a person named, none for files that turned up."""

    paths: tuple[Path, ...] = ()
    found: tuple[open_paths.Found, ...] = ()
    step: StepId | None = None
    added: int = 0
    known: int = 0
    unreadable: int = 0
    first: ItemId | None = None

    @property
    def is_wished(self) -> bool:
        """True when a person asked for it: then it is a step, and told."""
        return bool(self.paths)


class IntakeController(QObject):
    """One intake after the other, each in slices, headers read in the pool. `arrived` carries the item to show."""

    arrived = Signal(object)

    def __init__(self, bus: DocumentBus, tasks: TaskRunner, notices: Notices, *, parent_window: QWidget) -> None:
        super().__init__()
        self._bus = bus
        self._tasks = tasks
        self._notices = notices
        self._window = parent_window
        self._waiting: deque[_Intake] = deque()
        self._task: Task | None = None

    def ask_for_files(self) -> None:
        """Ask which pictures and clips to add."""
        names, _ = QFileDialog.getOpenFileNames(self._window, tr("Add pictures or video"))
        self.add(tuple(map(Path, names)))

    def ask_for_folder(self) -> None:
        """Ask which folder to add."""
        name = QFileDialog.getExistingDirectory(self._window, tr("Add folder"))
        self.add((Path(name),) if name else ())

    def belong(self, paths: tuple[Path, ...]) -> bool:
        """True when all paths are items of the open project, folders it follows, or lie in one of those."""
        project = self._bus.project
        if project is None or not paths:
            return False
        folders = set(followed(project))
        resolved = [path.resolve() for path in paths]
        return all(path in folders or path.parent in folders or project.item_at(path) is not None for path in resolved)

    def add(self, paths: tuple[Path, ...]) -> None:
        """Let what a person named join the open project, as one step, and show the first of it."""
        if paths and self._bus.writable is not None:
            self._queue(_Intake(paths=paths))

    def take_in(self, found: tuple[open_paths.Found, ...]) -> None:
        """Let files that turned up in a followed folder join; that is no step."""
        if found and self._bus.writable is not None:
            self._queue(_Intake(found=found))

    @Slot()
    def on_closing(self) -> None:
        """What is on its way was meant for this project."""
        if self._task is not None:
            self._task.token.set()
        self._task = None
        self._waiting.clear()

    @Slot(object)
    def on_task(self, result: TaskResult) -> None:
        """Paths were listed, or headers read."""
        if result.task is not self._task or not self._waiting:
            return
        self._task = None
        intake = self._waiting[0]
        if result.error is not None:
            self._notices.fail(result.error)
            self._end(intake)
        elif result.cancelled:
            self._end(intake)
        elif isinstance(result.value, tuple):
            intake.found = result.value
            self._probe(intake)
        elif isinstance(result.value, open_paths.Probed):
            self._take_slice(intake, result.value)

    def _queue(self, intake: _Intake) -> None:
        self._waiting.append(intake)
        if len(self._waiting) == 1:
            self._begin(intake)

    def _begin(self, intake: _Intake) -> None:
        if intake.is_wished:
            title = tr("Adding {name}", name=intake.paths[0].name)
            self._task = self._tasks.run(title, partial(_find, paths=intake.paths))
        else:
            self._probe(intake)

    def _probe(self, intake: _Intake) -> None:
        if not intake.found:
            self._end(intake)
            return
        done = intake.added + intake.known
        job = partial(_probe, found=intake.found, done=done, total=done + len(intake.found))
        self._task = self._tasks.run(tr("Adding files"), job)

    def _take_slice(self, intake: _Intake, probed: open_paths.Probed) -> None:
        project = self._bus.writable
        if project is None:
            self._end(intake)
            return
        there = project.paths_there(item.path for item in probed.items)
        new = tuple(item for item in probed.items if item.path not in there)
        known = tuple(item for item in probed.items if item.path in there and item.facts.frames)
        named = {path.resolve() for path in intake.paths}
        folders = tuple(named & {item.path.parent for item in probed.items})
        changes = self._bus.apply(AddItems(new + known, folders), into=intake.step, recorded=intake.is_wished)
        intake.step = intake.step if changes is None or changes.step is None else changes.step
        intake.added += len(new)
        intake.known += len(probed.items) - len(new)
        intake.unreadable += sum(item.facts.frames == 0 for item in new)
        if intake.first is None and probed.items:
            row = project.item_at(probed.items[0].path)
            intake.first = None if row is None else row.id
            if intake.is_wished and intake.first is not None:
                self.arrived.emit(intake.first)
        intake.found = probed.rest
        self._probe(intake)

    def _end(self, intake: _Intake) -> None:
        if intake.step is not None:
            self._bus.end_step(intake.step, at_start=True)
        self._tell(intake)
        self._waiting.popleft()
        if self._waiting:
            self._begin(self._waiting[0])

    def _tell(self, intake: _Intake) -> None:
        if intake.added and intake.is_wished:
            undo = (tr("Undo"), DocumentAction.UNDO)
            words = tr("Added {count} files.", count=intake.added)
            if intake.known:
                words += " " + tr("{count} files were there already.", count=intake.known)
            self._notices.post(words, Tone.PLAIN, undo)
        elif intake.added:
            self._notices.post(tr("{count} new files.", count=intake.added))
        elif intake.is_wished and intake.known > 1:
            self._notices.post(tr("All of these files are in the project already."))
        if intake.unreadable:
            self._notices.post(tr("{count} files cannot be read.", count=intake.unreadable), Tone.WARNING)


def _find(progress: Progress, token: CancelToken, *, paths: tuple[Path, ...]) -> object:
    return open_paths.find_items(paths)


def _probe(
    progress: Progress, token: CancelToken, *, found: tuple[open_paths.Found, ...], done: int, total: int
) -> object:
    probed = open_paths.probe(found, token, seconds=_SLICE_SECONDS)
    if probed.rest:
        progress(done + len(probed.items), total)
    return probed
