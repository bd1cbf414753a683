"""Files that are no sound project of ours are refused and left as they are."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sam2_annotator.doc import Project, schema, store
from sam2_annotator.doc.commands import AddLabel
from sam2_annotator.errors import DocError, StorageError
from support.documents import add_clip


def refused(path: Path, match: str) -> None:
    """Both ways of opening say so, and not a byte changes."""
    before = path.read_bytes()
    with pytest.raises(DocError, match=match):
        Project.open(path)
    assert [found.name for found in path.parent.iterdir()] == [path.name]
    with pytest.raises(DocError, match=match):
        Project.open_read_only(path)
    assert path.read_bytes() == before


@pytest.fixture
def closed(path: Path) -> Path:
    """A project of many pages, closed."""
    with Project.open(path) as project:
        for number in range(60):
            add_clip(project, f"{'long' * 40}{number}.mp4")
    return path


def test_a_foreign_file(path: Path) -> None:
    path.write_bytes(b"no project at all")
    refused(path, r"^work\.s2p is not a project of this program\.$")


def test_another_programs_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    refused(path, "is not a project of this program")


def test_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    with pytest.raises(DocError):
        Project.open(folder)
    with pytest.raises(DocError):
        Project.open_read_only(folder)


def test_a_newer_schema(closed: Path) -> None:
    with closing(sqlite3.connect(closed)) as connection:
        connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    refused(closed, r"^The project work\.s2p was made by a newer version of this program\.$")


def test_a_truncated_project(closed: Path) -> None:
    closed.write_bytes(closed.read_bytes()[:-8192])
    refused(closed, r"^The project work\.s2p is damaged and cannot be read\.$")


def test_a_page_of_garbage(closed: Path) -> None:
    data = bytearray(closed.read_bytes())
    (root,) = _query(closed, "SELECT rootpage FROM sqlite_schema WHERE name = 'item'")
    data[(root - 1) * 4096 : root * 4096] = b"\xaa" * 4096
    closed.write_bytes(data)
    refused(closed, "is damaged and cannot be read")


def test_an_empty_file_becomes_a_project(path: Path) -> None:
    path.touch()
    with Project.open(path) as project:
        project.apply(AddLabel("dog"))
    assert _query(path, "SELECT name FROM label") == ("dog",)


def test_a_project_that_cannot_be_made_leaves_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half (made)")
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(store.migrations, "run", fails)
    with pytest.raises(DocError, match=r"^The project work\.s2p cannot be read or written: disk I/O error\.$"):
        Project.open(path)
    assert list(path.parent.iterdir()) == []


def test_the_writer_uses_wal_and_foreign_keys(path: Path) -> None:
    with closing(store.connect_writer(path)) as connection:
        values = [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "wal_autocheckpoint")
        ]
    assert values == ["wal", 1, 1, 0]


def test_a_transaction_is_all_or_nothing(path: Path) -> None:
    with closing(store.connect_writer(path)) as connection:
        rows = [(1, "dog"), (2, None)]
        with pytest.raises(sqlite3.IntegrityError), store.transaction(connection, path):
            connection.executemany("INSERT INTO label VALUES (?, ?, '#000000', NULL, 0)", rows)
        assert connection.execute("SELECT count(*) FROM label").fetchone() == (0,)
        assert not connection.in_transaction


def test_a_dangling_reference_cannot_be_committed(path: Path) -> None:
    with closing(store.connect_writer(path)) as connection:
        with pytest.raises(sqlite3.IntegrityError), store.transaction(connection, path):
            connection.execute("INSERT INTO object VALUES (1, 99, 1, NULL, 0, 1, 0, 1, NULL, '')")
        assert not connection.in_transaction


def test_without_wal_the_rollback_journal_serves(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(store.connect_writer(path)):
        pass
    real = sqlite3.connect

    class NoWal(sqlite3.Connection):
        """As on a network drive: asking for WAL leaves the mode as it is."""

        def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
            return super().execute("PRAGMA journal_mode = DELETE" if "= WAL" in sql else sql, *values)

    monkeypatch.setattr(sqlite3, "connect", lambda *args, **kw: real(*args, factory=NoWal, **kw))
    with Project.open(path) as project:
        project.apply(AddLabel("dog"))
        assert not path.with_name("work.s2p-wal").exists()
    assert _query(path, "PRAGMA journal_mode") == ("delete",)


def test_an_older_schema_is_backed_up_and_brought_forward(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    steps = (*store.migrations.MIGRATIONS, lambda connection: connection.execute("ALTER TABLE label ADD extra TEXT"))
    monkeypatch.setattr(store.migrations, "MIGRATIONS", steps)
    with pytest.raises(DocError, match="was made by an older version"):
        Project.open_read_only(closed)
    with closing(store.connect_writer(closed)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (schema.VERSION,)
        assert connection.execute("SELECT count(extra) FROM label").fetchone() == (0,)
    (copy,) = closed.with_name("work.s2p.restore").iterdir()
    assert _query(copy, "PRAGMA user_version") == (schema.VERSION - 1,)


def test_a_reader_manages_without_a_place_for_the_wal_index(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = sqlite3.connect

    class NoIndex(sqlite3.Connection):
        """As in a folder nobody may write to."""

        def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
            error = sqlite3.OperationalError("unable to open database file")
            error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise error

    def connect(database: str, **kw: object) -> sqlite3.Connection:
        return real(database, **kw) if "immutable" in database else real(database, factory=NoIndex, **kw)

    monkeypatch.setattr(sqlite3, "connect", connect)
    with Project.open_read_only(closed) as project:
        assert len(project.items()) == 60
    closed.with_name(f"{closed.name}-wal").write_bytes(b"changes a crash left")
    with pytest.raises(DocError, match=r"^The last changes of the project work\.s2p cannot be read"):
        Project.open_read_only(closed)


def test_a_file_that_is_being_written_is_not_read_past_its_locks(closed: Path) -> None:
    with closing(sqlite3.connect(closed, isolation_level=None)) as writer:
        writer.execute("PRAGMA journal_mode = DELETE")
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match="is in use by another program"):
            Project.open_read_only(closed)


def _query(path: Path, sql: str) -> tuple[object, ...]:
    with closing(sqlite3.connect(path)) as connection:
        row: tuple[object, ...] = connection.execute(sql).fetchone()
    return row
