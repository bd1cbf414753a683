"""What came to, and went from, the folders of a project."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from sam2_annotator import media
from sam2_annotator.doc import drives, folders
from sam2_annotator.doc.place import Place
from sam2_annotator.doc.project import Project
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import MediaError
from sam2_annotator.jobs.open_paths import Found, kind_by_name
from sam2_annotator.values.ids import ItemId


@dataclass(frozen=True, slots=True)
class Scan:
    """Files of followed folders that are no items yet, in natural order, and items whose file or folder is gone.

    `folders` are those worth watching; with `is_far` there are others, on network drives, which tell nothing.
    """

    new: tuple[Found, ...]
    missing: frozenset[ItemId]
    folders: frozenset[Path] = frozenset()
    is_far: bool = False


def scan_project(project: Place, token: CancelToken) -> Scan:
    """Scan for an open project, read here, in the thread of the scan."""
    with Project.open_again(project) as reader:
        items = tuple((row.id, row.path) for row in reader.items())
        followed, out = folders.followed(reader), folders.left_out(reader)
    found = scan(items, followed, out, token)
    all_folders = frozenset(followed) | {path.parent for _, path in items}
    near = frozenset(folder for folder in all_folders if not drives.is_remote(folder))
    return replace(found, folders=near, is_far=near != all_folders)


def scan(
    items: Collection[tuple[ItemId, Path]], followed: Iterable[Path], left_out: Collection[Path], token: CancelToken
) -> Scan:
    """List every folder once. One that cannot be read has no new files, and all its items are missing."""
    names: dict[Path, frozenset[str]] = {}
    for folder in {path.parent for _, path in items}:
        token.check()
        names[folder] = _names(folder)
    missing = frozenset(item for item, path in items if path.name not in names[path.parent])
    known = {path for _, path in items} | set(left_out)
    new: list[Found] = []
    for folder in followed:
        token.check()
        new += [(kind_by_name(path), path) for path in _media(folder) if path not in known]
    return Scan(tuple(new), missing)


def _names(folder: Path) -> frozenset[str]:
    try:
        return frozenset(os.listdir(folder))
    except OSError:
        return frozenset()


def _media(folder: Path) -> tuple[Path, ...]:
    try:
        return media.list_media(folder)
    except MediaError:
        return ()
