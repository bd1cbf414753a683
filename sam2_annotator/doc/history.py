"""Undo and redo from recorded row images, kept in the project, so they survive a restart.

A **line** holds the row images of one applied command. Lines belong to a **part**; parts are the units undo and
redo move over, in the order of their ids. `state.head` is the id of the last part that is in effect; parts
beyond it are the redo tail. A **step**, which is what a user sees as one entry, is one part as long as nobody
edits in between; otherwise it has several, and `join` puts them together at the end when their rows allow it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sam2_annotator.doc.changes import RowImage
from sam2_annotator.doc.edit import delete_rows, write_rows
from sam2_annotator.doc.rows import ROWS, Row, Value
from sam2_annotator.values.ids import StepId

MAX_STEPS = 1000
MAX_BYTES = 256 * 2**20


@dataclass(frozen=True, slots=True)
class _Footprint:
    """Rows some parts wrote (and unique values they gave or took), those of them they made or removed, and rows
    theirs hang on, as (table, key or id)."""

    written: set[tuple[str, Value]] = field(default_factory=set)
    made: set[tuple[str, Value]] = field(default_factory=set)
    leaned_on: set[tuple[str, Value]] = field(default_factory=set)

    def may_pass(self, other: _Footprint) -> bool:
        """True when it does not matter which of the two comes first."""
        return not (self.written & other.written or self.made & other.leaned_on or self.leaned_on & other.made)


class History:
    """The history of one project. Its methods run inside the caller's transaction."""

    def __init__(
        self, connection: sqlite3.Connection, *, max_steps: int = MAX_STEPS, max_bytes: int = MAX_BYTES
    ) -> None:
        self._connection = connection
        self.max_steps = max_steps
        self.max_bytes = max_bytes
        self.forgotten = 0  # steps that went to make room

    @property
    def newest_step(self) -> StepId:
        """The highest step id in the history, 0 when it is empty."""
        return StepId(self._number("SELECT max(step) FROM part"))

    @property
    def undo_title(self) -> str | None:
        """Title of what undo would take back."""
        return self._title("SELECT title FROM part WHERE id = (SELECT head FROM state)")

    @property
    def redo_title(self) -> str | None:
        """Title of what redo would bring back."""
        return self._title("SELECT title FROM part WHERE id > (SELECT head FROM state) ORDER BY id LIMIT 1")

    def is_in_effect(self, step: StepId) -> bool:
        """True when the step has parts and none of them was undone."""
        (parts, undone) = self._connection.execute(
            "SELECT count(*), total(id > (SELECT head FROM state)) FROM part WHERE step = ?", (step,)
        ).fetchone()
        return bool(parts) and not undone

    def append(self, step: StepId, title: str, images: Sequence[RowImage]) -> None:
        """Record a command that was just applied; the redo tail is dropped."""
        self._connection.execute("DELETE FROM part WHERE id > (SELECT head FROM state)")
        size = self._size(images)
        newest = self._connection.execute("SELECT id, step FROM part ORDER BY id DESC LIMIT 1").fetchone()
        if newest is not None and newest[1] == step:
            part = newest[0]
            self._connection.execute("UPDATE part SET bytes = bytes + ? WHERE id = ?", (size, part))
        else:
            self._prune()
            part = self._connection.execute(
                "INSERT INTO part (id, step, title, bytes, made) SELECT head + 1, ?, ?, ?, ? FROM state RETURNING id",
                (step, title.encode("utf-8", "replace").decode("utf-8"), size, _now()),
            ).fetchone()[0]
            self._connection.execute("UPDATE state SET head = ?", (part,))
        self._insert_line(part, images)

    def _insert_line(self, part: int, images: Sequence[RowImage]) -> None:
        line = self._connection.execute(
            "INSERT INTO history (part, images) VALUES (?, ?) RETURNING id", (part, _text(images))
        ).fetchone()[0]
        self._keep_digests(line, images)

    def _keep_digests(self, line: int, images: Iterable[RowImage]) -> None:
        digests = {digest for image in images for digest in _digests(image)}
        self._connection.executemany(
            "INSERT OR IGNORE INTO history_mask VALUES (?, ?)", [(line, digest) for digest in digests]
        )

    def _size(self, images: Sequence[RowImage]) -> int:
        return len(_text(images)) + self._mask_bytes(images)

    def amend(self, step: StepId, images: Sequence[RowImage]) -> bool:
        """Record a command as if it had been applied when its step, which is in effect, was done; redo is kept.

        False, and nothing is recorded, when the step has no part yet or when what came after, in effect or undone,
        does not allow it.
        """
        part = self._number("SELECT max(id) FROM part WHERE step = ?", step)
        after = "SELECT id FROM part WHERE id > ? AND {} (SELECT head FROM state) ORDER BY id"
        done, undone = (
            [row[0] for row in self._connection.execute(after.format(sign), (part,))] for sign in ("id <=", "id >")
        )
        mine, tail = _footprint(images), self._footprint(undone)
        known = {(image.row_type.TABLE, _place(image.key)) for image in images}
        met = {place for place in known if place in tail.written}
        elsewhere = _footprint(image for image in images if (image.row_type.TABLE, _place(image.key)) not in met)
        if not part or not mine.may_pass(self._footprint(done)):
            return False
        if not elsewhere.may_pass(tail) or mine.made & tail.leaned_on or (mine.written - known) & tail.written:
            return False
        self._insert_line(part, images)
        self._connection.execute("UPDATE part SET bytes = bytes + ? WHERE id = ?", (self._size(images), part))
        for image in images:
            self._rebase(undone, image)
        return True

    def _rebase(self, parts: Iterable[int], new: RowImage) -> None:
        """Where undone parts first touch the row of `new`, it is now as `new` leaves it."""
        for part in parts:
            lines = self._connection.execute("SELECT id, images FROM history WHERE part = ? ORDER BY id", (part,))
            for line, text in lines.fetchall():
                images = [_from_json(entry) for entry in json.loads(text)]
                for place, image in enumerate(images):
                    if (image.row_type, image.key) == (new.row_type, new.key):
                        images[place] = RowImage(image.row_type, new.after, image.after)
                        self._connection.execute("UPDATE history SET images = ? WHERE id = ?", (_text(images), line))
                        self._keep_digests(line, images)
                        return

    def is_beside(self, images: Sequence[RowImage]) -> bool:
        """True when no line, undone or not, has to do with these new rows: they may go unrecorded."""
        lines: set[str] = set()
        for table in {image.row_type.TABLE for image in images}:
            found = self._connection.execute("SELECT images FROM history WHERE instr(images, ?)", (f'["{table}",',))
            lines.update(text for (text,) in found)
        known = (_from_json(entry) for text in lines for entry in json.loads(text))
        return _footprint(images).may_pass(_footprint(known))

    def undo(self) -> tuple[StepId, tuple[RowImage, ...]] | None:
        """Take back the newest part; its step and what changed, None when there is nothing to undo."""
        found = self._connection.execute("SELECT id, step FROM part WHERE id = (SELECT head FROM state)").fetchone()
        if found is None:
            return None
        images = tuple(RowImage(image.row_type, image.after, image.before) for image in self._merged(found[0]))
        self._replay(images)
        self._connection.execute(
            "UPDATE state SET head = coalesce((SELECT max(id) FROM part WHERE id < ?), 0)", (found[0],)
        )
        return StepId(found[1]), images

    def redo(self) -> tuple[StepId, tuple[RowImage, ...]] | None:
        """Bring back the part undone last; its step and what changed, None when there is nothing to redo."""
        found = self._connection.execute(
            "SELECT id, step FROM part WHERE id > (SELECT head FROM state) ORDER BY id LIMIT 1"
        ).fetchone()
        if found is None:
            return None
        images = self._merged(found[0])
        self._replay(images)
        self._connection.execute("UPDATE state SET head = ?", (found[0],))
        return StepId(found[1]), images

    def join(self, step: StepId, *, at_start: bool = False) -> None:
        """Put the parts of a step together where its last one is, or its first one.

        Left as they are when some were undone, or when a part in between touched one of the rows that would move
        (or made or removed a row theirs hang on): then the order of undoing matters.
        """
        parts = [row[0] for row in self._connection.execute("SELECT id FROM part WHERE step = ? ORDER BY id", (step,))]
        if len(parts) < 2 or not self.is_in_effect(step):
            return
        between = self._connection.execute(
            "SELECT id FROM part WHERE id > ? AND id < ? AND step != ?", (parts[0], parts[-1], step)
        ).fetchall()
        passed = self._footprint(part for (part,) in between)
        kept, moved = (parts[0], parts[1:]) if at_start else (parts[-1], parts[:-1])
        if self._footprint(moved).may_pass(passed):
            self._move(moved, kept)

    def _move(self, parts: Sequence[int], target: int) -> None:
        marks = ", ".join("?" * len(parts))
        self._connection.execute(f"UPDATE history SET part = ? WHERE part IN ({marks})", (target, *parts))
        self._connection.execute(
            f"UPDATE part SET bytes = bytes + (SELECT sum(bytes) FROM part WHERE id IN ({marks})) WHERE id = ?",
            (*parts, target),
        )
        self._connection.execute(f"DELETE FROM part WHERE id IN ({marks})", parts)
        self._connection.execute("UPDATE state SET head = (SELECT max(id) FROM part WHERE id <= head)")

    def _prune(self) -> None:
        """Forget the oldest parts until one more fits."""
        count, size = self._connection.execute("SELECT count(*), total(bytes) FROM part").fetchone()
        while count and (count >= self.max_steps or size > self.max_bytes):
            oldest, freed = self._connection.execute("SELECT id, bytes FROM part ORDER BY id LIMIT 1").fetchone()
            self._connection.execute("DELETE FROM part WHERE id = ?", (oldest,))
            count, size = count - 1, size - freed
            self.forgotten += 1

    def _lines(self, parts: Iterable[int]) -> Iterator[RowImage]:
        for part in parts:
            lines = self._connection.execute("SELECT images FROM history WHERE part = ? ORDER BY id", (part,))
            for (text,) in lines.fetchall():
                yield from map(_from_json, json.loads(text))

    def _merged(self, part: int) -> tuple[RowImage, ...]:
        """What a part did in all, one image a row."""
        merged: dict[tuple[type[Row], tuple[Value, ...]], RowImage] = {}
        for image in self._lines([part]):
            place = (image.row_type, image.key)
            first = merged.get(place, image)
            merged[place] = RowImage(image.row_type, first.before, image.after)
        return tuple(image for image in merged.values() if image.before != image.after)

    def _replay(self, images: Iterable[RowImage]) -> None:
        """Write the after side. References are checked at the commit, so the order among tables is free."""
        written: dict[type[Row], list[tuple[Value, ...]]] = {}
        deleted: dict[type[Row], list[tuple[Value, ...]]] = {}
        for image in images:
            if image.after is None:
                deleted.setdefault(image.row_type, []).append(image.key)
            else:
                written.setdefault(image.row_type, []).append(image.after)
        for row_type, rows in written.items():  # rows may have swapped their names
            if row_type.UNIQUE is not None:
                deleted.setdefault(row_type, []).extend(row_type.key_of(row) for row in rows)
        for row_type, keys in deleted.items():  # first, so that a unique name is free again
            delete_rows(self._connection, row_type, keys)
        for row_type, rows in written.items():
            write_rows(self._connection, row_type, rows)

    def _footprint(self, parts: Iterable[int]) -> _Footprint:
        return _footprint(self._lines(parts))

    def _mask_bytes(self, images: Iterable[RowImage]) -> int:
        """Bytes of the masks that images brought, which stay as long as the history refers to them."""
        brought = {digest for image in images for digest in _digests(image, before=False)}
        return self._number(
            "SELECT total(length(counts)) FROM mask WHERE digest IN (SELECT value FROM json_each(?))",
            json.dumps(list(brought)),
        )

    def _number(self, sql: str, *values: Value) -> int:
        return int(self._connection.execute(sql, values).fetchone()[0] or 0)

    def _title(self, sql: str) -> str | None:
        row = self._connection.execute(sql).fetchone()
        return None if row is None else str(row[0])


def _footprint(images: Iterable[RowImage]) -> _Footprint:
    footprint = _Footprint()
    for image in images:
        place = (image.row_type.TABLE, _place(image.key))
        footprint.written.add(place)
        if image.before is None or image.after is None:
            footprint.made.add(place)
        columns, unique = image.row_type.COLUMNS, image.row_type.UNIQUE
        for values in filter(None, (image.before, image.after)):
            if unique is not None:  # a name that was given up may be taken only afterwards
                footprint.written.add((f"{image.row_type.TABLE}.{unique}", values[columns.index(unique)]))
            for column, table in image.row_type.PARENTS.items():
                footprint.leaned_on.add((table, values[columns.index(column)]))
    return footprint


def _text(images: Iterable[RowImage]) -> str:
    return json.dumps([_to_json(image) for image in images], separators=(",", ":"))


def _from_json(entry: tuple[str, list[Value] | None, list[Value] | None]) -> RowImage:
    table, before, after = entry
    return RowImage(ROWS[table], _tuple(before), _tuple(after))


def _to_json(image: RowImage) -> tuple[str, tuple[Value, ...] | None, tuple[Value, ...] | None]:
    return image.row_type.TABLE, image.before, image.after


def _tuple(values: list[Value] | None) -> tuple[Value, ...] | None:
    return None if values is None else tuple(values)


def _place(key: tuple[Value, ...]) -> Value:
    return key[0] if len(key) == 1 else " ".join(map(str, key))


def _now() -> str:
    return datetime.now(UTC).replace(microsecond=0).isoformat()


def _digests(image: RowImage, *, before: bool = True) -> Iterator[Value]:
    column = image.row_type.DIGEST
    if column is not None:
        index = image.row_type.COLUMNS.index(column)
        for values in (image.before if before else None, image.after):
            if values is not None and values[index] is not None:
                yield values[index]
