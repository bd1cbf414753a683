"""What a write changed, so that views can ask "does this concern me?"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeVar

from sam2_annotator.doc.rows import (
    AttributeRow,
    AttributeValueRow,
    ItemRow,
    LabelRow,
    MaskRow,
    ObjectRow,
    PromptRow,
    ReviewRow,
    Row,
    SettingRow,
    Value,
)
from sam2_annotator.values.ids import AttributeId, FrameIndex, ItemId, LabelId, ObjectId, StepId

_T = TypeVar("_T")


class Origin(Enum):
    """Who wrote. Views skip the echo of their own writes by it."""

    USER = "user"
    ENGINE = "engine"
    UNDO = "undo"
    REDO = "redo"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class RowImage:
    """One row before and after a write, as column values; None where the row did not exist."""

    row_type: type[Row]
    before: tuple[Value, ...] | None
    after: tuple[Value, ...] | None

    @property
    def key(self) -> tuple[Value, ...]:
        """The key of the row."""
        values = self.after if self.after is not None else self.before
        assert values is not None, "an image of a row that never was"
        return self.row_type.key_of(values)


@dataclass(frozen=True, slots=True)
class Changes:
    """The rows one write touched. `step` is what one undo takes back; `created` are new ids in order.

    `touched` are items that changed themselves or by their objects, masks, prompts or reviews.
    `definitions` are attributes that were defined anew, `attributes` the objects whose values changed.

    False when nothing changed, for instance when the tracker met only frames a person had fixed.
    """

    revision: int
    origin: Origin
    step: StepId | None = None
    items: frozenset[ItemId] = frozenset()
    objects: frozenset[ObjectId] = frozenset()
    labels: frozenset[LabelId] = frozenset()
    masks: frozenset[tuple[ItemId, FrameIndex]] = frozenset()
    prompts: frozenset[tuple[ItemId, FrameIndex]] = frozenset()
    reviews: frozenset[tuple[ItemId, FrameIndex]] = frozenset()
    definitions: frozenset[AttributeId] = frozenset()
    attributes: frozenset[ObjectId] = frozenset()
    settings: frozenset[str] = frozenset()
    created: tuple[int, ...] = ()
    touched: frozenset[ItemId] = frozenset()

    def __bool__(self) -> bool:
        """True when at least one row changed."""
        return any(
            (
                self.items,
                self.objects,
                self.labels,
                self.masks,
                self.prompts,
                self.reviews,
                self.definitions,
                self.attributes,
                self.settings,
            )
        )


def together(several: Sequence[Changes]) -> Changes:
    """What several writes touched, told as one; it has revision, origin and step of the last."""
    return replace(
        several[-1],
        items=_union(changes.items for changes in several),
        objects=_union(changes.objects for changes in several),
        labels=_union(changes.labels for changes in several),
        masks=_union(changes.masks for changes in several),
        prompts=_union(changes.prompts for changes in several),
        reviews=_union(changes.reviews for changes in several),
        definitions=_union(changes.definitions for changes in several),
        attributes=_union(changes.attributes for changes in several),
        settings=_union(changes.settings for changes in several),
        created=(),
        touched=_union(changes.touched for changes in several),
    )


def _union(sets: Iterable[frozenset[_T]]) -> frozenset[_T]:
    return frozenset[_T]().union(*sets)


def changes_of(
    images: Sequence[RowImage], *, revision: int, origin: Origin, step: StepId | None, created: tuple[int, ...] = ()
) -> Changes:
    """The summary of row images."""
    keys: dict[type[Row], set[tuple[Value, ...]]] = {}
    for image in images:
        keys.setdefault(image.row_type, set()).add(image.key)

    def ids(row_type: type[Row]) -> list[int]:
        return [int(key[0] or 0) for key in keys.get(row_type, ())]

    def frames(row_type: type[Row]) -> frozenset[tuple[ItemId, FrameIndex]]:
        found = keys.get(row_type, ())
        return frozenset((ItemId(int(key[0] or 0)), FrameIndex(int(key[1] or 0))) for key in found)

    return Changes(
        revision,
        origin,
        step,
        items=frozenset(map(ItemId, ids(ItemRow))),
        objects=frozenset(map(ObjectId, ids(ObjectRow))),
        labels=frozenset(map(LabelId, ids(LabelRow))),
        masks=frames(MaskRow),
        prompts=frames(PromptRow),
        reviews=frames(ReviewRow),
        definitions=frozenset(map(AttributeId, ids(AttributeRow))),
        attributes=frozenset(map(ObjectId, ids(AttributeValueRow))),
        settings=frozenset(str(key[0]) for key in keys.get(SettingRow, ())),
        created=created,
        touched=frozenset(ItemId(number) for image in images for number in _items(image)),
    )


def _items(image: RowImage) -> Iterator[int]:
    """Ids of the items a row belongs to, or is."""
    column = "id" if image.row_type is ItemRow else "item"
    if column in image.row_type.COLUMNS:
        place = image.row_type.COLUMNS.index(column)
        for values in (image.before, image.after):
            if values is not None and isinstance(values[place], int):
                yield int(values[place] or 0)
