"""The SQLite file itself: opening, pragmas, transactions.

WAL lets readers in other threads see a steady snapshot while the one writer goes on; where the file system
cannot do that the rollback journal is used. A transaction is in the file's log when it is committed; `checkpoint`,
which follows within a second, puts it where a power cut cannot take it.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sam2_annotator.doc import copies, drives, migrations, schema, soundness
from sam2_annotator.doc.failures import damaged, doc_error, reported
from sam2_annotator.errors import DocError

__all__ = ["checkpoint", "checkpoint_elsewhere", "connect_reader", "connect_writer", "reported", "transaction"]

_BUSY_SECONDS = 2.0


def connect_writer(path: Path) -> sqlite3.Connection:
    """Open a project for writing; a missing or empty file becomes a new one. The lock is the caller's affair.

    The connection may be given to another thread, but belongs to one at a time.
    """
    fresh = not path.exists() or path.stat().st_size == 0
    if not fresh:
        _check_header(path)
    with reported(path):
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            soundness.harden(connection)
            if fresh:  # still without WAL: the header in the file itself must name schema and program
                migrations.run(connection)
            else:
                _check_version(_version(connection), path)
                _migrate_with_backup(connection, path)
                _check_content(connection, path)
            _set_pragmas(connection, path)
        except BaseException:
            connection.close()
            if fresh:
                path.unlink(missing_ok=True)
            raise
    return connection


def connect_helper(path: Path) -> sqlite3.Connection:
    """A second writing connection to a project that is open, and so checked, in this program."""
    with reported(path):
        connection = _connect(path, "mode=rw")
        soundness.harden(connection)
        _set_pragmas(connection, path)
    return connection


def connect_reader(path: Path, *, check: bool = True) -> sqlite3.Connection:
    """Open a project for reading only. Without `check` it is one that is open elsewhere, checked already."""
    _check_header(path)
    with reported(path):
        try:
            return _open_reader(path, "mode=ro", check)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
                raise
            # A folder nobody may write to has no place for the WAL index.
            log = path.with_name(f"{path.name}-wal")
            if log.exists() and log.stat().st_size:
                raise DocError(
                    f"The last changes of the project {path.name} cannot be read in a folder that is read-only.",
                    hint=f"Copy it to a folder you may write to, together with {log.name}, and open it there.",
                ) from error
            return _open_reader(path, "mode=ro&immutable=1", check)


def read_one(path: Path, sql: str) -> tuple[Any, ...]:
    """One row of a project file that is ours to tidy, whatever its version. Raises DocError."""
    _check_header(path)
    with reported(path), closing(_connect(path, "mode=rw")) as connection:
        soundness.harden(connection)
        row = connection.execute(sql).fetchone()
    if row is None:
        raise damaged(path, f"nothing found by {sql}")
    return tuple(row)


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


def checkpoint(connection: sqlite3.Connection) -> None:
    """Move what the WAL holds into the file itself, as far as readers let it, safe from a power cut."""
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def checkpoint_elsewhere(path: Path) -> None:
    """The same for a project open in another thread, whose writing it does not hold up. Raises DocError.

    The log is made safe first: a long reader may keep SQLite from moving all of it.
    """
    with reported(path):
        log = path.with_name(f"{path.name}-wal")
        if log.exists():
            with log.open("rb+") as file:
                os.fsync(file.fileno())
        with closing(_connect(path, "mode=rw")) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _connect(path: Path, how: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?{how}"
    return sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)


def _open_reader(path: Path, how: str, check: bool) -> sqlite3.Connection:
    connection = _connect(path, how)
    try:
        soundness.harden(connection)
        version = _version(connection)
        _check_version(version, path)
        if version < schema.VERSION:
            raise DocError(
                f"The project {path.name} was made by an older version and cannot be converted without writing to it.",
                hint="Close it elsewhere, or copy it to a folder you may write to, and open it again.",
            )
        if check:
            _check_content(connection, path)
        return connection
    except BaseException:
        connection.close()
        raise


def _set_pragmas(connection: sqlite3.Connection, path: Path) -> None:
    wanted = "DELETE" if drives.is_remote(path) else "WAL"
    (mode,) = connection.execute(f"PRAGMA journal_mode = {wanted}").fetchone()
    if mode != "wal":
        connection.execute("PRAGMA journal_mode = DELETE")
    # With a WAL a commit is in the log and a checkpoint makes it safe; without one the commit itself must.
    connection.execute(f"PRAGMA synchronous = {'NORMAL' if mode == 'wal' else 'FULL'}")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("PRAGMA foreign_keys = ON")


def _check_header(path: Path) -> None:
    """Refuse what is no project of ours, or of a newer program, by its first 100 bytes; nothing is written.

    SQLite reads them: were the file opened and closed by other means, a process would lose its own locks on it.
    """
    if path.is_dir():
        raise DocError(f"{path.name} is a folder and not a project of this program.", hint="Choose a file.")
    if not path.exists():
        raise doc_error(path, FileNotFoundError(str(path)))
    try:
        with closing(_connect(path, "mode=ro&immutable=1")) as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            version = _version(connection)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_NOTADB:
            raise doc_error(path, error) from error
        application = version = 0
    if application != schema.APPLICATION_ID:
        raise DocError(f"{path.name} is not a project of this program.", hint="Choose another file.")
    _check_version(version, path)


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _check_version(version: int, path: Path) -> None:
    if version > schema.VERSION:
        raise DocError(
            f"The project {path.name} was made by a newer version of this program.",
            hint="Update the program to open it; the file was not changed.",
            details=f"schema {version}, this program knows {schema.VERSION}",
        )


def _check_content(connection: sqlite3.Connection, path: Path) -> None:
    problem = soundness.problem(connection)
    if problem is not None:
        raise damaged(path, problem)


def _migrate_with_backup(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection) < schema.VERSION:
        problem = soundness.pages_problem(connection) or soundness.schema_problem(connection)
        if problem is not None:
            raise damaged(path, problem)
        copies.write_restore_point(connection, path)
        try:
            migrations.run(connection)
        except (ValueError, TypeError, KeyError, IndexError, sqlite3.IntegrityError) as error:
            raise damaged(path, f"{type(error).__name__}: {error}") from error
