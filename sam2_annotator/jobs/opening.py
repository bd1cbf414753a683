"""From paths to an open project; disks may be slow, so the window asks for it in its pool."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sam2_annotator.doc.copies import Progress
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.remote import WorkingCopies
from sam2_annotator.errors import DocError
from sam2_annotator.jobs.open_paths import Found, default_project, find_items
from sam2_annotator.media.folder import NoMediaError


@dataclass(frozen=True, slots=True)
class Listed:
    """What lies at the paths that were named, these as the disk knows them, and the project that belongs to them."""

    found: tuple[Found, ...]
    paths: tuple[Path, ...]
    project: Path


@dataclass(frozen=True, slots=True)
class OpenNow:
    """The project that was to be opened is the open one, called otherwise."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A project that was not opened, and why."""

    path: Path
    error: DocError


def list_paths(paths: tuple[Path, ...], *, as_clip: bool, projects: Path) -> Listed | NoMediaError:
    """Find the items of paths, and their project in the folder `projects`. Raises MediaError, but for a single folder
    without media, which is an answer."""
    try:
        found = find_items(paths, as_clip=as_clip)
        return Listed(found, tuple(path.resolve() for path in paths), default_project(paths, projects))
    except NoMediaError as error:
        if len(paths) > 1:
            raise
        return error


def open_first(
    copies: WorkingCopies, places: tuple[Path, ...], *, create: bool, open_now: Path | None, progress: Progress
) -> Project | OpenNow | Refused:
    """Open the first project that is there, else make the first one with `create`. Raises what `progress` raises."""
    path = next(filter(copies.is_there, places), places[0])
    if open_now is not None and open_now.resolve() == path.resolve():
        return OpenNow()
    try:
        if create:
            path.parent.mkdir(parents=True, exist_ok=True)
        return copies.open(path, create=create, progress=progress)
    except DocError as error:
        return Refused(path, error)
    except OSError as error:
        raise DocError(
            f"The folder {path.parent} cannot be made.", hint="Check its rights.", details=str(error)
        ) from error
