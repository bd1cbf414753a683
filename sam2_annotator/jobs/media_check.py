"""Are the files of a project still there, and still the same? And where may those be that are not?"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path

from sam2_annotator import media
from sam2_annotator.doc import beside
from sam2_annotator.doc.beside import MediaNote
from sam2_annotator.doc.rows import ItemRow
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import MediaError
from sam2_annotator.media.identity import fingerprint
from sam2_annotator.values.frame import MediaKind, MediaRef

_MOST_FILES = 200_000  # looked at below a chosen folder


@dataclass(frozen=True, slots=True)
class Health:
    """What a check found: what to keep in the project, items without a file, with another file, and the rest."""

    notes: tuple[MediaNote, ...]
    missing: tuple[ItemRow, ...]
    altered: tuple[ItemRow, ...]
    rest: tuple[ItemRow, ...]


class Fit(Enum):
    """How well a file found for an item fits: SAME content; OTHER content of the same size; WRONG size."""

    SAME = "same"
    OTHER = "other"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Match:
    """A file found for an item; `size` is what it has, in words of numbers (width, height, frames)."""

    item: ItemRow
    path: Path
    fingerprint: str
    fit: Fit
    size: tuple[int, int, int]


def check(rows: Sequence[ItemRow], folder: Path, token: CancelToken, *, seconds: float) -> Health:
    """Look at items for about this long, the first one in any case; `folder` is that of the project.

    A file that moved with the project is found beside it. Clips are compared by content, pictures by their size in
    bytes: reading every picture of a large folder at every opening would cost more than it tells.
    """
    notes: list[MediaNote] = []
    missing: list[ItemRow] = []
    altered: list[ItemRow] = []
    end = time.monotonic() + seconds
    done = 0
    for row in rows:
        token.check()
        try:
            note, same = _look_at(row, folder)
            notes += [note] if note is not None else []
            altered += [] if same else [row]
        except (MediaError, OSError):
            missing.append(row)
        done += 1
        if time.monotonic() > end:
            break
    return Health(tuple(notes), tuple(missing), tuple(altered), tuple(rows[done:]))


def _look_at(row: ItemRow, folder: Path) -> tuple[MediaNote | None, bool]:
    """What is new about an item, and whether its file is the one it was. Raises MediaError or OSError: it is gone."""
    if row.path.exists():
        if row.fingerprint is None or row.beside != beside.relative(row.path, folder):
            return MediaNote(row.id, row.path, row.fingerprint or fingerprint(row.path)), True
        if row.kind is MediaKind.IMAGE:
            return None, row.fingerprint.partition("-")[0] == str(row.path.stat().st_size)
        return None, row.fingerprint == fingerprint(row.path)
    near = folder / row.path.name
    if row.fingerprint is not None and near.exists() and fingerprint(near) == row.fingerprint:
        return MediaNote(row.id, near, row.fingerprint), True
    raise FileNotFoundError(str(row.path))


def find(
    rows: Sequence[ItemRow], chosen: Path, token: CancelToken, *, taken: Collection[Path] = ()
) -> tuple[Match, ...]:
    """Files for missing items: `chosen` is the file of the first one, or a folder they lie in or below.

    The others are looked for where they lay in relation to the first, or by their names. No file is found twice, nor
    one of those `taken` by other items.
    """
    found: dict[int, Path] = {}
    if rows and (not chosen.is_dir() or (rows[0].kind is MediaKind.FRAMES and chosen.name == rows[0].path.name)):
        found[rows[0].id] = chosen
        old, new = _parted(rows[0].path, chosen)
        for row in rows[1:]:
            if row.path.is_relative_to(old):
                there = new / row.path.relative_to(old)
                if there.exists() and there not in taken and there != chosen:
                    found[row.id] = there
    else:
        found = _by_names(rows, chosen, taken, token)
    matches = []
    for row in rows:
        token.check()
        if row.id in found and (match := _fitted(row, found[row.id])) is not None:
            matches.append(match)
    return tuple(matches)


def _by_names(rows: Sequence[ItemRow], chosen: Path, taken: Collection[Path], token: CancelToken) -> dict[int, Path]:
    """For each item the file of its name that has its content, or else the one whose folders are most alike."""
    named: dict[str, list[Path]] = {}
    for path in _below(chosen, token):
        if path not in taken:
            named.setdefault(path.name, []).append(path)
    marks: dict[Path, str] = {}
    found: dict[int, Path] = {}
    for by_content in (True, False):
        for row in rows:
            if row.id in found:
                continue
            token.check()
            there = sorted(named.get(row.path.name, ()), key=partial(_alike, row.path), reverse=True)
            fitting = (path for path in there if not by_content or _is_same(row, path, marks))
            if (best := next(fitting, None)) is not None:
                found[row.id] = best
                named[row.path.name].remove(best)
    return found


def _is_same(row: ItemRow, path: Path, marks: dict[Path, str]) -> bool:
    """Has a file the content of an item? `marks` are fingerprints that are known."""
    try:
        if row.fingerprint is None or (
            path.is_file() and row.fingerprint.partition("-")[0] != str(path.stat().st_size)
        ):
            return False
        if path not in marks:
            marks[path] = fingerprint(path)
    except (MediaError, OSError):
        return False
    return marks[path] == row.fingerprint


def _fitted(row: ItemRow, path: Path) -> Match | None:
    try:
        mark = fingerprint(path)
        source = media.open_source(MediaRef(row.id, row.kind, path))
    except MediaError:
        return None
    facts = source.facts
    source.close()
    size = (facts.width, facts.height, facts.frames)
    if row.width and size != (row.width, row.height, row.frames):
        return Match(row, path, mark, Fit.WRONG, size)
    return Match(row, path, mark, Fit.SAME if row.fingerprint in (None, mark) else Fit.OTHER, size)


def _parted(old: Path, new: Path) -> tuple[Path, Path]:
    """The two paths without what they end in alike, the file itself in any case."""
    old, new = old.parent, new.parent
    while old.name == new.name and old.name:
        old, new = old.parent, new.parent
    return old, new


def _alike(a: Path, b: Path) -> int:
    return next((n for n, (x, y) in enumerate(zip(reversed(a.parts), reversed(b.parts), strict=False)) if x != y), 99)


def _below(folder: Path, token: CancelToken) -> Iterator[Path]:
    """Files and folders in and below a folder, as far as they are not endless."""
    seen = 0
    for parent, folders, files in os.walk(folder):
        token.check()
        for name in (*folders, *files):
            yield Path(parent, name)
        seen += len(folders) + len(files)
        if seen > _MOST_FILES:
            return
