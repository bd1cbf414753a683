"""Lean reads of many objects at once, for lists."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from sam2_annotator.doc.rows import MaskDigest, Value
from sam2_annotator.doc.rows.base import colour
from sam2_annotator.values.ids import FrameIndex, ItemId, LabelId, ObjectId
from sam2_annotator.values.states import MaskState


@dataclass(frozen=True, slots=True)
class ObjectSummary:
    """An object for a list: what it is, and what it has on one frame (`state` None and no digest for nothing)."""

    id: ObjectId
    number: int
    label: LabelId | None
    label_name: str
    draft: bool
    visible: bool
    locked: bool
    z: int
    colour: tuple[int, int, int] | None
    note: str
    state: MaskState | None
    area: int
    digest: MaskDigest | None


class ObjectLists(ABC):
    """A part of `Queries`."""

    def __init__(self) -> None:
        self._listed: tuple[object, tuple[ObjectSummary, ...]] = (None, ())
        self._summaries_of: dict[tuple[Any, ...], ObjectSummary] = {}

    @property
    @abstractmethod
    def revision(self) -> int:
        """Counts every write."""

    @abstractmethod
    def _all(self, sql: str, *values: Value) -> list[tuple[Any, ...]]:
        """All rows of a query."""

    def object_list(self, item: ItemId, frame: FrameIndex) -> tuple[ObjectSummary, ...]:
        """All objects of an item as they are on a frame, by number, a draft last.

        One that is as it was in the list before is the same value, so that views find what changed among thousands.
        """
        asked = (self.revision, item, frame)
        if self._listed[0] != asked:
            self._listed = (asked, self._read_list(item, frame))
        return self._listed[1]

    def _read_list(self, item: ItemId, frame: FrameIndex) -> tuple[ObjectSummary, ...]:
        rows = self._all(
            "SELECT o.id, o.number, o.label, coalesce(label.name, ''), o.draft, o.visible, o.locked, o.z, o.colour, "
            "o.note, m.state, coalesce(m.area, 0), m.digest FROM object o LEFT JOIN label ON label.id = o.label "
            "LEFT JOIN frame_mask m ON m.item = o.item AND m.frame = ? AND m.object = o.id "
            "WHERE o.item = ? ORDER BY o.draft, o.number",
            frame,
            item,
        )
        known = self._summaries_of
        self._summaries_of = {row: known.get(row) or _summary(row) for row in rows}
        return tuple(map(self._summaries_of.__getitem__, rows))

    def lives(self, item: ItemId, frames: int, spans: int) -> dict[ObjectId, bytes]:
        """What each object has in each of `spans` equal parts of a clip of `frames` frames, one byte a part:
        0 nothing, 1 tracked, 2 confirmed, 3 a key frame."""
        found: dict[ObjectId, bytearray] = {}
        rows = self._all(
            "SELECT object, frame * ? / ? AS span, "
            "max(CASE state WHEN 'key' THEN 3 WHEN 'confirmed' THEN 2 ELSE 1 END) "
            "FROM frame_mask WHERE item = ? AND digest IS NOT NULL GROUP BY object, span",
            spans,
            frames,
            item,
        )
        for object_id, span, strength in rows:
            found.setdefault(object_id, bytearray(spans))[min(span, spans - 1)] = strength
        return {object_id: bytes(life) for object_id, life in found.items()}


def _summary(row: tuple[Any, ...]) -> ObjectSummary:
    number, rank, label, name, draft, visible, locked, z, own, note, state, area, digest = row
    return ObjectSummary(
        number,
        rank,
        label,
        name,
        bool(draft),
        bool(visible),
        bool(locked),
        z,
        None if own is None else colour(own),
        note,
        None if state is None else MaskState(state),
        area,
        digest,
    )
