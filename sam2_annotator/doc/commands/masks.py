"""Masks and states of objects on frames."""

from __future__ import annotations

from dataclasses import dataclass

from sam2_annotator.doc.commands.base import mask_row, require_frame, require_object, require_size
from sam2_annotator.doc.commands.overlap import take_room
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import MaskRow, ObjectRow, PromptRow
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.states import MaskOrigin, MaskState


@dataclass(frozen=True, slots=True)
class SetMask:
    """The mask of an object on a frame, whatever was there; None or an empty mask keeps the state alone."""

    item: ItemId
    frame: FrameIndex
    object_id: ObjectId
    mask: Mask | None
    state: MaskState
    iou: float | None = None
    score: float | None = None
    origin: MaskOrigin = MaskOrigin.PROMPTED
    title: str = "Set mask"

    @classmethod
    def predicted(
        cls,
        item: ItemId,
        frame: FrameIndex,
        object_id: ObjectId,
        mask: Mask,
        *,
        iou: float | None,
        score: float | None = None,
    ) -> SetMask:
        """What the model answered to prompts; an empty mask means it found nothing."""
        return cls(item, frame, object_id, mask, MaskState.KEY if mask else MaskState.EMPTY, iou, score)

    def apply(self, edit: Edit) -> None:
        """Write the row."""
        item = require_frame(edit, self.item, self.frame)
        row = require_object(edit, self.item, self.object_id)
        require_size(item, self.mask)
        edit.put(
            mask_row(
                edit,
                item,
                self.frame,
                self.object_id,
                mask=None if self.mask is None else take_room(edit, row, self.frame, self.mask),
                state=self.state,
                origin=self.origin,
                iou=self.iou,
                score=self.score,
            )
        )


@dataclass(frozen=True, slots=True)
class RemoveMask:
    """Nothing is known any more of an object on a frame."""

    item: ItemId
    frame: FrameIndex
    object_id: ObjectId
    title: str = "Remove mask"

    def apply(self, edit: Edit) -> None:
        """Delete the row, if there is one."""
        row = edit.get(MaskRow, self.item, self.frame, self.object_id)
        if row is not None:
            edit.delete(row)


@dataclass(frozen=True, slots=True)
class NewMask:
    """What the tracker found of one object; an empty mask means it found nothing."""

    object_id: ObjectId
    mask: Mask
    iou: float
    score: float


@dataclass(frozen=True, slots=True)
class SetMasks:
    """One tracked frame. What a person said about an object there stays; objects deleted meanwhile are left out."""

    item: ItemId
    frame: FrameIndex
    masks: tuple[NewMask, ...]
    title: str = "Propagate"

    def apply(self, edit: Edit) -> None:
        """Write the rows the tracker may write."""
        item = require_frame(edit, self.item, self.frame)
        for new in self.masks:
            if edit.get(ObjectRow, new.object_id) is None:
                continue
            row = require_object(edit, self.item, new.object_id)
            require_size(item, new.mask)
            old = edit.get(MaskRow, self.item, self.frame, new.object_id)
            if old is not None and old.state.is_human:
                continue
            mask = take_room(edit, row, self.frame, new.mask, by_person=False)
            state = MaskState.PROPAGATED if mask else MaskState.EMPTY
            edit.put(
                mask_row(
                    edit,
                    item,
                    self.frame,
                    new.object_id,
                    mask=mask,
                    state=state,
                    origin=MaskOrigin.PROPAGATED,
                    iou=new.iou,
                    score=new.score,
                )
            )


@dataclass(frozen=True, slots=True)
class MarkAbsent:
    """A person says these objects are not here; their prompts and masks on these frames go."""

    item: ItemId
    frames: range
    objects: tuple[ObjectId, ...]
    title: str = "Mark absent"

    def apply(self, edit: Edit) -> None:
        """Write a row for every frame and object."""
        if not self.frames:
            return
        require_frame(edit, self.item, min(self.frames))
        item = require_frame(edit, self.item, max(self.frames))
        for object_id in self.objects:
            require_object(edit, self.item, object_id)
            for prompt in edit.find(PromptRow, object=object_id):
                if prompt.frame in self.frames:
                    edit.delete(prompt)
            absent = [
                MaskRow(item.id, frame, object_id, None, MaskState.ABSENT, None, None, 0, MaskOrigin.EDITED)
                for frame in map(FrameIndex, self.frames)
            ]
            edit.put_all(absent, object=object_id)
