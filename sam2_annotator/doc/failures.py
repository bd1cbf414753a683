"""What SQLite's failures mean to a person."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sam2_annotator.errors import DamagedError, DocError, StorageError


@contextmanager
def reported(path: Path) -> Iterator[None]:
    """Turn what can go wrong with a file into DocError; misuse of SQLite by the program passes through."""
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.IntegrityError, sqlite3.InterfaceError):
        raise
    except (sqlite3.Error, OSError) as error:
        raise doc_error(path, error) from error


def damaged(path: Path, details: str) -> DamagedError:
    """The file is a project, but cannot be relied on."""
    return DamagedError(
        f"The project {path.name} is damaged and cannot be read.",
        hint=f"Restore points, if there are any, lie in the folder {path.name}.restore; the file was not changed.",
        details=details,
    )


def doc_error(path: Path, error: sqlite3.Error | OSError) -> DocError:
    """The error to tell for one of SQLite or of the system."""
    details = f"{type(error).__name__}: {error}"
    code = error.sqlite_errorcode & 0xFF if hasattr(error, "sqlite_errorcode") else None
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_TOOBIG):
        return damaged(path, details)
    if code == sqlite3.SQLITE_FULL:
        return StorageError(
            f"The project {path.name} cannot be saved: the disk is full.",
            hint="Free some space and try again; nothing that was saved is lost.",
            details=details,
        )
    if code == sqlite3.SQLITE_READONLY or isinstance(error, PermissionError):
        return StorageError(
            f"The project {path.name} cannot be written: the file or its folder is read-only.",
            hint="Choose another place.",
            details=details,
        )
    if isinstance(error, FileNotFoundError):
        return DocError(f"There is no project {path.name}.", hint="Choose another file.", details=details)
    if code == sqlite3.SQLITE_BUSY:
        return StorageError(
            f"The project {path.name} is in use by another program.", hint="Try again in a moment.", details=details
        )
    return StorageError(
        f"The project {path.name} cannot be read or written: {error}.",
        hint="Check the disk and the folder, then try again.",
        details=details,
    )
