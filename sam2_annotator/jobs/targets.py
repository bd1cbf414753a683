"""Whether an output can be written, asked before any work is done."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from sam2_annotator.errors import UsageError


def check_file(path: Path, *, overwrite: bool, inputs: Iterable[Path]) -> None:
    """Raises UsageError when `path` cannot become a new file, or is one of the `inputs`."""
    if path.is_dir():
        raise UsageError(f"The output {str(path)!r} is a folder; name a file.")
    if path.exists() and not overwrite:
        raise UsageError(f"The output {str(path)!r} exists already.", hint="Name another file or give --overwrite.")
    _check_keeps(path, inputs)
    _check_parent(path)


def check_folder(path: Path, *, overwrite: bool, inputs: Iterable[Path]) -> None:
    """Raises UsageError when `path` cannot become a new folder (an empty one may be there), or holds an input."""
    if path.exists() and not path.is_dir():
        raise UsageError(f"The output {str(path)!r} is a file; name a folder.")
    if path.is_dir() and any(path.iterdir()) and not overwrite:
        raise UsageError(f"The folder {str(path)!r} is not empty.", hint="Name another folder or give --overwrite.")
    _check_keeps(path, inputs)
    _check_parent(path)


def _check_keeps(path: Path, inputs: Iterable[Path]) -> None:
    for needed in inputs:
        if needed.resolve().is_relative_to(path.resolve()):
            raise UsageError(f"The output {str(path)!r} would replace the input {str(needed)!r}; name another place.")


def _check_parent(path: Path) -> None:
    parent = path.absolute().parent
    if not parent.is_dir():
        raise UsageError(f"There is no folder {str(parent)!r} to write into.", hint="Create it first.")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise UsageError(f"The folder {str(parent)!r} cannot be written to.", hint="Name a folder you may write to.")
