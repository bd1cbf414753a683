"""Objects, labels and files lists."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.queries import ItemSummary
from sam2_annotator.doc.rows import ItemRow, MaskRow, ObjectRow
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.labels.entries import label_entries
from sam2_annotator.ui.panels.files import FileEntry, FilesPanel, FileState
from sam2_annotator.ui.panels.labels import LabelsPanel
from sam2_annotator.ui.panels.objects import ObjectEntry, ObjectsPanel
from sam2_annotator.ui.view_state import View, ViewChange, ViewState
from sam2_annotator.values.ids import ItemId, LabelId
from sam2_annotator.values.palette import colour, ring

_COALESCE_MS = 60


class ListsPresenter(QObject):
    """Fills the three lists. What a run of the tracker changes many times a second is gathered for a moment."""

    def __init__(
        self, bus: DocumentBus, view: ViewState, objects: ObjectsPanel, labels: LabelsPanel, files: FilesPanel
    ) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._objects = objects
        self._labels = labels
        self._files = files
        self._stale: set[ItemId] = set()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_COALESCE_MS)
        self._later.timeout.connect(self._show_soon)

    @Slot(object)
    def on_project(self, project: Project | None) -> None:
        """Another project: all lists."""
        self._show_files()
        self._show_objects()
        self.show_labels()

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """Refresh the lists a change concerns."""
        if changes.items:
            self._show_files()
        if changes.labels or changes.objects:
            self._show_objects()
            self.show_labels()
        self._stale.update(item for item, _ in changes.masks | changes.prompts)
        if self._view.item is not None:
            self._stale.add(self._view.item.media.item)
        self._later.start()

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """Follow the shown item, frame and selection."""
        if change.concerns(View.ITEM):
            shown = self._view.item
            self._files.set_current(None if shown is None else shown.media.item)
            self._objects.set_clip(shown is not None and shown.media.is_clip)
            self._show_objects()
        elif change.concerns(View.FRAME):
            self._later.start()
        if change.concerns(View.SELECTION):
            self._objects.set_selection(self._view.selection)

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

    def _show_soon(self) -> None:
        self._show_objects()
        project, stale = self._bus.project, self._stale
        self._stale = set()
        if project is None or not stale:
            return
        for item in stale:
            row = project.item(item)
            if row is not None:
                (summary,) = project.summaries(item)
                self._files.update_row(_file_entry(row, summary))

    def _show_objects(self) -> None:
        project, shown = self._bus.project, self._view.item
        if project is None or shown is None:
            self._objects.set_rows(())
            return
        names = {label.id: label.name for label in project.labels()}
        masks = {row.object: row for row in project.masks(shown.media.item, self._view.frame)}
        rows = project.objects(shown.media.item)
        self._objects.set_rows(tuple(_object_entry(row, masks.get(row.id), names) for row in rows))

    def _show_files(self) -> None:
        project = self._bus.project
        if project is None:
            self._files.set_rows(())
            return
        self._files.set_rows(tuple(map(_file_entry, project.items(), project.summaries())))


def _object_entry(row: ObjectRow, mask: MaskRow | None, names: dict[LabelId, str]) -> ObjectEntry:
    return ObjectEntry(
        object_id=row.id,
        number=row.number,
        label="" if row.label is None else names[row.label],
        state=None if mask is None else mask.state,
        area=0 if mask is None else mask.area,
        visible=row.visible,
        locked=row.locked,
        draft=row.draft,
        colour=colour(row.number),
        ring=ring(row.number),
    )


def _file_entry(row: ItemRow, summary: ItemSummary) -> FileEntry:
    if row.frames == 0:
        return FileEntry(row.id, row.path.name, FileState.UNREADABLE, 0, note=tr("This file cannot be read."))
    state = FileState.STARTED if summary.objects else FileState.TODO
    return FileEntry(row.id, row.path.name, state, summary.objects, summary.labels)
