"""Which object lies over which."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from sam2_annotator.doc.commands.base import require_object
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import ObjectRow
from sam2_annotator.values.ids import ItemId, ObjectId


class Lift(Enum):
    """One place up or down, or all the way."""

    FORWARD = "forward"
    BACK = "back"
    TO_FRONT = "to_front"
    TO_BACK = "to_back"


_TITLES = {
    Lift.FORWARD: "Bring forward",
    Lift.BACK: "Send back",
    Lift.TO_FRONT: "Bring to front",
    Lift.TO_BACK: "Send to back",
}


@dataclass(frozen=True, slots=True)
class LiftObjects:
    """Objects move in the stack of their item; among each other they keep their order."""

    item: ItemId
    objects: tuple[ObjectId, ...]
    lift: Lift

    @property
    def title(self) -> str:
        """What the Edit menu calls it."""
        return _TITLES[self.lift]

    def apply(self, edit: Edit) -> None:
        """Write the rows that move."""
        moved = {require_object(edit, self.item, object_id).id for object_id in self.objects}
        before = _stack(edit, self.item)
        match self.lift:
            case Lift.TO_FRONT:
                after = sorted(before, key=lambda row: row.id in moved)
            case Lift.TO_BACK:
                after = sorted(before, key=lambda row: row.id not in moved)
            case Lift.FORWARD:
                after = _shifted(before[::-1], moved)[::-1]
            case Lift.BACK:
                after = _shifted(before, moved)
        _write(edit, before, after)


@dataclass(frozen=True, slots=True)
class PlaceObjects:
    """Objects go right over another one, or under all for None; among each other they keep their order."""

    item: ItemId
    objects: tuple[ObjectId, ...]
    over: ObjectId | None
    title: str = "Change order"

    def apply(self, edit: Edit) -> None:
        """Write the rows that move. Raises ValueError for objects that go over themselves."""
        moved = {require_object(edit, self.item, object_id).id for object_id in self.objects}
        if self.over in moved:
            raise ValueError("an object cannot lie over itself")
        before = _stack(edit, self.item)
        rest = [row for row in before if row.id not in moved]
        place = 0
        if self.over is not None:
            place = 1 + [row.id for row in rest].index(require_object(edit, self.item, self.over).id)
        _write(edit, before, [*rest[:place], *(row for row in before if row.id in moved), *rest[place:]])


def _stack(edit: Edit, item: ItemId) -> list[ObjectRow]:
    """The objects of an item from back to front."""
    return sorted(edit.find(ObjectRow, item=item), key=lambda row: (row.z, row.number))


def _shifted(rows: list[ObjectRow], moved: set[ObjectId]) -> list[ObjectRow]:
    """Each of `moved` one place nearer to the start; those in a row there already stay."""
    after = list(rows)
    for place in range(1, len(after)):
        if after[place].id in moved and after[place - 1].id not in moved:
            after[place - 1], after[place] = after[place], after[place - 1]
    return after


def _write(edit: Edit, before: list[ObjectRow], after: list[ObjectRow]) -> None:
    """Give the places of `before` to the rows of `after`; only rows between the first and the last move change."""
    places = [row.z for row in before]
    for i in range(1, len(places)):  # a stack of an older project may hold equal places
        places[i] = max(places[i], places[i - 1] + 1)
    for row, z in zip(after, places, strict=True):
        if row.z != z:
            edit.put(replace(row, z=z))
