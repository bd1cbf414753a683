"""Rescue what can be read of a damaged project into a new one; the damaged file is not touched.

Tables are read row by row from both ends towards the damage, and then key by key across it. A row goes into the new
project when it makes sense and what it hangs on is there too. The history is left behind: undoing half of it would
do harm.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sam2_annotator.doc import copies, mask_table, migrations, soundness, store
from sam2_annotator.doc.edit import write_rows
from sam2_annotator.doc.failures import damaged, reported
from sam2_annotator.doc.rows import (
    AttributeRow,
    AttributeValueRow,
    ItemRow,
    LabelRow,
    MaskDigest,
    MaskRow,
    ObjectRow,
    PromptRow,
    ReviewRow,
    Row,
    SettingRow,
    Value,
    digest_of,
)
from sam2_annotator.errors import DocError
from sam2_annotator.values.mask import Mask

_ORDER: tuple[type[Row], ...] = (
    ItemRow,
    LabelRow,
    AttributeRow,
    ObjectRow,
    SettingRow,
    AttributeValueRow,
    ReviewRow,
    PromptRow,
    MaskRow,
)
_MOST_PROBES = 200_000
_NONSENSE = (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError)
_BATCH = 500


@dataclass
class Rescued:
    """Rows that came over, by table; rows that made no sense, and whether parts could not be read at all."""

    saved: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, int] = field(default_factory=dict)
    unreadable: bool = False


def rescue(path: Path, target: Path, check: Callable[[], None]) -> Rescued:
    """Make the new project `target`. `check` is called often and may raise to cancel.

    Raises DocError when nothing can be read; nothing is left then.
    """
    with reported(path), tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copyfile(path, copy)
        for end in ("-wal", "-journal"):
            log = path.with_name(path.name + end)
            if log.is_file():
                shutil.copyfile(log, Path(folder) / f"copy{end}")
        with closing(sqlite3.connect(copy, isolation_level=None)) as source:
            soundness.harden(source)
            try:
                migrations.run(source)
            except (sqlite3.DatabaseError, *_NONSENSE) as error:
                raise damaged(path, f"nothing can be rescued: {type(error).__name__}: {error}") from error
            try:
                with closing(store.connect_writer(target)) as made:
                    result = _Rescue(source, made, check).run()
            except BaseException:
                for end in ("", *copies.LOGS):
                    target.with_name(target.name + end).unlink(missing_ok=True)
                raise
    if not any(result.saved.values()):
        target.unlink(missing_ok=True)
        raise damaged(path, "nothing can be rescued")
    return result


class _Rescue:
    """One rescue, from a readable connection to a new project."""

    def __init__(self, source: sqlite3.Connection, made: sqlite3.Connection, check: Callable[[], None]) -> None:
        self._source = source
        self._made = made
        self._check = check
        self._result = Rescued()
        self._ids: dict[str, set[Value]] = {}
        self._unique: dict[str, set[Value]] = {}

    def run(self) -> Rescued:
        self._made.execute("BEGIN IMMEDIATE")
        for row_type in _ORDER:
            self._table(row_type)
        self._finish()
        self._made.execute("COMMIT")
        self._made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return self._result

    def _table(self, row_type: type[Row]) -> None:
        saved = dropped = 0
        for values in self._readable(row_type):
            if saved % _BATCH == 0:
                self._check()
            kept = self._usable(row_type, values)
            if kept is None:
                dropped += 1
                continue
            write_rows(self._made, row_type, [kept])
            self._ids.setdefault(row_type.TABLE, set()).add(kept[0])
            saved += 1
        self._result.saved[row_type.TABLE] = saved
        self._result.dropped[row_type.TABLE] = dropped

    def _usable(self, row_type: type[Row], values: tuple[Value, ...]) -> tuple[Value, ...] | None:
        """The values of a row that makes sense; its masks are brought over on the way."""
        try:
            kept = row_type.from_values(values, self._mask).values()
            for column, table in row_type.PARENTS.items():
                parent = kept[row_type.COLUMNS.index(column)]
                if parent not in self._ids.get(table, set()):
                    if (row_type, column) != (ObjectRow, "label"):
                        return None
                    at = row_type.COLUMNS.index(column)  # an object can do without its label
                    kept = (*kept[:at], None, *kept[at + 1 :])
            if row_type is MaskRow and kept[row_type.COLUMNS.index("digest")] is not None:
                self._mask(MaskDigest(str(kept[row_type.COLUMNS.index("digest")])))
        except (DocError, sqlite3.DatabaseError, *_NONSENSE):
            return None
        if row_type.UNIQUE is not None:
            name = kept[row_type.COLUMNS.index(row_type.UNIQUE)]
            taken = self._unique.setdefault(row_type.TABLE, set())
            if name in taken:
                return None
            taken.add(name)
        return kept

    def _mask(self, digest: MaskDigest) -> Mask:
        """The pixels of a mask, which are in the new project from now on. Raises when they cannot be read."""
        mask = mask_table.read(self._source.execute, digest)
        if mask is None or digest_of(mask) != digest:
            raise ValueError(f"mask {digest} is gone")
        mask_table.write(self._made, mask, near=None, change=None)
        return mask

    def _readable(self, row_type: type[Row]) -> Iterator[tuple[Value, ...]]:
        """Every row of a table that SQLite can still read, once."""
        seen: set[tuple[Value, ...]] = set()
        whole = False
        for direction in ("ASC", "DESC"):
            rows = self._scan(row_type, direction)
            for values in rows:
                if values is None:
                    break
                key = row_type.key_of(values)
                if key in seen:
                    return  # the two ways met: nothing lies between
                seen.add(key)
                yield values
            else:
                whole = direction == "ASC"
            if whole:
                return
        self._result.unreadable = True
        yield from self._across(row_type, seen)

    def _scan(self, row_type: type[Row], direction: str) -> Iterator[tuple[Value, ...] | None]:
        """Rows in the order of the key; None where the table breaks off."""
        order = ", ".join(f"{name} {direction}" for name in row_type.KEY)
        try:
            cursor = self._source.execute(
                f"SELECT {', '.join(row_type.COLUMNS)} FROM {row_type.TABLE} ORDER BY {order}"
            )
            while (values := cursor.fetchone()) is not None:
                yield values
        except sqlite3.DatabaseError:
            yield None

    def _across(self, row_type: type[Row], seen: set[tuple[Value, ...]]) -> Iterator[tuple[Value, ...]]:
        """Rows found by asking for each key that may have been in the damaged part."""
        key = row_type.KEY
        wanted = f"SELECT {', '.join(row_type.COLUMNS)} FROM {row_type.TABLE} WHERE "
        if key == ("id",):
            last = self._number("SELECT last FROM sequence WHERE name = ?", row_type.TABLE)
            probes: Iterator[tuple[Value, ...]] = ((number,) for number in range(1, min(last, _MOST_PROBES) + 1))
            where = "id = ?"
        elif key[:2] == ("item", "frame"):
            items = self._made.execute("SELECT id, frames FROM item").fetchall()
            probes = ((item, frame) for item, frames in items for frame in range(min(frames, _MOST_PROBES)))
            where = "item = ? AND frame = ?"
        elif key[0] == "object":
            probes = ((number,) for (number,) in self._made.execute("SELECT id FROM object").fetchall())
            where = "object = ?"
        else:
            return
        for probe in probes:
            self._check()
            with suppress(sqlite3.DatabaseError):
                for values in self._source.execute(wanted + where, probe).fetchall():
                    if row_type.key_of(values) not in seen:
                        seen.add(row_type.key_of(values))
                        yield values

    def _number(self, sql: str, *values: Value) -> int:
        with suppress(sqlite3.DatabaseError):
            row = self._source.execute(sql, values).fetchone()
            if row is not None and isinstance(row[0], int):
                return row[0]
        return 0

    def _finish(self) -> None:
        """Ids that were given out stay given out, and the person is where they were."""
        for row_type in _ORDER:
            if row_type.KEY == ("id",):
                (highest,) = self._made.execute(f"SELECT coalesce(max(id), 0) FROM {row_type.TABLE}").fetchone()
                last = max(highest, self._number("SELECT last FROM sequence WHERE name = ?", row_type.TABLE))
                self._made.execute("INSERT OR REPLACE INTO sequence VALUES (?, ?)", (row_type.TABLE, last))
        state: tuple[Any, ...] | None = None
        with suppress(sqlite3.DatabaseError):
            state = self._source.execute("SELECT view_item, view_frame FROM state").fetchone()
        if state is not None and all(isinstance(value, int) for value in state):
            self._made.execute("UPDATE state SET view_item = ?, view_frame = ?", state)
