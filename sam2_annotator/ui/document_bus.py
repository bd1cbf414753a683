"""Holds the open project and tells everyone what a change touched."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from sam2_annotator.doc.beside import MediaNote
from sam2_annotator.doc.changes import Changes, Origin
from sam2_annotator.doc.commands import Command
from sam2_annotator.doc.project import Project
from sam2_annotator.errors import DocError, StorageError
from sam2_annotator.values.ids import FrameIndex, ItemId, LabelId, StepId


class DocumentBus(QObject):
    """The only way to the project in the window.

    `changed` carries Changes, `closing` comes before a project is closed, `closed` carries the path of one that was
    written and has ended well, `replaced` the next Project or None, `moved` the paths where the open one lay and lies
    now, `label_changed` nothing: another label is given to new objects. `written` comes after each write. `saved`
    carries None while a change is on its way to the disk, the time at which all of them were there, or the StorageError
    that keeps one from it; `refused` a DocError when the document had no place for a change. `lent` tells that another
    thread writes, and that it has ended.
    """

    changed = Signal(object)
    closing = Signal()
    closed = Signal(object)
    replaced = Signal(object)
    label_changed = Signal()
    moved = Signal(object, object)
    written = Signal()
    saved = Signal(object)
    refused = Signal(object)
    lent = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project: Project | None = None
        self._lent = False

    @property
    def project(self) -> Project | None:
        """The open project, None on the welcome page."""
        return self._project

    @property
    def writable(self) -> Project | None:
        """The open project if it may be changed."""
        closed = self._project is None or self._project.read_only or self._lent
        return None if closed else self._project

    def lend(self) -> None:
        """Another thread writes for a while; nothing can be changed here until `take_back`."""
        self._lent = True
        self.lent.emit(True)

    def take_back(self, changes: Changes | None) -> None:
        """It has ended, and changed this."""
        if not self._lent:
            return
        self._lent = False
        if changes:
            self.changed.emit(changes)
            self.saved.emit(None)
        self.written.emit()
        self.lent.emit(False)

    def replace(self, project: Project | None) -> None:
        """Close the open project and show another."""
        if self._project is not None:
            self.closing.emit()
            ended_well = not self._project.read_only and not self._project.pending
            self._project.close()
            if ended_well:
                self.closed.emit(self._project.path)
        self._project = project
        self._lent = False
        self.replaced.emit(project)

    def move(self, path: Path) -> None:
        """The open project lies elsewhere in its folder."""
        if self._project is not None:
            before = self._project.path
            self._project.moved_to(path)
            self.moved.emit(before, path)

    def apply(
        self,
        command: Command,
        *,
        into: StepId | None = None,
        origin: Origin = Origin.USER,
        late: bool = False,
        recorded: bool = True,
    ) -> Changes | None:
        """Change the document, see `Project.apply`; None when nothing is open for writing or the write failed (`saved`
        says why).

        What waits because the disk would not take it goes first.
        """
        if self.pending:
            self.try_again()
        return self._write(
            lambda project: project.apply(command, into=into, origin=origin, late=late, recorded=recorded)
        )

    def end_step(self, step: StepId, *, at_start: bool = False) -> None:
        """Nothing more comes for a step; see `Project.end_step`."""
        self._write(lambda project: project.end_step(step, at_start=at_start))

    def undo(self) -> Changes | None:
        """Take back the newest step."""
        return self._write(lambda project: project.undo())

    def redo(self) -> Changes | None:
        """Do the step again that was taken back last."""
        return self._write(lambda project: project.redo())

    def travel(self, number: int, *, seconds: float) -> Changes | None:
        """A slice of the way to a step; see `Project.travel`."""
        return self._write(lambda project: project.travel(number, seconds=seconds))

    def note_media(self, notes: Sequence[MediaNote], moved: Set[ItemId]) -> None:
        """Keep what was found out about files; those of `moved` are elsewhere now, and views hear of it."""
        self._write(lambda project: project.note_media(notes, moved))

    def remember_view(self, item: ItemId, frame: FrameIndex) -> None:
        """Keep where the user is with the project."""
        self._write(lambda project: project.set_view(item, frame))

    def set_current_label(self, label: LabelId | None) -> None:
        """Choose the label new objects get."""
        self._write(lambda project: project.set_current_label(label))
        self.label_changed.emit()

    @property
    def pending(self) -> int:
        """How many changes wait because the disk would not take them."""
        return 0 if self._project is None else len(self._project.pending)

    def try_again(self) -> bool:
        """Write what waits; False when it still cannot be written."""
        project = self.writable
        if project is None:
            return True
        try:
            written = project.try_again()
        except StorageError as error:
            self.saved.emit(error)
            return False
        for changes in written:
            self.changed.emit(changes)
        self.written.emit()
        return True

    def tell_saved(self, outcome: datetime | StorageError) -> None:
        """All that was written is safe on the disk, or is not; nothing is while changes wait."""
        if isinstance(outcome, StorageError) or not self.pending:
            self.saved.emit(outcome)

    def _write(self, action: Callable[[Project], Changes | None]) -> Changes | None:
        """Every write goes this way: one that fails changes nothing and is told, whatever asked for it."""
        project = self.writable
        if project is None:
            return None
        try:
            changes = action(project)
        except StorageError as error:
            self.saved.emit(error)
            return None
        except DocError as error:
            self.refused.emit(error)
            return None
        if changes:
            self.changed.emit(changes)
            self.saved.emit(None)
        self.written.emit()
        return changes
