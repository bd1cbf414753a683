"""Reading the document. Everything here works on a writer's and on a read-only connection alike."""

from __future__ import annotations

import json
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sam2_annotator.doc import mask_table
from sam2_annotator.doc.failures import damaged, reported
from sam2_annotator.doc.object_lists import ObjectLists
from sam2_annotator.doc.rows import (
    AttributeRow,
    AttributeValueRow,
    ItemRow,
    LabelRow,
    MaskDigest,
    MaskRow,
    ObjectRow,
    PromptRow,
    R,
    ReviewRow,
    Row,
    SettingRow,
    Value,
    path_text,
)
from sam2_annotator.doc.step_list import StepList
from sam2_annotator.errors import DamagedError
from sam2_annotator.values.ids import AttributeId, FrameIndex, ItemId, LabelId, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.states import MaskState

_UNPACKED = 2  # run lengths take about half their size in the file


@dataclass(frozen=True, slots=True)
class ItemSummary:
    """An item for the files list: how many accepted objects it has, and the names of their labels, sorted.

    `begun` tells whether there is any object, a draft too; `confirmed` and `flags` count frames, `flag` is the reason
    of the first flagged one.
    """

    item: ItemRow
    objects: int = 0
    labels: tuple[str, ...] = ()
    begun: bool = False
    confirmed: int = 0
    flags: int = 0
    flag: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """Where the user was last; kept with the project, not undoable."""

    item: ItemId
    frame: FrameIndex


_RECENT = 64  # masks


class Queries(ObjectLists, StepList):
    """Typed reads of one connection. Raises DocError when the file cannot be read."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        super().__init__()
        self._connection = connection
        self._path = path
        self._recent: OrderedDict[MaskDigest, Mask] = OrderedDict()  # a digest never comes to mean another mask

    @property
    def folder(self) -> Path:
        """The folder of the project."""
        return self._path.parent

    # ---------------------------------------------------------------------------------- items, labels, objects

    def items(self) -> tuple[ItemRow, ...]:
        """All items in the order they were added."""
        return self._rows(ItemRow, "ORDER BY id")

    def item(self, item: ItemId) -> ItemRow | None:
        """The item with this id."""
        return self.get(ItemRow, item)

    def item_at(self, path: Path) -> ItemRow | None:
        """The item made from this path."""
        return next(iter(self.find(ItemRow, path=path_text(path))), None)

    def paths_there(self, paths: Iterable[Path]) -> frozenset[Path]:
        """Those of these paths that items were made from."""
        texts = {path_text(path): path for path in paths}
        rows = self._all(
            "SELECT path FROM item WHERE path IN (SELECT value FROM json_each(?))", json.dumps(list(texts))
        )
        return frozenset(texts[text] for (text,) in rows)

    def labels(self) -> tuple[LabelRow, ...]:
        """All labels in the order of lists."""
        return self._rows(LabelRow, "ORDER BY position, id")

    def label(self, label: LabelId) -> LabelRow | None:
        """The label with this id."""
        return self.get(LabelRow, label)

    def label_named(self, name: str) -> LabelRow | None:
        """The label with exactly this name."""
        return next(iter(self.find(LabelRow, name=name)), None)

    def objects(self, item: ItemId) -> tuple[ObjectRow, ...]:
        """Objects of an item by number, a draft last."""
        return self._rows(ObjectRow, "WHERE item = ? ORDER BY draft, number", item)

    def object(self, object_id: ObjectId) -> ObjectRow | None:
        """The object with this id."""
        return self.get(ObjectRow, object_id)

    # ---------------------------------------------------------------------------------------- prompts and masks

    def prompts(self, item: ItemId, frame: FrameIndex, object_id: ObjectId) -> PromptRow | None:
        """What a person gave for an object on a frame."""
        return self.get(PromptRow, item, frame, object_id)

    def prompts_of(self, item: ItemId, object_id: ObjectId) -> tuple[PromptRow, ...]:
        """All prompts of an object, in frame order."""
        return self._rows(PromptRow, "WHERE item = ? AND object = ? ORDER BY frame", item, object_id)

    def masks(self, item: ItemId, frame: FrameIndex) -> tuple[MaskRow, ...]:
        """What is known on a frame, by object."""
        return self._rows(MaskRow, "WHERE item = ? AND frame = ? ORDER BY object", item, frame)

    def masks_of(self, item: ItemId, object_id: ObjectId) -> tuple[MaskRow, ...]:
        """What is known of an object, in frame order."""
        return self._rows(MaskRow, "WHERE item = ? AND object = ? ORDER BY frame", item, object_id)

    def mask_row(self, item: ItemId, frame: FrameIndex, object_id: ObjectId) -> MaskRow | None:
        """What is known of an object on a frame."""
        return self.get(MaskRow, item, frame, object_id)

    def mask(self, digest: MaskDigest) -> Mask:
        """The pixels with this digest."""
        if digest in self._recent:
            self._recent.move_to_end(digest)
            return self._recent[digest]
        with reported(self._path):
            try:
                mask = mask_table.read(self._connection.execute, digest)
            except ValueError as error:
                raise damaged(self._path, f"mask {digest}: {error}") from error
        if mask is None:
            raise DamagedError(f"The project {self._path.name} is damaged: a mask is missing.", details=digest)
        self.remember(digest, mask)
        return mask

    def remember(self, digest: MaskDigest, mask: Mask) -> None:
        """Keep a mask at hand that will be asked for soon."""
        self._recent[digest] = mask
        if len(self._recent) > _RECENT:
            self._recent.popitem(last=False)

    def states(self, item: ItemId) -> dict[ObjectId, dict[FrameIndex, MaskState]]:
        """State of every object of an item on every frame where it has one, for the timeline."""
        found: dict[ObjectId, dict[FrameIndex, MaskState]] = {}
        states = {state.value: state for state in MaskState}
        for object_id, frame, state in self._all("SELECT object, frame, state FROM frame_mask WHERE item = ?", item):
            found.setdefault(object_id, {})[frame] = states[state]
        return found

    def count_masks(self, objects: Iterable[ObjectId]) -> int:
        """On how many frames these objects have something, counted for each."""
        which = "object IN (SELECT value FROM json_each(?))"
        return self._number(f"SELECT count(*) FROM frame_mask WHERE {which}", json.dumps(list(objects)))

    def count_frames(self, objects: Iterable[ObjectId]) -> int:
        """On how many frames any of these objects has something."""
        which = "object IN (SELECT value FROM json_each(?))"
        return self._number(f"SELECT count(DISTINCT frame) FROM frame_mask WHERE {which}", json.dumps(list(objects)))

    def count_masks_on(self, items: Iterable[ItemId]) -> int:
        """How much there is on all frames of these items."""
        which = "item IN (SELECT value FROM json_each(?))"
        return self._number(f"SELECT count(*) FROM frame_mask WHERE {which}", json.dumps(list(items)))

    def next_frame_of_a_person(self, item: ItemId, object_id: ObjectId, frame: int) -> FrameIndex | None:
        """The first frame after this one on which a person said something of an object."""
        states = [state.value for state in MaskState if state.is_human]
        row = self._one(
            "SELECT min(frame) FROM frame_mask WHERE object = ? AND item = ? AND frame > ? "
            "AND state IN (SELECT value FROM json_each(?))",
            *(object_id, item, frame, json.dumps(states)),
        )
        return None if row is None or row[0] is None else FrameIndex(row[0])

    def key_masks(self, item: ItemId, object_id: ObjectId) -> tuple[MaskRow, ...]:
        """What a person drew, prompted or confirmed of an object, in frame order; quick however long its track is."""
        index = "INDEXED BY frame_mask_by_key_frame"
        test = "object = ? AND item = ? AND state IN ('key', 'confirmed')"
        return self._rows(MaskRow, f"{index} WHERE {test} ORDER BY frame", object_id, item)

    def prompts_on(self, item: ItemId, frame: FrameIndex) -> tuple[PromptRow, ...]:
        """All prompts of a frame, by object."""
        return self._rows(PromptRow, "WHERE item = ? AND frame = ? ORDER BY object", item, frame)

    def summaries(self, items: Iterable[ItemId]) -> tuple[ItemSummary, ...]:
        """The summaries of these items, those that are there, in the order they were added."""
        return self._summaries("id IN (SELECT value FROM json_each(?)) ORDER BY id", json.dumps(list(items)))

    def summaries_after(self, item: int, count: int) -> tuple[ItemSummary, ...]:
        """The summaries of up to `count` items added after this one (0: from the first on)."""
        return self._summaries("id > ? ORDER BY id LIMIT ?", item, count)

    def _summaries(self, clauses: str, *values: Value) -> tuple[ItemSummary, ...]:
        columns = len(ItemRow.COLUMNS)
        rows = self._all(f"SELECT {', '.join(ItemRow.COLUMNS)}, {_SUMMARY} FROM item WHERE {clauses}", *values)
        found = []
        for row in rows:
            begun, objects, labels, confirmed, flags, flag = row[columns:]
            names = tuple(sorted(map(str, json.loads(labels))))
            item = self._row(ItemRow, row[:columns])
            found.append(ItemSummary(item, objects, names, bool(begun), confirmed, flags, str(flag or "")))
        return tuple(found)

    def label_counts(self) -> dict[LabelId | None, int]:
        """How many objects carry each label, drafts included."""
        return dict(self._all("SELECT label, count(*) FROM object GROUP BY label"))

    def mask_bytes(self) -> int:
        """About the size of all run lengths on all frames."""
        (size,) = self._one("SELECT total(length(counts)) FROM frame_mask JOIN mask USING (digest)") or (0,)
        return int(_UNPACKED * size)

    def review(self, item: ItemId, frame: FrameIndex) -> ReviewRow | None:
        """What a person said about a frame, None when nothing."""
        return self.get(ReviewRow, item, frame)

    def settled_frames(self, item: ItemId) -> frozenset[int]:
        """Frames that are confirmed and not flagged."""
        rows = self._all("SELECT frame FROM review WHERE item = ? AND confirmed AND flag IS NULL", item)
        return frozenset(frame for (frame,) in rows)

    def flagged_frames(self, item: ItemId) -> frozenset[int]:
        """Frames that want another look."""
        rows = self._all("SELECT frame FROM review WHERE item = ? AND flag IS NOT NULL", item)
        return frozenset(frame for (frame,) in rows)

    def attributes(self) -> tuple[AttributeRow, ...]:
        """Definitions of all attributes in the order of lists."""
        return self._rows(AttributeRow, "ORDER BY position, id")

    def attribute_values(self, item: ItemId) -> tuple[AttributeValueRow, ...]:
        """All that is said of the objects of an item, by object, attribute and frame."""
        return self._rows(AttributeValueRow, f"{_OF_ITEM} ORDER BY object, attribute, frame", item)

    def values_at(self, item: ItemId, frame: FrameIndex) -> dict[ObjectId, dict[AttributeId, AttributeValueRow]]:
        """What holds on a frame: for each object and attribute the newest value up to it; defaults are not in it."""
        # One look into the key for each object and attribute, however many values came before.
        rows = self._all(
            f"SELECT {', '.join(f'said.{name}' for name in AttributeValueRow.COLUMNS)} FROM object "
            "CROSS JOIN attribute CROSS JOIN attribute_value said ON said.object = object.id "
            "AND said.attribute = attribute.id AND said.frame = (SELECT max(frame) FROM attribute_value "
            "WHERE object = object.id AND attribute = attribute.id AND frame <= ?) WHERE object.item = ?",
            frame,
            item,
        )
        found: dict[ObjectId, dict[AttributeId, AttributeValueRow]] = {}
        for values in rows:
            row = AttributeValueRow.from_values(values, self.mask)
            found.setdefault(row.object, {})[row.attribute] = row
        return found

    def setting(self, name: str) -> SettingRow | None:
        """A setting of this project, None where it has none of its own."""
        return self.get(SettingRow, name)

    def settings(self, prefix: str) -> tuple[SettingRow, ...]:
        """Settings whose names begin like this, by name."""
        return self._rows(SettingRow, "WHERE name >= ?1 AND substr(name, 1, length(?1)) = ?1 ORDER BY name", prefix)

    # --------------------------------------------------------------------------------------------- small state

    @property
    def revision(self) -> int:
        """Counts every write; never goes back, not by undo either."""
        return int(self._state("revision"))

    @property
    def revised(self) -> datetime:
        """When the last change was made (UTC, whole seconds)."""
        return self._time(self._state("revised"))

    def view(self) -> View | None:
        """Where the user was last, None when that item is gone."""
        item = self.get(ItemRow, self._state("view_item") or 0)
        return None if item is None else View(item.id, FrameIndex(self._state("view_frame")))

    @property
    def current_label(self) -> LabelId | None:
        """The label new objects get; None for unlabelled, and after that label is gone."""
        label = self.get(LabelRow, self._state("current_label") or 0)
        return None if label is None else label.id

    # --------------------------------------------------------------------------------------------- by row type

    def get(self, row_type: type[R], *key: Value) -> R | None:
        """The row with this key."""
        values = self.values_of(row_type, key)
        return None if values is None else self._row(row_type, values)

    def find(self, row_type: type[R], **where: Value) -> tuple[R, ...]:
        """Rows whose columns have these values (all rows without any), in the order of their keys."""
        tests = " AND ".join(f"{name} IS ?" for name in where) or "TRUE"
        return self._rows(row_type, f"WHERE {tests} ORDER BY {', '.join(row_type.KEY)}", *where.values())

    def highest(self, row_type: type[Row], column: str, **where: Value) -> int:
        """The largest number a column has among rows whose columns have these values; 0 without any."""
        tests = " AND ".join(f"{name} IS ?" for name in where) or "TRUE"
        row = self._one(f"SELECT max({column}) FROM {row_type.TABLE} WHERE {tests}", *where.values())
        return int(row[0] or 0) if row else 0

    def values_of(self, row_type: type[Row], key: Sequence[Value]) -> tuple[Value, ...] | None:
        """Column values of the row with this key."""
        where = " AND ".join(f"{name} = ?" for name in row_type.KEY)
        return self._one(f"{_select(row_type)} WHERE {where}", *key)

    def _rows(self, row_type: type[R], clauses: str, *values: Value) -> tuple[R, ...]:
        found = self._all(f"{_select(row_type)} {clauses}", *values)
        return tuple(self._row(row_type, row) for row in found)

    def _row(self, row_type: type[R], values: Sequence[Value]) -> R:
        try:
            row = row_type.from_values(values, self.mask)
            if isinstance(row, ItemRow) and row.beside is not None:
                return replace(row, path=self._path.parent / row.beside)
            return row
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError) as error:
            raise damaged(self._path, f"a row of table {row_type.TABLE}: {error}") from error

    def _time(self, text: str) -> datetime:
        try:
            return datetime.fromisoformat(text)
        except ValueError as error:
            raise damaged(self._path, f"a time: {error}") from error

    def _state(self, column: str) -> Any:
        row = self._one(f"SELECT {column} FROM state")
        assert row is not None, "the single line of table state"
        return row[0]

    def _all(self, sql: str, *values: Value) -> list[tuple[Any, ...]]:
        with reported(self._path):
            return self._connection.execute(sql, values).fetchall()

    def _number(self, sql: str, *values: Value) -> int:
        row = self._one(sql, *values)
        return 0 if row is None else int(row[0])

    def _one(self, sql: str, *values: Value) -> tuple[Any, ...] | None:
        with reported(self._path):
            row: tuple[Any, ...] | None = self._connection.execute(sql, values).fetchone()
        return row


_OF_ITEM = "WHERE object IN (SELECT id FROM object WHERE item = ?)"
_SUMMARY = """
  EXISTS (SELECT 1 FROM object WHERE object.item = item.id),
  (SELECT count(*) FROM object WHERE object.item = item.id AND NOT draft),
  (SELECT json_group_array(DISTINCT name) FROM object JOIN label ON label.id = object.label
    WHERE object.item = item.id AND NOT draft),
  (SELECT count(*) FROM review WHERE review.item = item.id AND confirmed),
  (SELECT count(flag) FROM review WHERE review.item = item.id),
  (SELECT flag FROM review WHERE review.item = item.id AND flag IS NOT NULL ORDER BY frame LIMIT 1)
"""


def _select(row_type: type[Row]) -> str:
    return f"SELECT {', '.join(row_type.COLUMNS)} FROM {row_type.TABLE}"
