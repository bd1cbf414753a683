"""Several objects become one, and one becomes several.

Where pixels of one object become another's, the prompts on that frame no longer describe what they made: they go,
and the mask itself is what the engine is told (docs/decisions/0035-merge-and-split.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sam2_annotator.doc.commands.base import require_frame, require_object
from sam2_annotator.doc.commands.objects import delete_object, new_object
from sam2_annotator.doc.commands.shapes import put_drawn
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import AttributeValueRow, MaskRow, PromptRow
from sam2_annotator.masks import rle
from sam2_annotator.masks.morphology import parts
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.states import MaskOrigin, MaskState

_RANK = (MaskState.EMPTY, MaskState.PROPAGATED, MaskState.ABSENT, MaskState.CONFIRMED, MaskState.KEY)


@dataclass(frozen=True, slots=True)
class MergeObjects:
    """The first object gets the masks and prompts of the others on all frames, and they go.

    It keeps its own attributes, and its label and note if it has them; otherwise those of the next that does.
    """

    item: ItemId
    objects: tuple[ObjectId, ...]

    @property
    def title(self) -> str:
        """What the Edit menu calls it."""
        return f"Merge {len(self.objects)} objects"

    def apply(self, edit: Edit) -> None:
        """Write the rows. Raises ValueError for the same object twice."""
        if len(set(self.objects)) != len(self.objects):
            raise ValueError("the same object twice")
        kept, *others = (require_object(edit, self.item, object_id) for object_id in self.objects)
        frames: dict[FrameIndex, list[MaskRow]] = {}
        prompts: dict[FrameIndex, list[PromptRow]] = {}
        for row in (kept, *others):
            for mask in edit.find(MaskRow, object=row.id):
                frames.setdefault(mask.frame, []).append(mask)
            for prompt in edit.find(PromptRow, object=row.id):
                prompts.setdefault(prompt.frame, []).append(prompt)
        for row in others:
            delete_object(edit, row)
        for frame, found in frames.items():
            edit.put(_joined(edit, found, kept.id))
            if sum(mask.digest is not None for mask in found) > 1:
                self._drop_prompt(edit, frame, kept.id)
                prompts.pop(frame, None)
        for first, *_ in prompts.values():
            edit.put(replace(first, object=kept.id))
        label = next((row.label for row in (kept, *others) if row.label is not None), None)
        note = next((row.note for row in (kept, *others) if row.note), "")
        edit.put(replace(kept, label=label, note=note, draft=False))

    def _drop_prompt(self, edit: Edit, frame: FrameIndex, object_id: ObjectId) -> None:
        row = edit.get(PromptRow, self.item, frame, object_id)
        if row is not None:
            edit.delete(row)


def _joined(edit: Edit, found: Sequence[MaskRow], owner: ObjectId) -> MaskRow:
    """What several objects have on a frame, as one: what a person said counts for more than what was tracked."""
    filled = [row for row in found if row.digest is not None] or found
    state = max((row.state for row in filled), key=_RANK.index)
    if len(filled) == 1 or filled[0].digest is None:
        return replace(filled[0], object=owner, state=state)
    pixels = [mask for row in filled if (mask := edit.mask(row.digest)) is not None]
    union = pixels[0]
    for mask in pixels[1:]:
        union = rle.union(union, mask)
    origins = {row.origin for row in filled}
    return replace(
        filled[0],
        object=owner,
        digest=edit.keep(union),
        area=union.area,
        state=state,
        iou=None,
        score=None,
        origin=origins.pop() if len(origins) == 1 else MaskOrigin.EDITED,
    )


@dataclass(frozen=True, slots=True)
class SplitObject:
    """The parts of a mask become objects of their own on that frame; the largest stays with the object.

    The new objects lie above it and have its label, attributes and visibility.
    """

    item: ItemId
    frame: FrameIndex
    object_id: ObjectId
    title: str = "Split object"

    def apply(self, edit: Edit) -> None:
        """Write the rows; nothing when there is but one part."""
        item = require_frame(edit, self.item, self.frame)
        row = require_object(edit, self.item, self.object_id)
        mask = edit.get(MaskRow, self.item, self.frame, self.object_id)
        pixels = None if mask is None else edit.mask(mask.digest)
        found = () if pixels is None else parts(pixels)
        if len(found) < 2:
            return
        prompt = edit.get(PromptRow, self.item, self.frame, self.object_id)
        if prompt is not None:
            edit.delete(prompt)
        put_drawn(edit, item, self.frame, row.id, found[0])
        values = edit.find(AttributeValueRow, object=row.id)
        for part in found[1:]:
            new = replace(new_object(edit, self.item, row.label), visible=row.visible)
            edit.put(new)
            for value in values:
                edit.put(replace(value, object=new.id))
            put_drawn(edit, item, self.frame, new.id, part)
