"""Rows of objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from sam2_annotator.doc.rows.base import LoadMask, Row, Value, colour, colour_text, text, whole
from sam2_annotator.values.ids import ItemId, LabelId, ObjectId


@dataclass(frozen=True, slots=True)
class ObjectRow(Row):
    """One thing to segment. `number` counts per item from 1 and gives colour and tag; higher `z` lies on top.

    `colour` is the object's own colour, None for that of its number.
    """

    id: ObjectId
    item: ItemId
    number: int
    label: LabelId | None
    draft: bool
    visible: bool
    locked: bool
    z: int
    colour: tuple[int, int, int] | None = None
    note: str = ""

    TABLE: ClassVar[str] = "object"
    COLUMNS: ClassVar[tuple[str, ...]] = (
        "id",
        "item",
        "number",
        "label",
        "draft",
        "visible",
        "locked",
        "z",
        "colour",
        "note",
    )
    PARENTS: ClassVar[dict[str, str]] = {"item": "item", "label": "label"}

    def values(self) -> tuple[Value, ...]:
        """Column values, see Row."""
        flags = (int(self.draft), int(self.visible), int(self.locked))
        own = None if self.colour is None else colour_text(self.colour)
        return (self.id, self.item, self.number, self.label, *flags, self.z, own, self.note)

    @classmethod
    def from_values(cls, values: Sequence[Value], load_mask: LoadMask) -> Self:
        """The row of column values, see Row."""
        number, item, rank, label, draft, visible, locked, z, own, note = values
        return cls(
            ObjectId(whole(number)),
            ItemId(whole(item)),
            whole(rank),
            None if label is None else LabelId(whole(label)),
            bool(draft),
            bool(visible),
            bool(locked),
            whole(z),
            None if own is None else colour(own),
            text(note),
        )
