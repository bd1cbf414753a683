"""The SQLite file itself: opening, pragmas, transactions, and what its failures mean to a user.

WAL lets readers in other threads see a steady snapshot while the one writer goes on; where the file system
cannot do that (network drives) the rollback journal is used. Checkpoints are made on save and close, never in
the middle of an edit.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sam2_annotator.doc import migrations, schema
from sam2_annotator.errors import DocError

_MAGIC = b"SQLite format 3\0"
_BUSY_SECONDS = 2.0
_RESTORE_POINTS = 10


def connect_writer(path: Path) -> sqlite3.Connection:
    """Open a project for writing; a missing or empty file becomes a new one. The lock is the caller's affair."""
    fresh = not path.exists() or path.stat().st_size == 0
    if not fresh:
        _check_header(path)
    with reported(path):
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            if fresh:  # still without WAL: the header in the file itself must name schema and program
                migrations.run(connection)
            else:
                _check_content(connection, path)
                _migrate_with_backup(connection, path)
            _set_pragmas(connection)
        except BaseException:
            connection.close()
            if fresh:
                path.unlink(missing_ok=True)
            raise
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """Open a project for reading only, in the thread that will use it."""
    _check_header(path)
    with reported(path):
        try:
            connection, version = _open_reader(path, "mode=ro")
        except sqlite3.OperationalError:  # a folder nobody may write to has no place for the WAL index
            connection, version = _open_reader(path, "mode=ro&immutable=1")
    if version < schema.VERSION:
        connection.close()
        raise DocError(
            f"The project {path.name} was made by an older version and cannot be converted without writing to it.",
            hint="Close it elsewhere, or copy it to a folder you may write to, and open it again.",
        )
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """All or nothing. Raises DocError when the file cannot take the changes; then nothing has changed."""
    with reported(path):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


@contextmanager
def reported(path: Path) -> Iterator[None]:
    """Turn what can go wrong with a file into DocError; misuse of SQLite by the program passes through."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError, sqlite3.InterfaceError):
        raise
    except (sqlite3.Error, OSError) as error:
        raise _doc_error(path, error) from error


def checkpoint(connection: sqlite3.Connection) -> None:
    """Move what the WAL holds into the file itself, as far as readers let it."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def write_restore_point(connection: sqlite3.Connection, path: Path) -> Path:
    """Copy an open project as it is now into `<name>.restore` beside it; the newest ten are kept."""
    folder = path.with_name(f"{path.name}.restore")
    target = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{time.time_ns() // 1000 % 1000000:06d}{path.suffix}"
    partial = target.with_suffix(".partial")
    with reported(path):
        folder.mkdir(exist_ok=True)
        try:
            with closing(sqlite3.connect(partial)) as copy:
                connection.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")  # a copy is one file
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
        for old in sorted(folder.glob(f"*{path.suffix}"))[:-_RESTORE_POINTS]:
            old.unlink()
    return target


def _open_reader(path: Path, how: str) -> tuple[sqlite3.Connection, int]:
    uri = f"{path.absolute().as_uri()}?{how}"
    connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
    try:
        return connection, _check_content(connection, path)
    except BaseException:
        connection.close()
        raise


def _set_pragmas(connection: sqlite3.Connection) -> None:
    (mode,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("PRAGMA foreign_keys = ON")


def _check_header(path: Path) -> None:
    """Refuse what is no project of ours, or of a newer program, by its first 100 bytes: SQLite never touches it."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise _doc_error(path, error) from error
    if head[:16] != _MAGIC or len(head) < 100 or int.from_bytes(head[68:72], "big") != schema.APPLICATION_ID:
        raise DocError(f"{path.name} is not a project of this program.", hint="Choose another file.")
    _check_version(int.from_bytes(head[60:64], "big"), path)


def _check_version(version: int, path: Path) -> None:
    if version > schema.VERSION:
        raise DocError(
            f"The project {path.name} was made by a newer version of this program.",
            hint="Update the program to open it; the file was not changed.",
            details=f"schema {version}, this program knows {schema.VERSION}",
        )


def _check_content(connection: sqlite3.Connection, path: Path) -> int:
    """The schema version of a sound file."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    _check_version(version, path)
    (result,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if result != "ok":
        raise _damaged(path, result)
    return int(version)


def _migrate_with_backup(connection: sqlite3.Connection, path: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version < schema.VERSION:
        write_restore_point(connection, path)
        migrations.run(connection)


def _damaged(path: Path, details: str) -> DocError:
    return DocError(
        f"The project {path.name} is damaged and cannot be read.",
        hint=f"Restore points, if there are any, lie in the folder {path.name}.restore; the file was not changed.",
        details=details,
    )


def _doc_error(path: Path, error: sqlite3.Error | OSError) -> DocError:
    details = f"{type(error).__name__}: {error}"
    code = error.sqlite_errorcode & 0xFF if hasattr(error, "sqlite_errorcode") else None
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return _damaged(path, details)
    if code == sqlite3.SQLITE_FULL:
        return DocError(
            f"The project {path.name} cannot be saved: the disk is full.",
            hint="Free some space and try again; nothing that was saved is lost.",
            details=details,
        )
    if code == sqlite3.SQLITE_READONLY or isinstance(error, PermissionError):
        return DocError(
            f"The project {path.name} cannot be written: the file or its folder is read-only.",
            hint="Choose another place.",
            details=details,
        )
    if isinstance(error, FileNotFoundError):
        return DocError(f"There is no project {path.name}.", hint="Choose another file.", details=details)
    if code == sqlite3.SQLITE_BUSY:
        return DocError(
            f"The project {path.name} is in use by another program.", hint="Try again in a moment.", details=details
        )
    return DocError(
        f"The project {path.name} cannot be read or written: {error}.",
        hint="Check the disk and the folder, then try again.",
        details=details,
    )
