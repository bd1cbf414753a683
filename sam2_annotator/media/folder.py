"""Folders: their pictures in natural order, and a folder of equal-sized pictures played as a clip."""

from __future__ import annotations

import os
import re
from pathlib import Path

from sam2_annotator.errors import MediaError
from sam2_annotator.media import tones
from sam2_annotator.media.cache import FrameCache
from sam2_annotator.media.header import opened, picture_facts
from sam2_annotator.media.image import page_values, read_picture
from sam2_annotator.media.source import Pixels, check_number
from sam2_annotator.values.frame import MediaFacts

PICTURE_SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".png", ".bmp", ".tif", ".tiff", ".webp", ".ppm", ".pgm", ".pbm", ".pnm"}
)
VIDEO_SUFFIXES = frozenset(
    {
        *(".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts"),
        *(".wmv", ".flv", ".ogv", ".3gp", ".y4m", ".gif"),
    }
)


class NoMediaError(MediaError):
    """A folder holds nothing to open."""


def list_pictures(folder: Path) -> tuple[Path, ...]:
    """The picture files of a folder, `a2` before `a10`; hidden ones and subfolders are left out.

    Raises MediaError when the folder cannot be read or has none.
    """
    pictures = _list(folder, PICTURE_SUFFIXES)
    if not pictures:
        raise NoMediaError(f"The folder {folder.name} holds no pictures.", hint="Open a folder with JPEG or PNG files.")
    return pictures


def list_media(folder: Path) -> tuple[Path, ...]:
    """The picture and video files of a folder, ordered as in `list_pictures`.

    Raises MediaError when the folder cannot be read or has none.
    """
    files = _list(folder, PICTURE_SUFFIXES | VIDEO_SUFFIXES)
    if not files:
        raise NoMediaError(
            f"The folder {folder.name} holds no pictures or videos.",
            hint="Open a folder with files such as JPEG, PNG or MP4.",
        )
    return files


def _list(folder: Path, suffixes: frozenset[str]) -> tuple[Path, ...]:
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if _has_suffix(entry.name, suffixes) and entry.is_file()]
    except OSError as error:
        raise MediaError(
            f"The folder {folder.name} cannot be read.", hint="Is it still there?", details=str(error)
        ) from error
    return tuple(folder / name for name in sorted(names, key=natural_key))


def natural_key(name: str) -> tuple[list[tuple[int, int | str]], str]:
    """Sorts digits by their value and letters without regard to case."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name.casefold())
    return [(0, int(part)) if part[0] in "0123456789" else (1, part) for part in parts], name


def _has_suffix(name: str, suffixes: frozenset[str]) -> bool:
    return not name.startswith(".") and os.path.splitext(name)[1].lower() in suffixes


class FolderSource:
    """A folder of pictures of one size as a clip without a rate. Sizes are checked when it is opened."""

    warning = ""

    def __init__(self, folder: Path, *, cache_bytes: int) -> None:
        self._files = list_pictures(folder)
        first = picture_facts(self._files[0])
        for path in self._files[1:]:
            _check_size(path, picture_facts(path), first)
        self.facts = MediaFacts(width=first.width, height=first.height, frames=len(self._files), fps=None)
        self._cache = FrameCache(cache_bytes)
        self._levels: tones.Levels | None = None
        self._levels_known = False

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of every frame."""
        return self.facts.height, self.facts.width

    def __len__(self) -> int:
        return len(self._files)

    def frame(self, number: int) -> Pixels:
        """The picture in place `number`. Raises MediaError naming it when it cannot be read."""
        check_number(number, len(self))
        pixels = self._cache.get(number)
        if pixels is None:
            path = self._files[number]
            pixels = read_picture(path, between=self._shared_levels())
            _check_size(path, MediaFacts(pixels.shape[1], pixels.shape[0], 1, None), self.facts)
            self._cache.put(number, pixels)
        return pixels

    def time(self, number: int) -> float | None:
        """Pictures in a folder have no times."""
        check_number(number, len(self))
        return None

    def close(self) -> None:
        """Let go of the decoded frames."""
        self._cache.clear()

    def _shared_levels(self) -> tones.Levels | None:
        """One stretch for all deep pictures, so that none flickers; None when there are none."""
        if not self._levels_known:
            deep = [_values(self._files[place]) for place in tones.spread(len(self))]
            known = [values for values in deep if values is not None]
            self._levels = tones.levels(known) if known else None
            self._levels_known = True
        return self._levels


def _values(path: Path) -> tones.Deep | None:
    with opened(path) as image:
        return page_values(image, path, 0)


def _check_size(path: Path, found: MediaFacts, expected: MediaFacts) -> None:
    if (found.width, found.height) != (expected.width, expected.height):
        raise MediaError(
            f"{path.name} is {found.width} x {found.height}, the first picture of its folder is "
            f"{expected.width} x {expected.height}.",
            hint="Frames of a clip have one size; open the folder as single pictures instead.",
        )
