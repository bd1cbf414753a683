"""Masks drawn by hand."""

from __future__ import annotations

from dataclasses import dataclass

from sam2_annotator.doc.commands.base import mask_row, require_frame, require_object
from sam2_annotator.doc.commands.overlap import take_room
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import ItemRow, MaskRow, ObjectRow, PromptRow
from sam2_annotator.masks import rle
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.states import MaskOrigin, MaskState


@dataclass(frozen=True, slots=True)
class PaintStroke:
    """Pixels are added to an object's mask on a frame, or taken from it; only those that change are stored."""

    item: ItemId
    frame: FrameIndex
    object_id: ObjectId
    stroke: Mask
    add: bool
    title: str = "Brush"

    def apply(self, edit: Edit) -> None:
        """Write the row, unless the mask stays as it is."""
        item, before = _before(edit, self.item, self.frame, self.object_id)
        change = rle.subtract(self.stroke, before) if self.add else rle.intersect(self.stroke, before)
        put_edited(edit, item, self.frame, self.object_id, before=before, change=change)


@dataclass(frozen=True, slots=True)
class ReplaceMask:
    """A person gives an object this mask on a frame: moved, or with another outline."""

    item: ItemId
    frame: FrameIndex
    object_id: ObjectId
    mask: Mask
    title: str = "Edit outline"

    def apply(self, edit: Edit) -> None:
        """Write the row, unless the mask stays as it is."""
        item, before = _before(edit, self.item, self.frame, self.object_id)
        change = rle.difference(before, self.mask)
        put_edited(edit, item, self.frame, self.object_id, before=before, change=change)


def put_edited(
    edit: Edit, item: ItemRow, frame: FrameIndex, object_id: ObjectId, *, before: Mask, change: Mask
) -> None:
    """Flip the pixels of `change` in the mask `before`; without any there is no change.

    The frame becomes a key frame without the model's figures. When nothing is left, a person has said that the object
    is not here: it is absent, and its prompts on this frame, which would bring it back, go. Where objects are kept
    apart, others change too, see `overlap.take_room`.
    """
    wanted = rle.difference(before, change)
    mask = take_room(edit, edit.require(ObjectRow, object_id), frame, wanted) if change else before
    if mask != wanted:
        change = rle.difference(before, mask)
    if not change:
        return
    old = edit.get(MaskRow, item.id, frame, object_id)
    if not mask and (prompts := edit.get(PromptRow, item.id, frame, object_id)) is not None:
        edit.delete(prompts)
    edit.put(
        mask_row(
            edit,
            item,
            frame,
            object_id,
            mask=mask,
            state=MaskState.KEY if mask else MaskState.ABSENT,
            origin=MaskOrigin.EDITED,
            iou=None,
            score=None,
            near=None if old is None else old.digest,
            change=change,
        )
    )


def _before(edit: Edit, item_id: ItemId, frame: FrameIndex, object_id: ObjectId) -> tuple[ItemRow, Mask]:
    """The item, and the mask that is there, an empty one for none."""
    item = require_frame(edit, item_id, frame)
    require_object(edit, item_id, object_id)
    row = edit.get(MaskRow, item_id, frame, object_id)
    mask = None if row is None else edit.mask(row.digest)
    return item, rle.empty(item.height, item.width) if mask is None else mask
