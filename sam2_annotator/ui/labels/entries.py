"""Labels and attributes as lists show them."""

from __future__ import annotations

from dataclasses import dataclass

from sam2_annotator.doc.commands.attributes import spec_of
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import AttributeRow, AttributeValueRow
from sam2_annotator.values.attributes import AttributeSpec, AttributeValue
from sam2_annotator.values.ids import AttributeId, FrameIndex, ItemId, LabelId, ObjectId
from sam2_annotator.values.palette import RGB


@dataclass(frozen=True, slots=True)
class LabelEntry:
    """One label: `digit` 1..9 is its key, None when it has none; `objects` counts the objects that carry it."""

    label: LabelId
    name: str
    digit: int | None
    objects: int
    colour: RGB


def label_entries(project: Project) -> tuple[LabelEntry, ...]:
    """All labels in the order of the list."""
    counts = project.label_counts()
    return tuple(
        LabelEntry(row.id, row.name, row.shortcut, counts.get(row.id, 0), row.colour) for row in project.labels()
    )


@dataclass(frozen=True, slots=True)
class AttributeEntry:
    """One attribute as it is of some objects on a frame.

    `value` is what holds, None where nothing was said and there is no default; `mixed` when it differs among them.
    `said` tells that something was said that can be taken back here; `since` is the frame it holds from.
    """

    attribute: AttributeId
    spec: AttributeSpec
    value: AttributeValue | None = None
    mixed: bool = False
    said: bool = False
    since: FrameIndex | None = None


def attribute_entries(
    project: Project, item: ItemId, frame: FrameIndex, objects: tuple[ObjectId, ...]
) -> tuple[AttributeEntry, ...]:
    """The attributes all these objects of an item have, with their values on a frame."""
    rows = [row for row in map(project.object, objects) if row is not None]
    labels = {row.label for row in rows}
    shared = next(iter(labels)) if len(labels) == 1 else None
    attributes = [row for row in project.attributes() if row.label is None or row.label == shared]
    if not rows or not attributes:
        return ()
    values = project.values_at(item, frame)
    return tuple(_entry(row, [values.get(one.id, {}).get(row.id) for one in rows], frame) for row in attributes)


def _entry(row: AttributeRow, said: list[AttributeValueRow | None], frame: FrameIndex) -> AttributeEntry:
    held = [row.default if one is None else one.value for one in said]
    first = said[0]
    here = any(one is not None and (not row.per_frame or one.frame == frame) for one in said)
    mixed = any(value != held[0] for value in held)
    since = first.frame if row.per_frame and first is not None and not mixed else None
    return AttributeEntry(row.id, spec_of(row), None if mixed else held[0], mixed, here, since)
