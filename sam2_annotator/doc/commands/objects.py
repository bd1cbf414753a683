"""Objects: made as drafts or at once, accepted, labelled, hidden, locked, deleted."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sam2_annotator.doc.commands.base import require_object
from sam2_annotator.doc.commands.overlap import take_room
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import AttributeValueRow, ItemRow, LabelRow, MaskRow, ObjectRow, PromptRow
from sam2_annotator.values.ids import ItemId, LabelId, ObjectId


@dataclass(frozen=True, slots=True)
class AddObject:
    """A new object, on top of the others; a draft until it is accepted. Its id is in `Changes.created`."""

    item: ItemId
    label: LabelId | None = None
    draft: bool = False
    title: str = "Add object"

    def apply(self, edit: Edit) -> None:
        """Write the row."""
        edit.require(ItemRow, self.item)
        if self.label is not None:
            edit.require(LabelRow, self.label)
        edit.put(new_object(edit, self.item, self.label, draft=self.draft))


@dataclass(frozen=True, slots=True)
class AcceptObject:
    """A draft becomes an object with this label. It takes its room only now, see `overlap.take_room`."""

    object_id: ObjectId
    label: LabelId | None
    title: str = "Accept object"

    def apply(self, edit: Edit) -> None:
        """Write the row."""
        if self.label is not None:
            edit.require(LabelRow, self.label)
        row = replace(edit.require(ObjectRow, self.object_id), draft=False, label=self.label)
        edit.put(row)
        for mask in edit.find(MaskRow, object=row.id):
            pixels = edit.mask(mask.digest)
            if pixels is not None:
                kept = take_room(edit, row, mask.frame, pixels)
                edit.put(replace(mask, digest=edit.keep(kept), area=kept.area))


@dataclass(frozen=True, slots=True)
class DeleteObject:
    """Objects of an item go with all their prompts and masks."""

    item: ItemId
    objects: tuple[ObjectId, ...]

    @property
    def title(self) -> str:
        """What the Edit menu calls it."""
        return "Delete object" if len(self.objects) == 1 else f"Delete {len(self.objects)} objects"

    def apply(self, edit: Edit) -> None:
        """Delete the rows."""
        for object_id in self.objects:
            delete_object(edit, require_object(edit, self.item, object_id))


@dataclass(frozen=True, slots=True)
class SetLabel:
    """These objects get a label, or none."""

    objects: tuple[ObjectId, ...]
    label: LabelId | None
    title: str = "Set label"

    def apply(self, edit: Edit) -> None:
        """Write the rows."""
        if self.label is not None:
            edit.require(LabelRow, self.label)
        for object_id in self.objects:
            edit.put(replace(edit.require(ObjectRow, object_id), label=self.label))


@dataclass(frozen=True, slots=True)
class SetFlags:
    """Show or hide, lock or unlock these objects; None leaves a flag as it is."""

    objects: tuple[ObjectId, ...]
    visible: bool | None = None
    locked: bool | None = None

    @property
    def title(self) -> str:
        """What the Edit menu calls it."""
        if self.locked is not None:
            return "Lock" if self.locked else "Unlock"
        return "Show" if self.visible else "Hide"

    def apply(self, edit: Edit) -> None:
        """Write the rows."""
        for object_id in self.objects:
            row = edit.require(ObjectRow, object_id)
            visible = row.visible if self.visible is None else self.visible
            locked = row.locked if self.locked is None else self.locked
            edit.put(replace(row, visible=visible, locked=locked))


def new_object(edit: Edit, item: ItemId, label: LabelId | None, *, draft: bool = False) -> ObjectRow:
    """A row for one more object, with the next number and on top of the others; it is not written yet."""
    number = 1 + edit.highest(ObjectRow, "number", item=item)
    z = 1 + edit.highest(ObjectRow, "z", item=item)
    new = ObjectId(edit.new_id(ObjectRow))
    return ObjectRow(new, item, number, label, draft, visible=True, locked=False, z=z)


def delete_object(edit: Edit, row: ObjectRow) -> None:
    """Delete an object with all that hangs on it."""
    for row_type in (PromptRow, MaskRow, AttributeValueRow):
        edit.delete_all(row_type, object=row.id)
    edit.delete(row)
