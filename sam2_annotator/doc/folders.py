"""Which folders a project follows, and which of their files it leaves out.

A project follows the folders it was opened on: pictures that come there join it. What a person removed from the
project stays out. Both are kept among the project's settings, one row each, so that undo and redo know them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.queries import Queries
from sam2_annotator.doc.rows import SettingRow, path_text

_FOLLOWED = "folder "
_LEFT_OUT = "left out "


def followed(project: Queries) -> tuple[Path, ...]:
    """Folders whose new files join the project."""
    return _paths(project, _FOLLOWED)


def left_out(project: Queries) -> frozenset[Path]:
    """Files of those folders that a person removed."""
    return frozenset(_paths(project, _LEFT_OUT))


def follow(edit: Edit, folder: Path) -> None:
    """New files of this folder join from now on."""
    edit.put(SettingRow(_FOLLOWED + path_text(folder), True))


def leave_out(edit: Edit, path: Path) -> None:
    """A removed file does not come back by itself, where it would."""
    if edit.get(SettingRow, _FOLLOWED + path_text(path.parent)) is not None:
        edit.put(SettingRow(_LEFT_OUT + path_text(path), True))


def take_in(edit: Edit, paths: Iterable[Path]) -> None:
    """Files join: they are left out no longer."""
    names = {_LEFT_OUT + path_text(path) for path in paths}
    for row in edit.settings(_LEFT_OUT):
        if row.name in names:
            edit.delete(row)


def _paths(project: Queries, prefix: str) -> tuple[Path, ...]:
    found: list[object] = []
    for row in project.settings(prefix):
        with suppress(ValueError, RecursionError):  # a name this program did not write names no path
            found.append(json.loads(row.name.removeprefix(prefix)))
    return tuple(Path(path) for path in found if isinstance(path, str))
