"""What a command is, and checks several of them share."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import Protocol

from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import ItemRow, MaskDigest, MaskRow, ObjectRow
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.states import MaskOrigin, MaskState


class Command(Protocol):
    """One change of the document: a frozen value that writes rows through an `Edit` and nothing else."""

    @property
    def title(self) -> str:
        """What the Edit menu calls the change."""

    def apply(self, edit: Edit) -> None:
        """Write the change. Raises DocError when a row it needs is gone, ValueError for a wrong call."""


@dataclass(frozen=True, slots=True)
class Together:
    """Several changes as one; all of them, or none."""

    commands: tuple[Command, ...]

    @property
    def title(self) -> str:
        """What the Edit menu calls the first of them."""
        return self.commands[0].title

    def apply(self, edit: Edit) -> None:
        """Write them one after the other."""
        for command in self.commands:
            command.apply(edit)


MAX_NAME = 200


def single_spaced(text: str) -> str:
    """A typed name as it is kept: NFC, single spaces, none at the ends, at most MAX_NAME characters; maybe empty."""
    return " ".join(unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8")).split())[:MAX_NAME]


def require_frame(edit: Edit, item: ItemId, frame: int) -> ItemRow:
    """The item, which must have this frame."""
    row = edit.require(ItemRow, item)
    if not 0 <= frame < row.frames:
        raise ValueError(f"frame {frame} of an item with {row.frames}")
    return row


def require_object(edit: Edit, item: ItemId, object_id: ObjectId) -> ObjectRow:
    """The object, which must be one of this item."""
    row = edit.require(ObjectRow, object_id)
    if row.item != item:
        raise ValueError(f"object {object_id} belongs to item {row.item}, not {item}")
    return row


def require_size(item: ItemRow, mask: Mask | None) -> None:
    """A mask must have the size of its item."""
    if mask is not None and (mask.height, mask.width) != (item.height, item.width):
        raise ValueError(f"a mask of {mask.width} x {mask.height} for an item of {item.width} x {item.height}")


def mask_row(
    edit: Edit,
    item: ItemRow,
    frame: FrameIndex,
    object_id: ObjectId,
    *,
    mask: Mask | None,
    state: MaskState,
    origin: MaskOrigin,
    iou: float | None,
    score: float | None,
    near: MaskDigest | None = None,
    change: Mask | None = None,
) -> MaskRow:
    """A row for a mask that is stored on the way; a mask must have the size of its item.

    `near` and `change` as in `Edit.keep`.
    """
    require_size(item, mask)
    digest, area = edit.keep(mask, near=near, change=change), mask.area if mask else 0
    return MaskRow(item.id, frame, object_id, digest, state, _finite(iou), _finite(score), area, origin)


def _finite(number: float | None) -> float | None:
    return None if number is None or not math.isfinite(number) else float(number)
