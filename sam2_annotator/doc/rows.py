"""Rows of the document as frozen values, and how each is laid out in its table.

A row knows its table, its key and its columns, so `Edit`, `History` and `Queries` are written once for all of
them. Column values are what both SQLite and JSON hold without loss: text, integers, finite floats and None.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import ClassVar, NewType, Self, TypeVar

from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import FrameIndex, ItemId, LabelId, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Box, Point, PromptSet
from sam2_annotator.values.states import MaskState

MaskDigest = NewType("MaskDigest", str)
Value = str | int | float | None
LoadMask = Callable[[MaskDigest], Mask]


def digest_of(mask: Mask) -> MaskDigest:
    """Name of a mask's content: equal masks, and only they, have equal digests (128 bits, hexadecimal)."""
    head = f"{mask.height} {mask.width} {mask.box} ".encode("ascii")
    return MaskDigest(blake2b(head + mask.counts, digest_size=16).hexdigest())


class Row(ABC):
    """One line of a table. `PARENTS` maps columns to the tables whose ids they hold."""

    __slots__ = ()
    TABLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    COLUMNS: ClassVar[tuple[str, ...]]
    PARENTS: ClassVar[dict[str, str]] = {}
    DIGEST: ClassVar[str | None] = None  # the column that refers to a mask
    UNIQUE: ClassVar[str | None] = None  # the column in which no two rows are equal

    @abstractmethod
    def values(self) -> tuple[Value, ...]:
        """Column values in the order of COLUMNS."""

    @classmethod
    @abstractmethod
    def from_values(cls, values: Sequence[Value], load_mask: LoadMask) -> Self:
        """The row of these column values."""

    @classmethod
    def key_of(cls, values: Sequence[Value]) -> tuple[Value, ...]:
        """The key among column values."""
        return tuple(values[cls.COLUMNS.index(name)] for name in cls.KEY)

    def new_masks(self) -> tuple[Mask, ...]:
        """Masks that must be stored for this row to be readable."""
        return ()


R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class ItemRow(Row):
    """A picture or a clip. Sizes are upright; a picture has one frame and no rate."""

    id: ItemId
    kind: MediaKind
    path: Path
    width: int
    height: int
    frames: int
    fps: float | None

    TABLE: ClassVar[str] = "item"
    COLUMNS: ClassVar[tuple[str, ...]] = ("id", "kind", "path", "width", "height", "frames", "fps")
    UNIQUE: ClassVar[str | None] = "path"

    @property
    def ref(self) -> MediaRef:
        """What a message names this item by."""
        return MediaRef(self.id, self.kind, self.path)

    def values(self) -> tuple[Value, ...]:
        """Column values, see Row."""
        return (self.id, self.kind.value, path_text(self.path), self.width, self.height, self.frames, self.fps)

    @classmethod
    def from_values(cls, values: Sequence[Value], load_mask: LoadMask) -> Self:
        """The row of column values, see Row."""
        number, kind, path, width, height, frames, fps = values
        return cls(
            ItemId(_int(number)),
            MediaKind(kind),
            Path(json.loads(_str(path))),
            _int(width),
            _int(height),
            _int(frames),
            _float(fps),
        )


@dataclass(frozen=True, slots=True)
class LabelRow(Row):
    """A class name. `shortcut` is the digit 1..9 that sets it."""

    id: LabelId
    name: str
    colour: tuple[int, int, int]
    shortcut: int | None

    TABLE: ClassVar[str] = "label"
    COLUMNS: ClassVar[tuple[str, ...]] = ("id", "name", "colour", "shortcut")
    UNIQUE: ClassVar[str | None] = "name"

    def values(self) -> tuple[Value, ...]:
        """Column values, see Row."""
        return (self.id, self.name, "#{:02x}{:02x}{:02x}".format(*self.colour), self.shortcut)

    @classmethod
    def from_values(cls, values: Sequence[Value], load_mask: LoadMask) -> Self:
        """The row of column values, see Row."""
        number, name, colour, shortcut = values
        red, green, blue = bytes.fromhex(_str(colour)[1:])
        return cls(LabelId(_int(number)), _str(name), (red, green, blue), _int_or_none(shortcut))


@dataclass(frozen=True, slots=True)
class ObjectRow(Row):
    """One thing to segment. `number` counts per item from 1 and gives colour and tag; higher `z` lies on top."""

    id: ObjectId
    item: ItemId
    number: int
    label: LabelId | None
    draft: bool
    visible: bool
    locked: bool
    z: int

    TABLE: ClassVar[str] = "object"
    COLUMNS: ClassVar[tuple[str, ...]] = ("id", "item", "number", "label", "draft", "visible", "locked", "z")
    PARENTS: ClassVar[dict[str, str]] = {"item": "item", "label": "label"}

    def values(self) -> tuple[Value, ...]:
        """Column values, see Row."""
        flags = (int(self.draft), int(self.visible), int(self.locked))
        return (self.id, self.item, self.number, self.label, *flags, self.z)

    @classmethod
    def from_values(cls, values: Sequence[Value], load_mask: LoadMask) -> Self:
        """The row of column values, see Row."""
        number, item, rank, label, draft, visible, locked, z = values
        return cls(
            ObjectId(_int(number)),
            ItemId(_int(item)),
            _int(rank),
            None if label is None else LabelId(_int(label)),
            bool(draft),
            bool(visible),
            bool(locked),
            _int(z),
        )


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
            tuple(Point(x, y, bool(positive)) for x, y, positive in json.loads(_str(points))),
            None if box is None else Box(*json.loads(_str(box))),
            None if mask is None else load_mask(MaskDigest(_str(mask))),
        )
        key = (ItemId(_int(item)), FrameIndex(_int(frame)), ObjectId(_int(object_id)))
        return cls(*key, prompts, _int_or_none(candidate))

    def new_masks(self) -> tuple[Mask, ...]:
        """The mask prompt."""
        return () if self.prompts.mask is None else (self.prompts.mask,)


@dataclass(frozen=True, slots=True)
class MaskRow(Row):
    """What is known of one object on one frame. `digest` is None and `area` 0 where no pixel is set."""

    item: ItemId
    frame: FrameIndex
    object: ObjectId
    digest: MaskDigest | None
    state: MaskState
    iou: float | None
    score: float | None
    area: int

    TABLE: ClassVar[str] = "frame_mask"
    KEY: ClassVar[tuple[str, ...]] = ("item", "frame", "object")
    COLUMNS: ClassVar[tuple[str, ...]] = ("item", "frame", "object", "digest", "state", "iou", "score", "area")
    PARENTS: ClassVar[dict[str, str]] = {"item": "item", "object": "object"}
    DIGEST: ClassVar[str | None] = "digest"

    def values(self) -> tuple[Value, ...]:
        """Column values, see Row."""
        key = (self.item, self.frame, self.object)
        return (*key, self.digest, self.state.value, self.iou, self.score, self.area)

    @classmethod
    def from_values(cls, values: Sequence[Value], load_mask: LoadMask) -> Self:
        """The row of column values, see Row."""
        item, frame, object_id, digest, state, iou, score, area = values
        return cls(
            ItemId(_int(item)),
            FrameIndex(_int(frame)),
            ObjectId(_int(object_id)),
            None if digest is None else MaskDigest(_str(digest)),
            MaskState(state),
            _float(iou),
            _float(score),
            _int(area),
        )


ROWS: dict[str, type[Row]] = {row.TABLE: row for row in (ItemRow, LabelRow, ObjectRow, PromptRow, MaskRow)}


def path_text(path: Path) -> str:
    """A path as ASCII text; a JSON string, because names that are not UTF-8 must survive."""
    return json.dumps(str(path))


def _int(value: Value) -> int:
    if not isinstance(value, int):
        raise TypeError(f"a whole number was expected, not {value!r:.40}")
    return value


def _int_or_none(value: Value) -> int | None:
    return None if value is None else _int(value)


def _float(value: Value) -> float | None:
    if isinstance(value, str):
        raise TypeError(f"a number was expected, not {value!r:.40}")
    return None if value is None else float(value)


def _str(value: Value) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text was expected, not {value!r:.40}")
    return value
