"""Schema 1 as released: a change here would be a change of files users have."""

import sqlite3
from contextlib import closing

import pytest

from sam2_annotator.doc import migrations
from sam2_annotator.doc.migrations import m0001_first


def test_a_failing_migration_leaves_the_version_before() -> None:
    def fails(connection: sqlite3.Connection) -> None:
        connection.execute("DROP TABLE label")
        raise RuntimeError

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        with pytest.raises(RuntimeError):
            migrations.run(connection, (m0001_first.run, fails))
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM label").fetchone() == (0,)
