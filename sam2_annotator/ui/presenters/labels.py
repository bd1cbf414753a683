"""The list of labels, and the label names other parts offer."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.project import Project
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.labels.entries import label_entries
from sam2_annotator.ui.panels.labels import LabelsPanel
from sam2_annotator.ui.panels.objects import ObjectsPanel


class LabelsPresenter(QObject):
    """Fills the labels panel and tells the objects panel the names to offer."""

    def __init__(self, bus: DocumentBus, objects: ObjectsPanel, labels: LabelsPanel) -> None:
        super().__init__()
        self._bus = bus
        self._objects = objects
        self._labels = labels

    @Slot(object)
    def on_project(self, project: Project | None) -> None:
        """Another project."""
        self.show_labels()

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """Labels or the number of their objects changed."""
        if changes.labels or changes.objects:
            self.show_labels()

    @Slot()
    def show_labels(self) -> None:
        """Refresh the labels."""
        project = self._bus.project
        if project is None:
            self._labels.set_rows((), None)
            self._objects.set_labels(())
            return
        rows = label_entries(project)
        self._labels.set_rows(rows, project.current_label)
        self._objects.set_labels(tuple(row.name for row in rows))
