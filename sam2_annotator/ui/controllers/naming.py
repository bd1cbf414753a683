"""Naming objects in place, and which label new ones get."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Slot

from sam2_annotator.doc.commands.labels import DEFAULT_LABEL
from sam2_annotator.doc.project import Project
from sam2_annotator.ui.canvas.view import CanvasView
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.labels.entries import LabelEntry, label_entries
from sam2_annotator.ui.object_keys import draft_of, name_of
from sam2_annotator.ui.panels.label_picker import LabelPicker
from sam2_annotator.ui.view_state import ViewState
from sam2_annotator.values.ids import LabelId, ObjectId


class NamingController(QObject):
    """Opens the picker at the object, with the labels used last on top."""

    def __init__(self, bus: DocumentBus, view: ViewState, canvas: CanvasView, picker: LabelPicker) -> None:
        super().__init__()
        self._bus = bus
        self._view = view
        self._canvas = canvas
        self._picker = picker
        self._recent: list[LabelId] = []  # used last, newest first
        self._has_asked = False

    def name_first(self, object_id: ObjectId) -> None:
        """The first accepted object of a project without labels is named in place; who leaves it is not asked again."""
        project = self._bus.project
        if project is not None and not self._has_asked and not project.labels():
            self._has_asked = True
            at = self._place_of(project, object_id)
            self._picker.ask((object_id,), (), at, _title(project, (object_id,)))

    @Slot()
    def pick(self) -> None:
        """F2: the label of the selected objects, else of the draft, else of new ones."""
        project, shown = self._bus.writable, self._view.item
        if project is None or shown is None:
            return
        draft = draft_of(project, shown.media.item)
        objects = self._view.selection or (() if draft is None else (draft.id,))
        at = self._place_of(project, objects[0]) if objects else QPoint(0, 0)
        self._picker.ask(objects, self._recent_first(project), at, _title(project, objects))

    def _recent_first(self, project: Project) -> tuple[LabelEntry, ...]:
        rank = {label: place for place, label in enumerate(self._recent)}
        return tuple(sorted(label_entries(project), key=lambda entry: rank.get(entry.label, len(rank))))

    def _place_of(self, project: Project, object_id: ObjectId) -> QPoint:
        """The top left corner of an object on the canvas; the middle while it has no mask."""
        shown = self._view.item
        row = None if shown is None else project.mask_row(shown.media.item, self._view.frame, object_id)
        if row is None or row.digest is None:
            return self._canvas.rect().center()
        left, top, _, _ = project.mask(row.digest).box
        x, y = self._canvas.camera.to_canvas(left, top)
        return QPoint(round(x), round(y))

    @Slot()
    def on_label_chosen(self) -> None:
        """The label of new objects was chosen: it is the one used last."""
        label = None if self._bus.project is None else self._bus.project.current_label
        if label is not None:
            self._recent = [label, *(other for other in self._recent if other != label)]

    @Slot(object)
    def on_project(self, project: Project | None) -> None:
        """Another project: new objects begin with its default label, if it has one."""
        self._recent = []
        self._has_asked = False
        if project is None:
            return
        setting = project.setting(DEFAULT_LABEL)
        label = None if setting is None else project.label(LabelId(int(setting.value)))
        if label is not None:
            self._bus.set_current_label(label.id)
        self.on_label_chosen()


def _title(project: Project, objects: tuple[ObjectId, ...]) -> str:
    """Whose label is asked for."""
    if not objects:
        return tr("Label of new objects")
    row = project.object(objects[0])
    if len(objects) > 1 or row is None:
        return tr("Label of {count} objects", count=len(objects))
    return tr("Label of {name}", name=name_of(project, row))
