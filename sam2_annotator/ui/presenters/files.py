"""Fills the files list: in slices behind the window's back, and afterwards only what a change names."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Slot

from sam2_annotator.doc.changes import Changes, Origin
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.queries import ItemSummary
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.media_health import MediaHealth
from sam2_annotator.ui.panels.file_entries import FileEntry, FileState
from sam2_annotator.ui.panels.files import FilesPanel
from sam2_annotator.ui.view_state import View, ViewChange, ViewState
from sam2_annotator.values.ids import ItemId

_SLICE = 200
_COALESCE_MS = 60


class FilesPresenter(QObject):
    """Keeps the list in step with the project and the view."""

    def __init__(self, bus: DocumentBus, view: ViewState, panel: FilesPanel, health: MediaHealth) -> None:
        super().__init__()
        self._health = health
        self._bus = bus
        self._view = view
        self._panel = panel
        self._model = panel.model
        self._read_to = 0
        self._stale: set[ItemId] = set()
        self._missing: frozenset[ItemId] = frozenset()
        self._notes: dict[ItemId, str] = {}
        self._fill = self._timer(0, self._show_slice)
        self._later = self._timer(_COALESCE_MS, self._show_stale)

    def _timer(self, interval: int, slot: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval)
        timer.timeout.connect(slot)
        return timer

    @Slot(object)
    def on_project(self, project: Project | None) -> None:
        """Another project: its first items at once, the others by and by."""
        self._fill.stop()
        self._later.stop()
        self._stale, self._missing, self._notes = set(), frozenset(), {}
        self._model.clear()
        self._read_from_start()

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """Items come and go at once; what a run of the tracker changes is gathered for a moment."""
        project = self._bus.project
        if project is None:
            return
        if changes.items:
            found = project.summaries(changes.items)
            self._model.remove(changes.items - {summary.item.id for summary in found})
            self._put(found)
        if changes.labels:
            self._read_from_start()
        self._stale |= changes.touched - changes.items
        if changes.origin is not Origin.ENGINE:  # what a person did decides where to go next
            self._show_stale()
        elif self._stale and not self._later.isActive():
            self._later.start()

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """Mark the shown item."""
        if change.concerns(View.ITEM):
            shown = self._view.item
            self._panel.set_current(None if shown is None else shown.media.item)

    @Slot()
    def on_health(self) -> None:
        """Files went or came back."""
        changed = self._missing ^ self._health.missing
        self._missing = self._health.missing
        outdated = (changed | self._health.altered) & self._notes.keys()
        for item in outdated:
            del self._notes[item]
        self._refresh(changed | outdated)

    @Slot(object, str)
    def set_note(self, item: ItemId, note: str) -> None:
        """Why an item cannot be read."""
        self._notes[item] = note
        self._refresh((item,))

    def _read_from_start(self) -> None:
        self._read_to = 0
        self._show_slice()

    def _show_slice(self) -> None:
        project = self._bus.project
        if project is None:
            return
        found = project.summaries_after(self._read_to, _SLICE)
        self._put(found)
        if len(found) == _SLICE:
            self._read_to = found[-1].item.id
            self._fill.start()

    def _show_stale(self) -> None:
        stale, self._stale = self._stale, set()
        self._refresh(stale)

    def _refresh(self, items: Iterable[ItemId]) -> None:
        project = self._bus.project
        known = [item for item in items if self._model.find(item) is not None]
        if project is not None and known:
            self._put(project.summaries(known))

    def _put(self, summaries: Iterable[ItemSummary]) -> None:
        self._model.put([self._entry(summary) for summary in summaries])

    def _entry(self, summary: ItemSummary) -> FileEntry:
        row = summary.item
        state = _state(summary)
        if state is FileState.TODO and row.id in self._notes and row.id not in self._missing:
            state = FileState.UNREADABLE  # its header reads, its picture does not
        note = self._notes.get(row.id, tr("This file cannot be read.")) if state is FileState.UNREADABLE else ""
        return FileEntry(
            row.ref,
            state,
            objects=summary.objects,
            labels=summary.labels,
            note=note,
            frames=row.frames,
            confirmed=summary.confirmed,
            flags=summary.flags,
            flag=summary.flag,
            missing=row.id in self._missing,
        )


def _state(summary: ItemSummary) -> FileState:
    frames = summary.item.frames
    if frames == 0:
        return FileState.UNREADABLE
    if summary.confirmed >= frames:
        return FileState.CONFIRMED
    return FileState.STARTED if summary.begun or summary.confirmed else FileState.TODO
