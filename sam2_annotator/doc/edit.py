"""The only writer of rows. It records every row before and after, so no command writes its own undo."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from sam2_annotator.doc import mask_table
from sam2_annotator.doc.changes import RowImage
from sam2_annotator.doc.queries import Queries
from sam2_annotator.doc.rows import MaskDigest, R, Row, SettingRow, Value
from sam2_annotator.errors import DocError
from sam2_annotator.values.mask import Mask


class Edit:
    """What a command may do to the document. Lives for one transaction."""

    def __init__(self, connection: sqlite3.Connection, queries: Queries) -> None:
        self._connection = connection
        self._queries = queries
        self._images: dict[tuple[str, tuple[Value, ...]], RowImage] = {}
        self._created: list[int] = []

    def get(self, row_type: type[R], *key: Value) -> R | None:
        """The row with this key, None when there is none."""
        return self._queries.get(row_type, *key)

    @property
    def folder(self) -> Path:
        """The folder of the project."""
        return self._queries.folder

    def require(self, row_type: type[R], *key: Value) -> R:
        """The row with this key. Raises DocError when it is gone."""
        row = self.get(row_type, *key)
        if row is None:
            raise DocError(f"There is no {row_type.TABLE} {key[-1]} in this project any more.")
        return row

    def find(self, row_type: type[R], **where: Value) -> tuple[R, ...]:
        """Rows whose columns have these values, in the order of their keys."""
        return self._queries.find(row_type, **where)

    def highest(self, row_type: type[Row], column: str, **where: Value) -> int:
        """The largest number a column has among rows whose columns have these values; 0 without any."""
        return self._queries.highest(row_type, column, **where)

    def paths_there(self, paths: Iterable[Path]) -> frozenset[Path]:
        """Those of these paths that items were made from."""
        return self._queries.paths_there(paths)

    def settings(self, prefix: str) -> tuple[SettingRow, ...]:
        """Settings whose names begin like this."""
        return self._queries.settings(prefix)

    def put(self, row: Row) -> None:
        """Write a row, new or in place of the one with its key. An equal row is no change."""
        for mask in row.new_masks():
            self.keep(mask)
        values = row.values()
        row_type = type(row)
        key = row_type.key_of(values)
        before = self._queries.values_of(row_type, key)
        if before != values:
            write_rows(self._connection, row_type, [values])
            self._record(row_type, key, before, values)

    def put_all(self, rows: Sequence[Row], **where: Value) -> None:
        """Write very many rows of one type at once; `where` are columns in which all their keys have the same values.

        Masks they refer to are stored already.
        """
        if not rows:
            return
        row_type = type(rows[0])
        tests = " AND ".join(f"{name} = ?" for name in where)
        found = self._connection.execute(
            f"SELECT {', '.join(row_type.COLUMNS)} FROM {row_type.TABLE} WHERE {tests}", tuple(where.values())
        )
        old = {row_type.key_of(values): values for values in found}
        changed = []
        for row in rows:
            values = row.values()
            key = row_type.key_of(values)
            before = old.get(key)
            if before != values:
                changed.append(values)
                self._record(row_type, key, before, values)
        write_rows(self._connection, row_type, changed)

    def delete_all(self, row_type: type[Row], **where: Value) -> None:
        """Remove every row whose columns have these values, very many at once."""
        tests = " AND ".join(f"{name} = ?" for name in where)
        values = tuple(where.values())
        found = self._connection.execute(
            f"SELECT {', '.join(row_type.COLUMNS)} FROM {row_type.TABLE} WHERE {tests}", values
        ).fetchall()
        self._connection.execute(f"DELETE FROM {row_type.TABLE} WHERE {tests}", values)
        for before in found:
            self._record(row_type, row_type.key_of(before), before, None)

    def reassign(self, row_type: type[Row], column: str, before: Value, after: Value) -> None:
        """Give every row with one value in a column another one there; for very many rows at once."""
        place = row_type.COLUMNS.index(column)
        test = f"FROM {row_type.TABLE} WHERE {column} IS ?"
        found = self._connection.execute(f"SELECT {', '.join(row_type.COLUMNS)} {test}", (before,)).fetchall()
        self._connection.execute(f"UPDATE {row_type.TABLE} SET {column} = ? WHERE {column} IS ?", (after, before))
        for values in found:
            changed = (*values[:place], after, *values[place + 1 :])
            self._record(row_type, row_type.key_of(values), values, changed)

    def delete(self, row: Row) -> None:
        """Remove a row that is there."""
        values = row.values()
        row_type = type(row)
        key = row_type.key_of(values)
        delete_rows(self._connection, row_type, [key])
        self._record(row_type, key, values, None)

    def new_id(self, row_type: type[Row]) -> int:
        """An id no row of this type ever had."""
        (number,) = self._connection.execute(
            "INSERT INTO sequence VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET last = last + 1 RETURNING last",
            (row_type.TABLE,),
        ).fetchone()
        self._created.append(int(number))
        return int(number)

    def mask(self, digest: MaskDigest | None) -> Mask | None:
        """The pixels with this digest; None for none."""
        return None if digest is None else self._queries.mask(digest)

    def keep(
        self, mask: Mask | None, *, near: MaskDigest | None = None, change: Mask | None = None
    ) -> MaskDigest | None:
        """Store a mask and give its digest, None for one without pixels.

        Where `mask` is the stored mask `near` with the pixels of `change` flipped, only those may be written.
        """
        if not mask:
            return None
        digest = mask_table.write(self._connection, mask, near=near, change=change)
        self._queries.remember(digest, mask)
        return digest

    @property
    def images(self) -> tuple[RowImage, ...]:
        """The rows this edit really changed, once each."""
        return tuple(image for image in self._images.values() if image.before != image.after)

    @property
    def created(self) -> tuple[int, ...]:
        """Ids given out, in order."""
        return tuple(self._created)

    def _record(
        self,
        row_type: type[Row],
        key: tuple[Value, ...],
        before: tuple[Value, ...] | None,
        after: tuple[Value, ...] | None,
    ) -> None:
        place = (row_type.TABLE, key)
        first = self._images.get(place)
        self._images[place] = RowImage(row_type, before if first is None else first.before, after)


def write_rows(connection: sqlite3.Connection, row_type: type[Row], rows: list[tuple[Value, ...]]) -> None:
    """Insert or update rows given as column values."""
    columns = ", ".join(row_type.COLUMNS)
    marks = ", ".join("?" * len(row_type.COLUMNS))
    updates = ", ".join(f"{name} = excluded.{name}" for name in row_type.COLUMNS if name not in row_type.KEY)
    connection.executemany(
        f"INSERT INTO {row_type.TABLE} ({columns}) VALUES ({marks}) "
        f"ON CONFLICT ({', '.join(row_type.KEY)}) DO UPDATE SET {updates}",
        rows,
    )


def delete_rows(connection: sqlite3.Connection, row_type: type[Row], keys: list[tuple[Value, ...]]) -> None:
    """Remove the rows with these keys."""
    where = " AND ".join(f"{name} = ?" for name in row_type.KEY)
    connection.executemany(f"DELETE FROM {row_type.TABLE} WHERE {where}", keys)
