"""Masks a person changed by an operation: cleaned, grown, cut by others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from sam2_annotator.doc.commands.base import require_frame, require_object, require_size
from sam2_annotator.doc.commands.painting import put_edited
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import ItemRow, MaskDigest, MaskRow
from sam2_annotator.masks import rle
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.mask import Mask


@dataclass(frozen=True, slots=True)
class Shaped:
    """The new mask of an object, made from the one with the digest `base`."""

    object_id: ObjectId
    mask: Mask
    base: MaskDigest


@dataclass(frozen=True, slots=True)
class SetShapes:
    """Masks of a frame become what was made of them elsewhere; one that changed or went meanwhile is passed over."""

    item: ItemId
    frame: FrameIndex
    shapes: tuple[Shaped, ...]
    title: str = "Change shape"

    def apply(self, edit: Edit) -> None:
        """Write the rows."""
        item = require_frame(edit, self.item, self.frame)
        for shape in self.shapes:
            require_size(item, shape.mask)
            old = edit.get(MaskRow, self.item, self.frame, shape.object_id)
            if old is not None and old.digest == shape.base:
                put_drawn(edit, item, self.frame, require_object(edit, self.item, shape.object_id).id, shape.mask)


class Combination(Enum):
    """What happens to the first mask: it gets the pixels of the others, loses them, or keeps those they share."""

    UNITE = "unite"
    SUBTRACT = "subtract"
    INTERSECT = "intersect"


_COMBINE: dict[Combination, Callable[[Mask, Mask], Mask]] = {
    Combination.UNITE: rle.union,
    Combination.SUBTRACT: rle.subtract,
    Combination.INTERSECT: rle.intersect,
}
_TITLES = {
    Combination.UNITE: "Add other objects",
    Combination.SUBTRACT: "Subtract other objects",
    Combination.INTERSECT: "Intersect objects",
}


@dataclass(frozen=True, slots=True)
class CombineMasks:
    """The mask of an object on a frame is combined with those of others, which stay as they are."""

    item: ItemId
    frame: FrameIndex
    object_id: ObjectId
    others: tuple[ObjectId, ...]
    how: Combination

    @property
    def title(self) -> str:
        """What the Edit menu calls it."""
        return _TITLES[self.how]

    def apply(self, edit: Edit) -> None:
        """Write the row. An object without a mask here counts as an empty one."""
        item = require_frame(edit, self.item, self.frame)
        require_object(edit, self.item, self.object_id)
        mask = mask_on(edit, item, self.frame, self.object_id)
        for other in self.others:
            require_object(edit, self.item, other)
            mask = _COMBINE[self.how](mask, mask_on(edit, item, self.frame, other))
        put_drawn(edit, item, self.frame, self.object_id, mask)


def put_drawn(edit: Edit, item: ItemRow, frame: FrameIndex, object_id: ObjectId, mask: Mask) -> None:
    """Write a mask a person made by any means, see `painting.put_edited`."""
    before = mask_on(edit, item, frame, object_id)
    put_edited(edit, item, frame, object_id, before=before, change=rle.difference(before, mask))


def mask_on(edit: Edit, item: ItemRow, frame: FrameIndex, object_id: ObjectId) -> Mask:
    """What an object has on a frame, an empty mask for nothing."""
    row = edit.get(MaskRow, item.id, frame, object_id)
    return (None if row is None else edit.mask(row.digest)) or rle.empty(item.height, item.width)
