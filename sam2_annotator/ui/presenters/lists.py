"""Objects and labels lists."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import MaskRow, ObjectRow
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.labels.entries import label_entries
from sam2_annotator.ui.live_settings import LiveSettings, SettingsChange
from sam2_annotator.ui.object_looks import Looks
from sam2_annotator.ui.panels.labels import LabelsPanel
from sam2_annotator.ui.panels.objects import ObjectEntry, ObjectsPanel
from sam2_annotator.ui.view_state import View, ViewChange, ViewState
from sam2_annotator.values.ids import LabelId

_COALESCE_MS = 60


class ListsPresenter(QObject):
    """Fills the two lists. What a run of the tracker changes many times a second is gathered for a moment."""

    def __init__(
        self, bus: DocumentBus, view: ViewState, live: LiveSettings, objects: ObjectsPanel, labels: LabelsPanel
    ) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._settings = live
        self._objects = objects
        self._labels = labels
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_COALESCE_MS)
        self._later.timeout.connect(self._show_objects)

    @Slot(object)
    def on_project(self, project: Project | None) -> None:
        """Another project: both lists."""
        self._show_objects()
        self.show_labels()

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """Refresh the lists a change concerns."""
        if changes.labels or changes.objects:
            self._show_objects()
            self.show_labels()
        self._later.start()

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """Follow the shown item, frame and selection."""
        if change.concerns(View.ITEM):
            shown = self._view.item
            self._objects.set_clip(shown is not None and shown.media.is_clip)
            self._show_objects()
        elif change.concerns(View.FRAME):
            self._later.start()
        if change.concerns(View.SELECTION):
            self._objects.set_selection(self._view.selection)

    @Slot(object)
    def on_settings(self, change: SettingsChange) -> None:
        """Objects may have other colours now."""
        if change.concerns("colour_by"):
            self._show_objects()

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

    def _show_objects(self) -> None:
        project, shown = self._bus.project, self._view.item
        if project is None or shown is None:
            self._objects.set_rows(())
            return
        names = {label.id: label.name for label in project.labels()}
        masks = {row.object: row for row in project.masks(shown.media.item, self._view.frame)}
        looks = Looks(project, self._settings.now.colour_by)
        rows = project.objects(shown.media.item)
        self._objects.set_rows(tuple(_object_entry(row, masks.get(row.id), names, looks) for row in rows))


def _object_entry(row: ObjectRow, mask: MaskRow | None, names: dict[LabelId, str], looks: Looks) -> ObjectEntry:
    state = None if mask is None else mask.state
    shade, ring = looks.mark(row, state)
    return ObjectEntry(
        object_id=row.id,
        number=row.number,
        label="" if row.label is None else names[row.label],
        state=state,
        area=0 if mask is None else mask.area,
        visible=row.visible,
        locked=row.locked,
        draft=row.draft,
        colour=shade,
        ring=ring,
    )
