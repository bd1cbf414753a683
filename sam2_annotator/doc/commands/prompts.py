"""What a person gives the model."""

from __future__ import annotations

import math
from dataclasses import dataclass

from sam2_annotator.doc.commands.base import require_frame, require_object
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import PromptRow
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.prompt import PromptSet


@dataclass(frozen=True, slots=True)
class SetPrompts:
    """The complete prompts of an object on a frame; an empty set removes them.

    `candidate` is the chosen one of a single click's three masks.
    """

    item: ItemId
    frame: FrameIndex
    object_id: ObjectId
    prompts: PromptSet
    candidate: int | None = None
    title: str = "Change prompts"

    def apply(self, edit: Edit) -> None:
        """Write or delete the row."""
        require_frame(edit, self.item, self.frame)
        require_object(edit, self.item, self.object_id)
        _check_finite(self.prompts)
        if self.prompts.mask is not None and not self.prompts.mask:
            raise ValueError("a mask prompt without pixels")
        if self.prompts:
            edit.put(PromptRow(self.item, self.frame, self.object_id, self.prompts, self.candidate))
        elif (row := edit.get(PromptRow, self.item, self.frame, self.object_id)) is not None:
            edit.delete(row)


def _check_finite(prompts: PromptSet) -> None:
    numbers = [number for point in prompts.points for number in (point.x, point.y)]
    if prompts.box is not None:
        numbers += [prompts.box.x0, prompts.box.y0, prompts.box.x1, prompts.box.y1]
    if not all(map(math.isfinite, numbers)):
        raise ValueError(f"prompt coordinates must be finite: {numbers}")
