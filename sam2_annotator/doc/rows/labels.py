"""Rows of labels, their attributes, and the attributes' values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from sam2_annotator.doc.rows.base import (
    LoadMask,
    Row,
    Value,
    colour,
    colour_text,
    text,
    whole,
    whole_or_none,
)
from sam2_annotator.values.attributes import AttributeKind, AttributeValue
from sam2_annotator.values.ids import AttributeId, FrameIndex, LabelId, ObjectId


@dataclass(frozen=True, slots=True)
class LabelRow(Row):
    """A class name. `shortcut` is the digit 1..9 that sets it; lists are in the order of `position`."""

    id: LabelId
    name: str
    colour: tuple[int, int, int]
    shortcut: int | None
    position: int = 0

    TABLE: ClassVar[str] = "label"
    COLUMNS: ClassVar[tuple[str, ...]] = ("id", "name", "colour", "shortcut", "position")
    UNIQUE: ClassVar[str | None] = "name"

    def values(self) -> tuple[Value, ...]:
        """Column values, see Row."""
        return (self.id, self.name, colour_text(self.colour), self.shortcut, self.position)

    @classmethod
    def from_values(cls, values: Sequence[Value], load_mask: LoadMask) -> Self:
        """The row of column values, see Row."""
        number, name, shade, shortcut, position = values
        return cls(LabelId(whole(number)), text(name), colour(shade), whole_or_none(shortcut), whole(position))


@dataclass(frozen=True, slots=True)
class AttributeRow(Row):
    """Something to be said of every object of a label (of all objects with `label` None).

    `choices` are the words of a CHOICE, empty for other kinds. With `per_frame` a value holds from its frame until
    the next one; otherwise there is one value, kept at frame 0. Lists are in the order of `position`.
    """

    id: AttributeId
    label: LabelId | None
    name: str
    kind: AttributeKind
    choices: tuple[str, ...] = ()
    default: AttributeValue | None = None
    per_frame: bool = False
    position: int = 0

    TABLE: ClassVar[str] = "attribute"
    COLUMNS: ClassVar[tuple[str, ...]] = (
        "id",
        "label",
        "name",
        "kind",
        "choices",
        "initial",
        "per_frame",
        "position",
    )
    PARENTS: ClassVar[dict[str, str]] = {"label": "label"}

    def values(self) -> tuple[Value, ...]:
        """Column values, see Row."""
        default = None if self.default is None else json.dumps(self.default)
        facts = (self.name, self.kind.value, json.dumps(self.choices), default, int(self.per_frame), self.position)
        return (self.id, self.label, *facts)

    @classmethod
    def from_values(cls, values: Sequence[Value], load_mask: LoadMask) -> Self:
        """The row of column values, see Row."""
        number, label, name, kind, choices, default, per_frame, position = values
        return cls(
            AttributeId(whole(number)),
            None if label is None else LabelId(whole(label)),
            text(name),
            AttributeKind(kind),
            tuple(json.loads(text(choices))),
            None if default is None else _attribute_value(default),
            bool(per_frame),
            whole(position),
        )


@dataclass(frozen=True, slots=True)
class AttributeValueRow(Row):
    """What is said of an object: bool for FLAG, float for NUMBER, str for CHOICE and TEXT."""

    object: ObjectId
    attribute: AttributeId
    frame: FrameIndex
    value: AttributeValue

    TABLE: ClassVar[str] = "attribute_value"
    KEY: ClassVar[tuple[str, ...]] = ("object", "attribute", "frame")
    COLUMNS: ClassVar[tuple[str, ...]] = ("object", "attribute", "frame", "value")
    PARENTS: ClassVar[dict[str, str]] = {"object": "object", "attribute": "attribute"}

    def values(self) -> tuple[Value, ...]:
        """Column values, see Row."""
        return (self.object, self.attribute, self.frame, json.dumps(self.value))

    @classmethod
    def from_values(cls, values: Sequence[Value], load_mask: LoadMask) -> Self:
        """The row of column values, see Row."""
        object_id, attribute, frame, value = values
        key = (ObjectId(whole(object_id)), AttributeId(whole(attribute)), FrameIndex(whole(frame)))
        return cls(*key, _attribute_value(value))


def _attribute_value(value: Value) -> AttributeValue:
    found = json.loads(text(value))
    if isinstance(found, bool | str):
        return found
    if isinstance(found, int | float):
        return float(found)
    raise TypeError(f"an attribute value was expected, not {value!r:.40}")
