"""Copies of a project: restore points beside it, and whole copies elsewhere.

A copy is of one moment, whatever a writer does meanwhile, is one file, and is there whole or not at all.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sam2_annotator.doc.failures import reported

LOGS = ("-wal", "-shm", "-journal")  # ends of the names of what SQLite keeps beside a file
_PAGES_AT_ONCE = 512  # 2 MB: progress and cancel are heard between
_STAMP = "%Y%m%d-%H%M%S"

Progress = Callable[[int, int], None]  # done and total pages; raises to cancel


@dataclass(frozen=True, slots=True)
class RestorePoint:
    """A copy of the project as it was; `made` in local time, `size` in bytes."""

    path: Path
    made: datetime
    size: int


def folder_of(project: Path) -> Path:
    """Where the restore points of a project lie."""
    return project.with_name(f"{project.name}.restore")


def restore_points(project: Path) -> tuple[RestorePoint, ...]:
    """The restore points of a project, newest first."""
    found = []
    for path in sorted(folder_of(project).glob(f"*{project.suffix}"), reverse=True):
        try:
            made = datetime.strptime(path.name[:15], _STAMP)
            found.append(RestorePoint(path, made, path.stat().st_size))
        except (ValueError, OSError):  # somebody else's file, or gone meanwhile
            continue
    return tuple(found)


def objects_in(point: Path) -> int | None:
    """How many accepted objects a restore point has; None where it cannot be read."""
    try:
        with closing(sqlite3.connect(f"{point.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM object WHERE NOT draft").fetchone()
    except sqlite3.Error:
        return None
    return int(count)


def write_restore_point(
    source: sqlite3.Connection, project: Path, progress: Progress | None = None, *, kept: int | None = None
) -> RestorePoint:
    """Copy a project as it is now into `<name>.restore` beside it; the newest `kept` stay, or all. Raises DocError."""
    seconds, fraction = divmod(time.time_ns() // 1000, 1_000_000)
    made = time.strftime(_STAMP, time.localtime(seconds))
    target = folder_of(project) / f"{made}-{fraction:06d}{project.suffix}"
    with reported(project):
        target.parent.mkdir(exist_ok=True)
        write_copy(source, target, progress)
        for old in () if kept is None else restore_points(project)[max(1, kept) :]:
            old.path.unlink()
        return RestorePoint(target, datetime.strptime(made, _STAMP), target.stat().st_size)


def write_copy(
    source: sqlite3.Connection,
    target: Path,
    progress: Progress | None = None,
    finish: Callable[[sqlite3.Connection], None] | None = None,
) -> None:
    """Copy an open project to `target`, replacing a file there only when all is written.

    `finish` may still change the copy. Raises sqlite3.Error, OSError, and what `progress` raises.
    """
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(partial, isolation_level=None)) as copy:
            own = not source.in_transaction
            if own:
                source.execute("BEGIN")  # one moment, although the writer goes on
            try:
                source.execute("SELECT 1 FROM state").fetchone()
                source.backup(copy, pages=_PAGES_AT_ONCE, progress=_told(progress), sleep=0)
            finally:
                if own:
                    source.execute("ROLLBACK")
            copy.execute("PRAGMA journal_mode = DELETE")  # a copy is one file
            if copy.execute("SELECT 1 FROM pragma_table_info('state') WHERE name = 'clean'").fetchone():
                copy.execute("UPDATE state SET clean = 1, clean_revision = revision")  # no crash left this one
            if finish is not None:
                finish(copy)
        _sync(partial)
        for end in LOGS:  # of what was there; they must not be taken for those of the copy
            target.with_name(target.name + end).unlink(missing_ok=True)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def copy_file(source: Path, target: Path) -> Path:
    """Copy a project nobody has open, such as a restore point, to a place of its own. Raises DocError."""
    partial = target.with_name(f"{target.name}.partial")
    with reported(target):
        try:
            shutil.copyfile(source, partial)
            _sync(partial)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    return target


def remove(project: Path) -> None:
    """Remove a project nobody has open, with what lies beside it but for its restore points. Raises DocError."""
    with reported(project):
        for end in ("", *LOGS):
            project.with_name(project.name + end).unlink(missing_ok=True)
        left = folder_of(project)
        if left.is_dir() and not any(left.iterdir()):
            left.rmdir()


def move_restore_points(old: Path, new: Path) -> None:
    """The restore points of one project become another's. Raises DocError."""
    with reported(new):
        for point in restore_points(old):
            target = folder_of(new) / f"{point.path.stem}{new.suffix}"
            target.parent.mkdir(exist_ok=True)
            shutil.move(point.path, target)


def _told(progress: Progress | None) -> Callable[[int, int, int], None] | None:
    if progress is None:
        return None

    def tell(status: int, remaining: int, total: int) -> None:
        progress(total - remaining, total)

    return tell


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
