"""Attributes: what can be said of objects beyond their label, and what is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sam2_annotator.doc.commands.base import single_spaced
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import AttributeRow, AttributeValueRow, ItemRow, LabelRow, ObjectRow
from sam2_annotator.errors import DocError
from sam2_annotator.values.attributes import (
    AttributeKind,
    AttributeSpec,
    AttributeValue,
    converted,
    renamed_choices,
)
from sam2_annotator.values.ids import AttributeId, FrameIndex, LabelId, ObjectId

MAX_CHOICES = 1000
MAX_WORDS = 10_000  # characters of a text value


@dataclass(frozen=True, slots=True)
class AddAttribute:
    """Something more to be said of every object of a label, of all objects with `label` None."""

    label: LabelId | None
    spec: AttributeSpec

    @property
    def title(self) -> str:
        """What the Edit menu calls it."""
        return f"Add attribute {self.spec.name}"

    def apply(self, edit: Edit) -> None:
        """Write the row."""
        if self.label is not None:
            edit.require(LabelRow, self.label)
        spec = cleaned(self.spec)
        _check_free(edit, spec.name, self.label)
        NewAttributes(edit).add(self.label, spec)


@dataclass(frozen=True, slots=True)
class ChangeAttribute:
    """An attribute is defined anew. Values that have no counterpart in the new definition go.

    The values of a choice whose word alone was respelled follow it. An attribute that no longer changes from frame to
    frame keeps each object's first value.
    """

    attribute: AttributeId
    spec: AttributeSpec

    @property
    def title(self) -> str:
        """What the Edit menu calls it."""
        return f"Change attribute {self.spec.name}"

    def apply(self, edit: Edit) -> None:
        """Write the rows."""
        row = edit.require(AttributeRow, self.attribute)
        spec = cleaned(self.spec)
        _check_free(edit, spec.name, row.label, but=row.id)
        changed = of_spec(row.id, row.label, spec, row.position)
        if changed == row:
            return
        edit.put(changed)
        _rewrite_values(edit, row, changed)


@dataclass(frozen=True, slots=True)
class MoveAttribute:
    """An attribute goes to this place among those of its label, counted from 0; beyond the end, to the end."""

    attribute: AttributeId
    place: int
    title: str = "Move attribute"

    def apply(self, edit: Edit) -> None:
        """Write the rows whose place changes."""
        row = edit.require(AttributeRow, self.attribute)
        rows = sorted(edit.find(AttributeRow, label=row.label), key=lambda one: (one.position, one.id))
        positions = [one.position for one in rows]
        rows.remove(row)
        rows.insert(min(max(self.place, 0), len(rows)), row)
        for position, one in zip(positions, rows, strict=True):
            edit.put(replace(one, position=position))


@dataclass(frozen=True, slots=True)
class DeleteAttribute:
    """An attribute goes with all its values."""

    attribute: AttributeId
    title: str = "Delete attribute"

    def apply(self, edit: Edit) -> None:
        """Delete the rows."""
        delete_attribute(edit, edit.require(AttributeRow, self.attribute))


@dataclass(frozen=True, slots=True)
class SetAttribute:
    """Say something of these objects; None takes back what was said there.

    A fixed attribute has one value; one that changes holds from `frame` until the next value, and None takes away
    the change on exactly that frame.
    """

    objects: tuple[ObjectId, ...]
    attribute: AttributeId
    frame: FrameIndex
    value: AttributeValue | None
    title: str = "Set attribute"

    def apply(self, edit: Edit) -> None:
        """Write the rows."""
        attribute = edit.require(AttributeRow, self.attribute)
        if self.value is not None and not attribute.kind.takes(self.value, attribute.choices):
            raise ValueError(f"{self.value!r:.40} for the attribute {attribute.name}")
        if isinstance(self.value, str) and len(self.value) > MAX_WORDS:
            raise DocError(f"The text is longer than {MAX_WORDS} characters.", hint="Shorten it.")
        for object_id in self.objects:
            row = edit.require(ObjectRow, object_id)
            if attribute.label not in (None, row.label):
                raise DocError(f"Object {row.number} has no attribute {attribute.name}.", hint="Its label lacks it.")
            self._write(edit, attribute, row)

    def _write(self, edit: Edit, attribute: AttributeRow, row: ObjectRow) -> None:
        if not 0 <= self.frame < edit.require(ItemRow, row.item).frames:
            raise ValueError(f"frame {self.frame}")
        frame = self.frame if attribute.per_frame else FrameIndex(0)
        if self.value is not None:
            edit.put(AttributeValueRow(row.id, attribute.id, frame, self.value))
        elif (said := edit.get(AttributeValueRow, row.id, attribute.id, frame)) is not None:
            edit.delete(said)


AttributeChange = AddAttribute | ChangeAttribute | MoveAttribute | DeleteAttribute | SetAttribute


def cleaned(spec: AttributeSpec) -> AttributeSpec:
    """The definition as it is kept: names with single spaces, each choice once, no default it could not take.

    Raises DocError without a name or with too many choices.
    """
    name = single_spaced(spec.name)
    if not name:
        raise DocError("An attribute needs a name.", hint="Type at least one letter.")
    words = (
        tuple(dict.fromkeys(filter(None, map(single_spaced, spec.choices))))
        if spec.kind is AttributeKind.CHOICE
        else ()
    )
    if len(words) > MAX_CHOICES:
        raise DocError(f"The attribute {name} has more than {MAX_CHOICES} choices.", hint="Use a text instead.")
    kept = replace(spec, name=name, choices=words)
    return kept if spec.default is None else replace(kept, default=converted(spec.default, kept))


def spec_of(row: AttributeRow) -> AttributeSpec:
    """The definition of a row."""
    return AttributeSpec(row.name, row.kind, row.choices, row.default, row.per_frame)


def of_spec(number: AttributeId, label: LabelId | None, spec: AttributeSpec, position: int) -> AttributeRow:
    """The row of a definition."""
    return AttributeRow(number, label, spec.name, spec.kind, spec.choices, spec.default, spec.per_frame, position)


class NewAttributes:
    """Adds attributes at the end of the list; reads the ones there are once, however many come."""

    def __init__(self, edit: Edit) -> None:
        self._edit = edit
        self._position = max((row.position for row in edit.find(AttributeRow)), default=-1)

    def add(self, label: LabelId | None, spec: AttributeSpec) -> None:
        """Write an attribute whose clean name is free."""
        self._position += 1
        self._edit.put(of_spec(AttributeId(self._edit.new_id(AttributeRow)), label, spec, self._position))


def delete_attribute(edit: Edit, row: AttributeRow) -> None:
    """Delete an attribute and what was said."""
    for value in edit.find(AttributeValueRow, attribute=row.id):
        edit.delete(value)
    edit.delete(row)


def move_attribute(edit: Edit, row: AttributeRow, label: LabelId) -> None:
    """Give an attribute to another label; where that has one of the same name, only the values go over."""
    twin = _named(edit, row.name, label)
    if twin is None:
        edit.put(replace(row, label=label))
        return
    values = edit.find(AttributeValueRow, attribute=row.id)
    for value in kept_values(values, row, spec_of(twin)):
        if edit.get(AttributeValueRow, value.object, twin.id, value.frame) is None:
            edit.put(replace(value, attribute=twin.id))
    delete_attribute(edit, row)


def kept_values(
    values: Iterable[AttributeValueRow], before: AttributeRow, after: AttributeSpec
) -> list[AttributeValueRow]:
    """Values (by object, then frame) of an attribute as they are under a new definition; the others are lost."""
    respelled = renamed_choices(before.choices, after.choices)
    kept: dict[tuple[ObjectId, FrameIndex], AttributeValueRow] = {}
    for row in values:
        word = respelled.get(row.value, row.value) if isinstance(row.value, str) else row.value
        value = converted(word, after)
        frame = row.frame if after.per_frame else FrameIndex(0)
        if value is not None:
            kept.setdefault((row.object, frame), replace(row, frame=frame, value=value))
    return list(kept.values())


def _rewrite_values(edit: Edit, before: AttributeRow, after: AttributeRow) -> None:
    values = edit.find(AttributeValueRow, attribute=before.id)
    kept = kept_values(values, before, spec_of(after))
    places = {(row.object, row.frame) for row in kept}
    for row in values:
        if (row.object, row.frame) not in places:
            edit.delete(row)
    for row in kept:
        edit.put(row)


def _named(edit: Edit, name: str, label: LabelId | None) -> AttributeRow | None:
    """The attribute of this name that objects of a label have; any of this name for `label` None."""
    rows = edit.find(AttributeRow, name=name)
    return next((row for row in rows if label is None or row.label in (None, label)), None)


def taken_name(
    rows: Iterable[AttributeRow], name: str, label: LabelId | None, *, but: AttributeId | None = None
) -> bool:
    """True when objects of a label, with None any objects, have an attribute of this name other than `but`."""
    named = (row for row in rows if row.name == name and row.id != but)
    return any(label is None or row.label in (None, label) for row in named)


def _check_free(edit: Edit, name: str, label: LabelId | None, but: AttributeId | None = None) -> None:
    if taken_name(edit.find(AttributeRow, name=name), name, label, but=but):
        raise DocError(f"There is an attribute {name} already.", hint="Choose another name.")
