"""Rows of prompts and of the masks they bring."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from sam2_annotator.doc.rows.base import (
    LoadMask,
    MaskDigest,
    Row,
    Value,
    digest_of,
    number_or_none,
    place,
    text,
    whole,
    whole_or_none,
)
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Box, Point, PromptSet
from sam2_annotator.values.states import MaskOrigin, MaskState


@dataclass(frozen=True, slots=True)
class PromptRow(Row):
    """The prompts of one object on one frame; `candidate` is the chosen one of a single click's three masks."""

    item: ItemId
    frame: FrameIndex
    object: ObjectId
    prompts: PromptSet
    candidate: int | None

    TABLE: ClassVar[str] = "prompt"
    KEY: ClassVar[tuple[str, ...]] = ("item", "frame", "object")
    COLUMNS: ClassVar[tuple[str, ...]] = ("item", "frame", "object", "points", "box", "mask", "candidate")
    PARENTS: ClassVar[dict[str, str]] = {"item": "item", "object": "object"}
    DIGEST: ClassVar[str | None] = "mask"

    def values(self) -> tuple[Value, ...]:
        """Column values, see Row."""
        box, mask = self.prompts.box, self.prompts.mask
        return (
            self.item,
            self.frame,
            self.object,
            json.dumps([[point.x, point.y, int(point.positive)] for point in self.prompts.points]),
            None if box is None else json.dumps([box.x0, box.y0, box.x1, box.y1]),
            None if mask is None else digest_of(mask),
            self.candidate,
        )

    @classmethod
    def from_values(cls, values: Sequence[Value], load_mask: LoadMask) -> Self:
        """The row of column values, see Row."""
        item, frame, object_id, points, box, mask, candidate = values
        prompts = PromptSet(
            tuple(Point(place(x), place(y), bool(positive)) for x, y, positive in json.loads(text(points))),
            None if box is None else Box(*map(place, json.loads(text(box)))),
            None if mask is None else load_mask(MaskDigest(text(mask))),
        )
        key = (ItemId(whole(item)), FrameIndex(whole(frame)), ObjectId(whole(object_id)))
        return cls(*key, prompts, whole_or_none(candidate))

    def new_masks(self) -> tuple[Mask, ...]:
        """The mask prompt."""
        return () if self.prompts.mask is None else (self.prompts.mask,)


@dataclass(frozen=True, slots=True)
class MaskRow(Row):
    """What is known of one object on one frame. `digest` is None and `area` 0 where no pixel is set.

    `origin` is how the pixels came about, which confirming does not change.
    """

    item: ItemId
    frame: FrameIndex
    object: ObjectId
    digest: MaskDigest | None
    state: MaskState
    iou: float | None
    score: float | None
    area: int
    origin: MaskOrigin

    TABLE: ClassVar[str] = "frame_mask"
    KEY: ClassVar[tuple[str, ...]] = ("item", "frame", "object")
    COLUMNS: ClassVar[tuple[str, ...]] = (
        "item",
        "frame",
        "object",
        "digest",
        "state",
        "iou",
        "score",
        "area",
        "origin",
    )
    PARENTS: ClassVar[dict[str, str]] = {"item": "item", "object": "object"}
    DIGEST: ClassVar[str | None] = "digest"

    def values(self) -> tuple[Value, ...]:
        """Column values, see Row."""
        key = (self.item, self.frame, self.object)
        return (*key, self.digest, self.state.value, self.iou, self.score, self.area, self.origin.value)

    @classmethod
    def from_values(cls, values: Sequence[Value], load_mask: LoadMask) -> Self:
        """The row of column values, see Row."""
        item, frame, object_id, digest, state, iou, score, area, origin = values
        return cls(
            ItemId(whole(item)),
            FrameIndex(whole(frame)),
            ObjectId(whole(object_id)),
            None if digest is None else MaskDigest(text(digest)),
            MaskState(state),
            number_or_none(iou),
            number_or_none(score),
            whole(area),
            MaskOrigin(origin),
        )
