"""Small numbered steps from one schema to the next; entry n of MIGRATIONS leads to schema n + 1.

A migration that changes a table found in history changes its row images too, or empties `part`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from sam2_annotator.doc.migrations import m0001_first, m0002_review_and_attributes, m0003_packed_masks

Migration = Callable[[sqlite3.Connection], None]
MIGRATIONS: tuple[Migration, ...] = (m0001_first.run, m0002_review_and_attributes.run, m0003_packed_masks.run)


def run(connection: sqlite3.Connection, migrations: Sequence[Migration] | None = None) -> None:
    """Bring a project to the newest schema (or as far as these lead), each step in a transaction of its own."""
    migrations = MIGRATIONS if migrations is None else migrations
    (current,) = connection.execute("PRAGMA user_version").fetchone()
    for version, migration in enumerate(migrations[current:], start=current + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            migration(connection)
            connection.execute(f"PRAGMA user_version = {version}")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
