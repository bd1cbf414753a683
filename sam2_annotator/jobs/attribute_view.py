"""What is said of the objects of an item, frame by frame."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

from sam2_annotator.doc import Project
from sam2_annotator.doc.rows import AttributeRow, ObjectRow
from sam2_annotator.formats.model import AttributeValue
from sam2_annotator.values.ids import AttributeId, ItemId, ObjectId


class AttributeView:
    """The attributes of one item's objects by name; read once, so that going through a long clip stays cheap."""

    def __init__(self, project: Project, item: ItemId) -> None:
        self._attributes = sorted(project.attributes(), key=lambda row: row.name)
        self._said: dict[tuple[ObjectId, AttributeId], tuple[list[int], list[AttributeValue]]] = {}
        for row in project.attribute_values(item) if self._attributes else ():
            frames, values = self._said.setdefault((row.object, row.attribute), ([], []))
            frames.append(row.frame)
            values.append(row.value)

    def at(self, row: ObjectRow, frame: int) -> Mapping[str, AttributeValue]:
        """What holds of an object on a frame: said there or before, else the default; nothing where neither is."""
        asked = (attribute for attribute in self._attributes if attribute.label in (None, row.label))
        held = ((attribute.name, self._held(attribute, row.id, frame)) for attribute in asked)
        return {name: value for name, value in held if value is not None}

    def _held(self, attribute: AttributeRow, number: ObjectId, frame: int) -> AttributeValue | None:
        frames, values = self._said.get((number, attribute.id), ([], []))
        place = bisect_right(frames, frame)
        return values[place - 1] if place else attribute.default
