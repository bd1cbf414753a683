"""The history as a list: its steps by title and time, and what each of them is about."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sam2_annotator.doc.failures import damaged
from sam2_annotator.doc.rows import ROWS, ItemRow, LabelRow, ObjectRow, R, Row, Value
from sam2_annotator.doc.rows.base import whole
from sam2_annotator.values.frame import MediaKind
from sam2_annotator.values.ids import FrameIndex, ItemId, LabelId

_LINES = 4  # of a step of many, those at its beginning; the last one is looked at as well
_CHARACTERS = 1 << 16  # of a line
_DECODER = json.JSONDecoder()
_Values = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Step:
    """An entry of the history: `number` orders them, `done` is False once it is undone, `size` counts bytes.

    `made` is None for one made by a program that did not note the time.
    """

    number: int
    title: str
    made: datetime | None
    size: int
    done: bool


@dataclass(frozen=True, slots=True)
class StepSubject:
    """What a step is about: the item it changed first, its first and last frame there, its objects by label and number.

    `item` and `frames` are None for what belongs to no item, or to no frame. Of a very large step only its beginning
    and its end are looked at.
    """

    item: ItemId | None = None
    path: Path | None = None
    is_clip: bool = False
    frames: tuple[FrameIndex, FrameIndex] | None = None
    objects: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class _Met:
    """Rows and ids that the images of a step name, in the order they come."""

    items: dict[int, list[int]] = field(default_factory=dict)  # frames of each
    objects: dict[int, None] = field(default_factory=dict)
    rows: dict[tuple[type[Row], int], tuple[Value, ...]] = field(default_factory=dict)

    def take(self, row_type: type[Row], values: tuple[Value, ...]) -> None:
        """One side of an image."""
        named: _Values = dict(zip(row_type.COLUMNS, values, strict=True))
        own = named.get("id")
        if row_type in (ItemRow, ObjectRow, LabelRow):
            self.rows[row_type, whole(own)] = values
        item = own if row_type is ItemRow else named.get("item")
        frames = None if item is None else self.items.setdefault(whole(item), [])
        if frames is not None and "frame" in named:
            frames.append(whole(named["frame"]))
        object_id = own if row_type is ObjectRow else named.get("object")
        if object_id is not None:
            self.objects.setdefault(whole(object_id))


class StepList(ABC):
    """A part of `Queries`."""

    _path: Path

    @abstractmethod
    def _all(self, sql: str, *values: Value) -> list[tuple[Any, ...]]:
        """All rows of a query."""

    @abstractmethod
    def _one(self, sql: str, *values: Value) -> tuple[Any, ...] | None:
        """The first row of a query."""

    @abstractmethod
    def _time(self, text: str) -> datetime:
        """A time as it is kept."""

    @abstractmethod
    def _state(self, column: str) -> Any:
        """A small fact of the project."""

    @abstractmethod
    def _row(self, row_type: type[R], values: tuple[Value, ...]) -> R:
        """The row of column values."""

    @abstractmethod
    def get(self, row_type: type[R], *key: Value) -> R | None:
        """The row with this key."""

    def steps(self) -> tuple[Step, ...]:
        """The history, oldest first; what was undone last is the first that is not done."""
        rows = self._all("SELECT id, title, made, bytes, id <= head FROM part, state ORDER BY id")
        return tuple(
            Step(number, title, self._time(made) if made else None, size, bool(done))
            for number, title, made, size, done in rows
        )

    @property
    def head(self) -> int:
        """Number of the newest step that is done, 0 when none is."""
        return int(self._state("head"))

    def next_step(self, *, undo: bool) -> int:
        """Number of what undo (or redo) would move over next, 0 when there is nothing."""
        found = self._one(f"SELECT id FROM part, state WHERE {_next(undo)}")
        return 0 if found is None else int(found[0])

    def next_step_size(self, *, undo: bool) -> int:
        """Bytes of what undo (or redo) would move over next, 0 when there is nothing."""
        found = self._one(f"SELECT bytes FROM part, state WHERE {_next(undo)}")
        return 0 if found is None else int(found[0])

    def step_subject(self, number: int) -> StepSubject:
        """What the step with this number of `steps` is about; quick, whatever its size. Names are those of now, or
        for what is gone those the step itself knows. Raises DocError for one that makes no sense."""
        met = _Met()
        try:
            for row_type, values in self._images(number):
                met.take(row_type, values)
        except TypeError as error:
            raise damaged(self._path, f"a step of the history: {error}") from error
        item = next((one for one, frames in met.items.items() if frames), next(iter(met.items), None))
        objects = [row for row in (self._met(met, ObjectRow, one) for one in met.objects) if row is not None]
        if item is None and objects:  # what is said of an object names no item
            item = objects[0].item
        row = None if item is None else self._met(met, ItemRow, item)
        frames = [] if item is None else met.items.get(item, [])
        return StepSubject(
            None if item is None else ItemId(item),
            None if row is None else row.path,
            is_clip=row is not None and row.kind is not MediaKind.IMAGE,
            frames=(FrameIndex(min(frames)), FrameIndex(max(frames))) if frames else None,
            objects=tuple(self._named(met, one) for one in objects),
        )

    def _images(self, number: int) -> Iterator[tuple[type[Row], tuple[Value, ...]]]:
        """Both sides of the row images at the beginning and the end of a step."""
        lines = self._all(
            "SELECT substr(images, 1, ?2) FROM history WHERE part = ?1 AND (id IN (SELECT id FROM history "
            "WHERE part = ?1 ORDER BY id LIMIT ?3) OR id = (SELECT max(id) FROM history WHERE part = ?1)) ORDER BY id",
            number,
            _CHARACTERS,
            _LINES,
        )
        for (text,) in lines:
            for table, *sides in _entries(text):
                for values in sides:
                    row_type = ROWS.get(table)
                    if row_type is not None and values is not None and len(values) == len(row_type.COLUMNS):
                        yield row_type, tuple(values)

    def _met(self, met: _Met, row_type: type[R], own: int) -> R | None:
        values = met.rows.get((row_type, own))
        there = self.get(row_type, own)
        return there if there is not None or values is None else self._row(row_type, values)

    def _named(self, met: _Met, row: ObjectRow) -> tuple[str, int]:
        label = None if row.label is None else self._met(met, LabelRow, LabelId(row.label))
        return ("" if label is None else label.name, row.number)


def _next(undo: bool) -> str:
    return "id = head" if undo else "id = (SELECT min(id) FROM part WHERE id > head)"


def _entries(text: str) -> Iterator[list[Any]]:
    """The whole entries at the beginning of a list in JSON that may be cut off anywhere."""
    place = 1
    while place < len(text):
        try:
            entry, place = _DECODER.raw_decode(text, place)
        except ValueError:
            return
        if not isinstance(entry, list) or len(entry) != 3:
            return
        yield entry
        place += 1  # the comma
