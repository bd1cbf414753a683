"""The Attributes tab."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from sam2_annotator.doc.changes import Changes
from sam2_annotator.doc.project import Project
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.labels.entries import attribute_entries
from sam2_annotator.ui.object_keys import draft_of, name_of
from sam2_annotator.ui.panels.attributes import AttributesPanel
from sam2_annotator.ui.view_state import View, ViewChange, ViewState
from sam2_annotator.values.ids import FrameIndex, ObjectId

_COALESCE_MS = 30


class AttributesPresenter(QObject):
    """Shows the attributes of the selected objects, else of the draft; many changes in a row are shown as one."""

    def __init__(self, bus: DocumentBus, view: ViewState, panel: AttributesPanel) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._panel = panel
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_COALESCE_MS)
        self._later.timeout.connect(self.show)

    @Slot(object)
    def on_project(self, project: Project | None) -> None:
        """Another project."""
        self.show()

    @Slot(object)
    def on_changes(self, changes: Changes) -> None:
        """Follow objects, definitions and values."""
        if changes.objects or changes.definitions or changes.attributes or changes.labels:
            self._later.start()

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """Follow item, frame and selection."""
        if change.concerns(View.ITEM, View.SELECTION, View.FRAME):
            self.show()  # at once: what is said next must be for what is looked at

    @Slot()
    def show(self) -> None:
        """Show what is said here."""
        project, shown = self._bus.project, self._view.item
        defined = project is not None and bool(project.attributes())
        if project is None or shown is None or not defined:
            self._panel.set_entries((), (), FrameIndex(0), about="", defined=defined)
            return
        item, frame = shown.media.item, self._view.frame
        draft = draft_of(project, item)
        objects = self._view.selection or (() if draft is None else (draft.id,))
        entries = attribute_entries(project, item, frame, objects)
        self._panel.set_entries(entries, objects, frame, about=_about(project, objects), defined=True)


def _about(project: Project, objects: tuple[ObjectId, ...]) -> str:
    if len(objects) > 1:
        return tr("{count} objects", count=len(objects))
    row = project.object(objects[0]) if objects else None
    return "" if row is None else name_of(project, row)
