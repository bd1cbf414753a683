"""Holds the open project and tells everyone what a change touched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from sam2_annotator.doc.changes import Changes, Origin
from sam2_annotator.doc.commands import Command
from sam2_annotator.doc.project import Project
from sam2_annotator.errors import DocError
from sam2_annotator.values.ids import FrameIndex, ItemId, LabelId, StepId


class DocumentBus(QObject):
    """The only way to the project in the window. `changed` carries Changes, `closing` comes before a
    project is closed, `replaced` carries the next Project or None,
    `label_changed` nothing: another label is given to new objects. `saved` carries the time of the last write or
    the DocError that prevented it."""

    changed = Signal(object)
    closing = Signal()
    replaced = Signal(object)
    label_changed = Signal()
    saved = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project: Project | None = None

    @property
    def project(self) -> Project | None:
        """The open project, None on the welcome page."""
        return self._project

    @property
    def writable(self) -> Project | None:
        """The open project if it may be changed."""
        return None if self._project is None or self._project.read_only else self._project

    def replace(self, project: Project | None) -> None:
        """Close the open project and show another."""
        if self._project is not None:
            self.closing.emit()
            self._project.close()
        self._project = project
        self.replaced.emit(project)

    def apply(
        self, command: Command, *, into: StepId | None = None, origin: Origin = Origin.USER, late: bool = False
    ) -> Changes | None:
        """Change the document; None when nothing is open for writing or the write failed (`saved` says why)."""
        return self._write(lambda project: project.apply(command, into=into, origin=origin, late=late))

    def end_step(self, step: StepId, *, at_start: bool = False) -> None:
        """Nothing more comes for a step; see `Project.end_step`."""
        self._write(lambda project: project.end_step(step, at_start=at_start))

    def undo(self) -> Changes | None:
        """Take back the newest step."""
        return self._write(lambda project: project.undo())

    def redo(self) -> Changes | None:
        """Do the step again that was taken back last."""
        return self._write(lambda project: project.redo())

    def remember_view(self, item: ItemId, frame: FrameIndex) -> None:
        """Keep where the user is with the project."""
        self._write(lambda project: project.set_view(item, frame))

    def set_current_label(self, label: LabelId | None) -> None:
        """Choose the label new objects get."""
        self._write(lambda project: project.set_current_label(label))
        self.label_changed.emit()

    def save(self) -> None:
        """Write everything to the file and make a restore point."""
        if self.writable is None:
            return
        try:
            self.writable.save()
        except DocError as error:
            self.saved.emit(error)
            return
        self.saved.emit(datetime.now())

    def _write(self, action: Callable[[Project], Changes | None]) -> Changes | None:
        """Every write goes this way: one that fails changes nothing and is told, whatever asked for it."""
        project = self.writable
        if project is None:
            return None
        try:
            changes = action(project)
        except DocError as error:
            self.saved.emit(error)
            return None
        if changes:
            self.changed.emit(changes)
            self.saved.emit(datetime.now())
        return changes
