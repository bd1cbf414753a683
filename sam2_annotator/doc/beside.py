"""Media that lie in or below the project's folder are found relative to it, so that both can move together."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sam2_annotator.doc.rows import inside, path_text
from sam2_annotator.values.ids import ItemId


@dataclass(frozen=True, slots=True)
class MediaNote:
    """Where the file of an item was found, and its fingerprint (media/identity.py)."""

    item: ItemId
    path: Path
    fingerprint: str | None


def relative(path: Path, folder: Path) -> PurePosixPath | None:
    """`path` as it is kept when it lies below `folder`, else None."""
    try:
        return inside(PurePosixPath(path.relative_to(folder).as_posix()))
    except ValueError:
        return None


def note(connection: sqlite3.Connection, notes: Sequence[MediaNote], folder: Path) -> None:
    """Write what was found out, in the caller's transaction; an item that has gone, or a path taken, is passed over."""
    places = [(one, relative(one.path, folder)) for one in notes]
    connection.executemany(
        "UPDATE OR IGNORE item SET path = ?, beside = ?, fingerprint = ? WHERE id = ?",
        [
            (path_text(one.path), None if near is None else path_text(near), one.fingerprint, one.item)
            for one, near in places
        ],
    )


def moves(connection: sqlite3.Connection, here: Path, there: Path, places: dict[Path, PurePosixPath] | None) -> None:
    """A copy of the project in `here` goes to `there`: with copies of its media, which lie in `places` there, or, for
    None, without."""
    moved_here(connection, here)  # who only reads a project cannot have written that down
    if places is None:
        _leave_media(connection, there)
    else:
        _take_media(connection, places, there)


def moved_here(connection: sqlite3.Connection, folder: Path) -> None:
    """The project was found in `folder`: media beside it are there too, unless it came alone and they are where they
    were. Raises ValueError for a path that is none."""
    rows = connection.execute("SELECT id, path, beside FROM item WHERE beside IS NOT NULL").fetchall()
    moved: list[tuple[str | int | None, ...]] = []
    for number, path, beside in rows:
        near = folder / inside(PurePosixPath(json.loads(beside)))
        if path_text(near) != path:
            came_alone = not os.path.exists(near) and os.path.exists(json.loads(path))
            moved.append((path, None, number) if came_alone else (path_text(near), beside, number))
    _write(connection, "UPDATE OR IGNORE item SET path = ?, beside = ? WHERE id = ?", moved)


def _leave_media(connection: sqlite3.Connection, folder: Path) -> None:
    """The project goes to `folder`, the media stay: note which lie beside it there."""
    rows = connection.execute("SELECT id, path FROM item").fetchall()
    found = [(relative(Path(json.loads(path)), folder), number) for number, path in rows]
    placed = [(None if beside is None else path_text(beside), number) for beside, number in found]
    _write(connection, "UPDATE item SET beside = ? WHERE id = ?", placed)


def _take_media(connection: sqlite3.Connection, places: dict[Path, PurePosixPath], folder: Path) -> None:
    """The project goes to `folder` with copies of its media: where each path lies there."""
    rows = connection.execute("SELECT id, path FROM item").fetchall()
    known = [(number, places[path]) for number, text in rows if (path := Path(json.loads(text))) in places]
    placed = [(path_text(folder / beside), path_text(beside), number) for number, beside in known]
    _write(connection, "UPDATE OR IGNORE item SET path = ?, beside = ? WHERE id = ?", placed)


def _write(connection: sqlite3.Connection, sql: str, values: Sequence[tuple[str | int | None, ...]]) -> None:
    if values:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(sql, values)
        connection.execute("COMMIT")
