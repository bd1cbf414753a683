"""Objects the model found by itself and a person took over."""

from __future__ import annotations

from dataclasses import dataclass

from sam2_annotator.doc.commands.base import mask_row, require_frame, require_size
from sam2_annotator.doc.commands.objects import new_object
from sam2_annotator.doc.commands.overlap import take_room
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import LabelRow
from sam2_annotator.values.ids import FrameIndex, ItemId, LabelId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.states import MaskOrigin, MaskState


@dataclass(frozen=True, slots=True)
class FoundObject:
    """A mask and the quality the model predicts for it (IoU, 0..1)."""

    mask: Mask
    iou: float


@dataclass(frozen=True, slots=True)
class AddFoundObjects:
    """Each becomes an object with this label, on top of the others; their ids are in `Changes.created`, in order."""

    item: ItemId
    frame: FrameIndex
    found: tuple[FoundObject, ...]
    label: LabelId | None = None

    @property
    def title(self) -> str:
        """What the Edit menu calls it."""
        return "Accept suggestion" if len(self.found) == 1 else "Accept suggestions"

    def apply(self, edit: Edit) -> None:
        """Write the rows."""
        item = require_frame(edit, self.item, self.frame)
        if self.label is not None:
            edit.require(LabelRow, self.label)
        for one in self.found:
            require_size(item, one.mask)
            row = new_object(edit, self.item, self.label)
            edit.put(row)
            mask = take_room(edit, row, self.frame, one.mask)
            edit.put(
                mask_row(
                    edit,
                    item,
                    self.frame,
                    row.id,
                    mask=mask,
                    state=MaskState.KEY if mask else MaskState.EMPTY,
                    origin=MaskOrigin.PROMPTED,
                    iou=one.iou,
                    score=None,
                )
            )
