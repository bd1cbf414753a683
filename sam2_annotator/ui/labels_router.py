"""The part of the router that knows who names objects, changes labels and says attributes."""

from __future__ import annotations

from typing import assert_never

from sam2_annotator.doc.commands.labels import LabelChange
from sam2_annotator.ui.actions.action import LabelAction, LabelWish
from sam2_annotator.ui.controllers.attributes import AttributesController
from sam2_annotator.ui.controllers.label_files import LabelFilesController
from sam2_annotator.ui.controllers.labels import LabelsController
from sam2_annotator.ui.controllers.naming import NamingController
from sam2_annotator.values.ids import ObjectId


class LabelsRouter:
    """Takes the wishes about labels that the router hands on."""

    def __init__(
        self,
        *,
        labels: LabelsController,
        naming: NamingController,
        label_files: LabelFilesController,
        attributes: AttributesController,
    ) -> None:
        self._labels = labels
        self._naming = naming
        self._label_files = label_files
        self._attributes = attributes

    def name_first(self, object_id: ObjectId) -> None:
        """The first object of a project is named in place."""
        self._naming.name_first(object_id)

    def route(self, wish: LabelWish) -> None:
        """Carry out one wish."""
        if isinstance(wish, LabelAction):
            self._act(wish)
        elif isinstance(wish, LabelChange):
            self._labels.change(wish)
        else:
            self._attributes.change(wish)

    def _act(self, wish: LabelAction) -> None:
        match wish:
            case LabelAction.NAME:
                self._naming.pick()
            case LabelAction.LABEL_SET:
                self._labels.edit_set()
            case LabelAction.IMPORT_LABELS:
                self._label_files.ask_import()
            case LabelAction.EXPORT_LABELS:
                self._label_files.ask_export()
            case _:
                assert_never(wish)
