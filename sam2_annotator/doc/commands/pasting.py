"""Masks that were copied come to other frames and items."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sam2_annotator.doc.commands.base import require_frame, require_object, require_size
from sam2_annotator.doc.commands.objects import new_object
from sam2_annotator.doc.commands.shapes import put_drawn
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import AttributeValueRow, LabelRow, MaskRow, ObjectRow, PromptRow
from sam2_annotator.values.ids import FrameIndex, ItemId, LabelId, ObjectId
from sam2_annotator.values.mask import Mask


@dataclass(frozen=True, slots=True)
class Pasted:
    """A mask for the object `into`, or for a new one with this label, colour, note and the attributes of `like`."""

    mask: Mask
    into: ObjectId | None = None
    label: LabelId | None = None
    colour: tuple[int, int, int] | None = None
    note: str = ""
    like: ObjectId | None = None


@dataclass(frozen=True, slots=True)
class PasteMasks:
    """Masks come to these frames of an item as drawn by a person. Ids of new objects are in `Changes.created`.

    With `keep_drawn` frames a person spoke about stay as they are; otherwise the masks stand in for what is there.
    """

    item: ItemId
    frames: range
    masks: tuple[Pasted, ...]
    keep_drawn: bool = False
    title: str = "Paste"

    def apply(self, edit: Edit) -> None:
        """Write the rows."""
        if not self.frames or not self.masks:
            return
        require_frame(edit, self.item, min(self.frames))
        item = require_frame(edit, self.item, max(self.frames))
        for pasted in self.masks:
            require_size(item, pasted.mask)
            row = self._owner(edit, pasted)
            for frame in map(FrameIndex, self.frames):
                old = edit.get(MaskRow, item.id, frame, row.id)
                if self.keep_drawn and old is not None and old.state.is_human:
                    continue
                prompt = edit.get(PromptRow, item.id, frame, row.id)
                if prompt is not None:
                    edit.delete(prompt)
                put_drawn(edit, item, frame, row.id, pasted.mask)

    def _owner(self, edit: Edit, pasted: Pasted) -> ObjectRow:
        if pasted.into is not None:
            return require_object(edit, self.item, pasted.into)
        label = None if pasted.label is None else edit.require(LabelRow, pasted.label).id
        new = replace(new_object(edit, self.item, label), colour=pasted.colour, note=pasted.note)
        edit.put(new)
        if pasted.like is not None:
            for value in edit.find(AttributeValueRow, object=pasted.like):
                edit.put(replace(value, object=new.id))
        return new
