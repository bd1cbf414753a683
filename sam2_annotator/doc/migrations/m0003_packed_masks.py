"""Schema 3: run lengths are packed; about half the size of the file."""

from __future__ import annotations

import sqlite3
import zlib


def run(connection: sqlite3.Connection) -> None:
    """Pack the run lengths of every mask."""
    for row, counts in connection.execute("SELECT rowid, counts FROM mask").fetchall():
        connection.execute("UPDATE mask SET counts = ? WHERE rowid = ?", (zlib.compress(counts), row))
