"""Files to a network drive and back: bytes with their digest, what can be told of a file at a glance, and what goes
wrong there."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sam2_annotator.doc.copies import LOGS, Progress
from sam2_annotator.errors import DocError, DriveError

READ_ONLY = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_CHUNK = 1 << 20
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Glance:
    """What changes when somebody writes to a project: size and time of its file, and the bytes of logs beside it."""

    size: int
    mtime_ns: int
    logs: int


def glance(path: Path) -> Glance | None:
    """None when there is no such file. Raises OSError when that cannot be told."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return Glance(found.st_size, found.st_mtime_ns, sum(_size(log) for log in logs_of(path)))


def logs_of(path: Path) -> tuple[Path, ...]:
    """Where SQLite keeps what is not in the file yet."""
    return tuple(path.with_name(path.name + end) for end in LOGS if end != "-shm")


def copy_bytes(source: Path, target: Path, progress: Progress) -> str:
    """Copy a file and make it safe; gives its digest. Raises OSError, and what `progress(done, total)` raises."""
    digest, done = _digester(), 0
    with source.open("rb") as read, target.open("wb") as write:
        total = os.fstat(read.fileno()).st_size
        while chunk := read.read(_CHUNK):
            write.write(chunk)
            digest.update(chunk)
            done += len(chunk)
            progress(done, total)
        write.flush()
        os.fsync(write.fileno())
    return digest.hexdigest()


def digest_of(path: Path) -> str:
    """The digest of a file's content. Raises OSError."""
    digest = _digester()
    with path.open("rb") as read:
        while chunk := read.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def fetch(project: Path, target: Path, progress: Progress) -> tuple[Glance, str]:
    """Copy a project with its logs, all of one moment; gives what it looked like there and its digest. Raises OSError.

    Somebody may write it meanwhile: then it is copied again.
    """
    for left in reversed(range(_TRIES)):
        before = glance(project)
        digest = copy_bytes(project, target, progress)
        for log in logs_of(project):
            if _size(log):
                copy_bytes(log, target.with_name(target.name + log.name.removeprefix(project.name)), progress)
        after = glance(project)
        if after is not None and (after == before or not left):
            return after, digest
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(project))


@contextmanager
def reaching(project: Path) -> Iterator[None]:
    """What goes wrong inside is the drive's fault, and the work is safe here."""
    try:
        yield
    except OSError as error:
        raise drive_error(project, error) from error


@contextmanager
def opening(project: Path) -> Iterator[None]:
    """What goes wrong inside keeps a project from being opened; nothing was done in it yet."""
    try:
        yield
    except OSError as error:
        raise open_error(project, error) from error


def open_error(project: Path, error: OSError) -> DocError:
    """The error to tell when a project cannot be brought from its drive to this computer."""
    details = f"{type(error).__name__}: {error}"
    if error.errno in _FULL:
        return DocError(
            f"There is no room on this computer to work on {project.name}.",
            hint="Free some space and open it again.",
            details=details,
        )
    if error.errno in READ_ONLY:
        return DocError(
            f"{project.name} cannot be read on its drive.", hint="Ask for the right to read it.", details=details
        )
    return DocError(
        f"The drive of {project.name} cannot be reached.",
        hint="Check the connection and open it again.",
        details=details,
    )


def drive_error(project: Path, error: OSError) -> DriveError:
    """The error to tell for one of the system."""
    details = f"{type(error).__name__}: {error}"
    if error.errno in _FULL:
        return DriveError(
            f"{project.name} does not fit on its drive: the drive is full.",
            hint="Your work is safe on this computer and will be written there once there is room.",
            details=details,
        )
    if error.errno in READ_ONLY:
        return DriveError(
            f"{project.name} cannot be written on its drive: the file or its folder is read-only there.",
            hint="Your work is safe on this computer; save it elsewhere, or ask for the right to write.",
            details=details,
        )
    return DriveError(
        f"The drive of {project.name} cannot be reached.",
        hint="Your work is safe on this computer and will be written there when it is back.",
        details=details,
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _digester() -> hashlib.blake2b:
    return hashlib.blake2b(digest_size=16)
