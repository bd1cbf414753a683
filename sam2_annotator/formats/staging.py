"""Outputs appear whole or not at all: written beside the target under another name, then renamed into place."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sam2_annotator.errors import FormatError

_RENAMES = 10 if sys.platform == "win32" else 1  # virus scanners hold new files for a moment
_RENAME_PAUSE = 0.2


@contextmanager
def staged_file(target: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """A path to write to, which becomes `target` when the block ends well and is removed otherwise.

    Raises FormatError when the target exists and may not be replaced, or cannot be written.
    """
    target = _real(target)
    if target.exists():
        if not target.is_file():
            raise FormatError(f"{target} is not a file and cannot be replaced by one.", hint="Choose another name.")
        _refuse_existing(target, overwrite)
    partial = _beside(target, "partial")
    with _reported(target):
        try:
            yield partial
            _flush(partial)
            _rename(partial, target)
        finally:
            partial.unlink(missing_ok=True)


@contextmanager
def staged_folder(target: Path, *, overwrite: bool = False, sources: Iterable[Path] = ()) -> Iterator[Path]:
    """An empty folder to write into, which becomes `target` when the block ends well and is removed otherwise.

    An empty folder at the target counts as none. Raises FormatError as `staged_file` does, and when replacing
    the target would delete one of the `sources` the output is made from.
    """
    target = _real(target)
    occupied = target.exists() and not (target.is_dir() and not any(target.iterdir()))
    if occupied:
        _refuse_existing(target, overwrite)
        _refuse_sources(target, sources)
    partial = _beside(target, "partial")
    with _reported(target):
        try:
            partial.mkdir()
            yield partial
            for path in sorted(partial.rglob("*")):
                if path.is_file():
                    _flush(path)
            _swap(partial, target)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


def check_space(target: Path, needed: int) -> None:
    """Raise FormatError when the disk of `target` has not 1.2 times the bytes needed."""
    with _reported(target):
        free = shutil.disk_usage(_real(target).parent).free
    if free < 1.2 * needed:
        raise FormatError(
            f"The disk is too full to write {target.name}: about {needed / 1e6:.0f} MB are needed.",
            hint="Free some space or choose another folder.",
        )


def _real(target: Path) -> Path:
    """The target with links followed, so that a link is not replaced by what it should point to."""
    parent = target.absolute().parent
    if not parent.is_dir():
        raise FormatError(f"There is no folder {parent}.", hint="Make it first, or choose another folder.")
    return target.resolve()


def _beside(target: Path, what: str) -> Path:
    return target.with_name(f"{target.name}.{what}-{secrets.token_hex(4)}")


def _refuse_existing(target: Path, overwrite: bool) -> None:
    if not overwrite:
        raise FormatError(f"{target} exists already.", hint="Choose another name.")


def _refuse_sources(target: Path, sources: Iterable[Path]) -> None:
    for source in sources:
        if source.resolve().is_relative_to(target):
            raise FormatError(
                f"{target} cannot be replaced: {source.name}, which the data set is made from, lies in it.",
                hint="Choose another folder.",
            )


def _swap(new: Path, target: Path) -> None:
    """Put a finished folder in place of what is there; that is back again if it fails."""
    if not target.exists():
        _rename(new, target)
        return
    old = _beside(target, "old")
    _rename(target, old)
    try:
        _rename(new, target)
    except OSError:
        _rename(old, target)
        raise
    if old.is_dir():
        shutil.rmtree(old)
    else:
        old.unlink()


def _rename(source: Path, target: Path) -> None:
    for attempt in range(_RENAMES):
        try:
            source.replace(target)
            return
        except PermissionError:
            if attempt == _RENAMES - 1:
                raise
            time.sleep(_RENAME_PAUSE)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def _reported(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _format_error(target, error) from error


def _format_error(target: Path, error: OSError) -> FormatError:
    details = f"{type(error).__name__}: {error}"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return FormatError(
            f"{target.name} was not written: the disk is full.",
            hint="Free some space or choose another folder.",
            details=details,
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return FormatError(
            f"{target.name} cannot be written: the folder {target.parent} is read-only.",
            hint="Choose another folder.",
            details=details,
        )
    return FormatError(
        f"{target.name} cannot be written: {error.strerror or error}.", hint="Choose another place.", details=details
    )
