"""Looks after the files of the project in the background, and helps to find those that went."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.commands import Relocated, RelocateItems
from sam2_annotator.doc.place import Place
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import ItemRow
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.jobs import media_check
from sam2_annotator.jobs.media_check import Fit, Health, Match
from sam2_annotator.ui.dialogs.progress import ProgressDialog
from sam2_annotator.ui.dialogs.question import question
from sam2_annotator.ui.dialogs.relocate import RelocateDialog
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.media_health import MediaHealth
from sam2_annotator.ui.notices import Notices, Tone
from sam2_annotator.ui.threads.task_runner import Progress, Task, TaskResult, TaskRunner
from sam2_annotator.values.ids import ItemId
from sam2_annotator.values.intents import DocumentAction

_REST_MS = 700  # the first picture comes first
_SLICE_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class _Rows:
    """The items of the project, and those of them that are to be looked at."""

    there: frozenset[ItemId]
    unseen: tuple[ItemRow, ...]


class MediaController(QObject):
    """Each item is looked at once after it came or changed; what is found is in `MediaHealth`."""

    def __init__(
        self, bus: DocumentBus, tasks: TaskRunner, notices: Notices, health: MediaHealth, window: QWidget
    ) -> None:
        super().__init__()
        self._bus = bus
        self._tasks = tasks
        self._notices = notices
        self._health = health
        self._window = window
        self._seen: dict[ItemId, Path] = {}
        self._check: Task | None = None
        self._looking: tuple[ItemRow, ...] = ()
        self._search: Task | None = None
        self._progress: ProgressDialog | None = None
        self._missing: dict[ItemId, ItemRow] = {}
        self._altered: dict[ItemId, ItemRow] = {}
        self._missing_told = False
        self._untold: tuple[ItemRow, ...] = ()  # altered ones
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_REST_MS)
        self._soon.timeout.connect(self._begin)

    @Slot(object)
    def on_project(self, project: Project | None) -> None:
        """Another project."""
        if self._check is not None:
            self._check.token.set()
        self._check = None
        self._seen, self._missing, self._altered = {}, {}, {}
        self._missing_told, self._untold = False, ()
        self._tell_health()
        if project is not None:
            self._soon.start()

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """Items came, went or were found elsewhere."""
        if changes.items:
            self._soon.start()

    @Slot(object)
    def look_again(self, items: frozenset[ItemId]) -> None:
        """Something happened to the files of these items."""
        for item in items:
            self._seen.pop(item, None)
        self._soon.start()

    @Slot()
    def _begin(self) -> None:
        project = self._bus.project
        if project is None or self._check is not None:
            return
        job = partial(_read, project=project.place, seen=dict(self._seen))
        self._check = self._tasks.run(tr("Checking files"), job)

    def _take_rows(self, rows: _Rows) -> None:
        project = self._bus.project
        for known in (self._seen, self._missing, self._altered):
            for item in [item for item in known if item not in rows.there]:
                del known[item]
        self._tell_health()
        if rows.unseen and project is not None:
            self._look_at(project, rows.unseen)

    def _look_at(self, project: Project, rows: tuple[ItemRow, ...]) -> None:
        self._looking = rows
        self._check = self._tasks.run(tr("Checking files"), partial(_check, rows=rows, folder=project.path.parent))

    @Slot(object)
    def on_task(self, result: TaskResult) -> None:
        """Some files were looked at, or looked for."""
        if result.task is self._check:
            self._check = None
            if isinstance(result.value, _Rows):
                self._take_rows(result.value)
            elif isinstance(result.value, Health):
                self._take_health(result.value)
        elif result.task is self._search:
            self._search = None
            if self._progress is not None:
                self._progress.end()
                self._progress = None
            if result.error is not None:
                self._notices.fail(result.error)
            elif isinstance(result.value, tuple):
                self._take_matches(result.value)

    def _take_health(self, health: Health) -> None:
        project = self._bus.project
        if project is None:
            return
        looked_at = self._looking[: len(self._looking) - len(health.rest)]
        before = {row.id: row.path for row in looked_at}
        moved = {note.item: note.path for note in health.notes if before[note.item] != note.path}
        self._seen |= before | moved
        for item in before:
            self._missing.pop(item, None)
            self._altered.pop(item, None)
        self._missing |= {row.id: row for row in health.missing}
        self._altered |= {row.id: row for row in health.altered}
        self._untold += health.altered
        if health.notes:
            self._bus.note_media(health.notes, moved.keys())
        self._tell_health()
        if health.rest:
            self._look_at(project, health.rest)
            return
        self._soon.start()  # for what came meanwhile
        if self._missing and not self._missing_told:
            words = tr("{count} files are not where they were.", count=len(self._missing))
            self._notices.post(words, Tone.WARNING, (tr("Find them…"), DocumentAction.FIND_MISSING))
        self._missing_told = bool(self._missing)
        if self._untold:
            name, self._untold = self._untold[0].path.name, ()
            words = tr("{name} has changed since it was opened here; masks may not fit.", name=name)
            self._notices.post(words, Tone.WARNING)

    def _tell_health(self) -> None:
        self._health.set(missing=frozenset(self._missing), altered=frozenset(self._altered))

    # ------------------------------------------------------------------------------------------ looking for

    def ask(self) -> None:
        """Show what is missing and ask where it is."""
        if self._bus.project is None or self._search is not None:
            return
        rows = tuple(self._missing.values())
        dialog = RelocateDialog([row.path for row in rows], self._window)
        dialog.chosen.connect(partial(self._look_for, rows))
        dialog.open()

    def _look_for(self, rows: tuple[ItemRow, ...], marked: int, path: Path) -> None:
        project = self._bus.project
        if project is None:
            return
        ordered = (rows[marked], *rows[:marked], *rows[marked + 1 :])
        missing = {row.id for row in rows}
        taken = frozenset(row.path for row in project.items() if row.id not in missing)
        words = tr("Looking for files")
        self._search = self._tasks.run(words, partial(_find, rows=ordered, chosen=path, taken=taken))
        self._progress = ProgressDialog(words, self._window)
        self._progress.cancelled.connect(self._search.token.set)

    def _take_matches(self, matches: tuple[Match, ...]) -> None:
        self._apply([match for match in matches if match.fit is Fit.SAME])
        others = [match for match in matches if match.fit is Fit.OTHER]
        for match in [match for match in matches if match.fit is Fit.WRONG][:1]:
            width, height, frames = match.size
            words = tr(
                "{name} is {width} x {height} with {frames} frames and cannot stand in: the masks would not fit.",
                name=match.path.name,
                width=width,
                height=height,
                frames=frames,
            )
            self._notices.post(words, Tone.WARNING)
        if others:
            text = tr("{count} files found have other content than those annotated. Use them?", count=len(others))
            dialog = question(self._window, tr("Other content"), text, yes=tr("Use them"))
            dialog.answered.connect(lambda: self._apply(others))
            dialog.open()
        if not matches:
            self._notices.post(tr("None of the missing files was found there."), Tone.WARNING)

    def _apply(self, matches: list[Match]) -> None:
        if not matches:
            return
        found = tuple(Relocated(match.item.id, match.path, match.fingerprint) for match in matches)
        if self._bus.apply(RelocateItems(found)):
            for match in matches:
                self._missing.pop(match.item.id, None)
                self._seen[match.item.id] = match.path
            self._missing_told = bool(self._missing)
            self._tell_health()
            self._notices.post(tr("{count} files found again.", count=len(found)), Tone.SUCCESS)


def _read(progress: Progress, token: CancelToken, *, project: Place, seen: dict[ItemId, Path]) -> object:
    with Project.open_again(project) as reader:
        rows = reader.items()
    return _Rows(frozenset(row.id for row in rows), tuple(row for row in rows if seen.get(row.id) != row.path))


def _check(progress: Progress, token: CancelToken, *, rows: tuple[ItemRow, ...], folder: Path) -> object:
    return media_check.check(rows, folder, token, seconds=_SLICE_SECONDS)


def _find(
    progress: Progress, token: CancelToken, *, rows: tuple[ItemRow, ...], chosen: Path, taken: frozenset[Path]
) -> object:
    return media_check.find(rows, chosen, token, taken=taken)
