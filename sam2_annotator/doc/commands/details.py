"""What a person notes about an object."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import ObjectRow
from sam2_annotator.values.ids import ObjectId


@dataclass(frozen=True, slots=True)
class SetNote:
    """Objects get a note; "" takes it away."""

    objects: tuple[ObjectId, ...]
    note: str
    title: str = "Change note"

    def apply(self, edit: Edit) -> None:
        """Write the rows."""
        note = self.note.encode("utf-8", "replace").decode("utf-8").strip()
        for object_id in self.objects:
            edit.put(replace(edit.require(ObjectRow, object_id), note=note))


@dataclass(frozen=True, slots=True)
class SetColour:
    """Objects get a colour of their own, (r, g, b), or again that of their number for None."""

    objects: tuple[ObjectId, ...]
    colour: tuple[int, int, int] | None
    title: str = "Change colour"

    def apply(self, edit: Edit) -> None:
        """Write the rows. Raises ValueError for a colour outside 0..255."""
        if self.colour is not None and not all(0 <= part <= 255 for part in self.colour):
            raise ValueError(f"a colour of {self.colour}")
        for object_id in self.objects:
            edit.put(replace(edit.require(ObjectRow, object_id), colour=self.colour))
