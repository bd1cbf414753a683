"""Names of exported files: safe on every system, unique also where case does not count (FORMATS section 4)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath

from sam2_annotator.formats.model import Media

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[1-9]|lpt[1-9])(\..*)?", re.IGNORECASE)
_MAX_BYTES = 100


def natural_key(name: str) -> tuple[tuple[int, str], ...]:
    """Sort key with numbers by value: `a2` before `a10`; the name itself decides between equals."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return (*((int(part), "") if index % 2 else (-1, part) for index, part in enumerate(parts)), (-2, name))


def safe_name(name: str, number: int = 1) -> str:
    """A file or folder name made safe; from `number` 2 on it goes before the ending (`a_2.png`)."""
    name = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))
    path = PurePosixPath(_FORBIDDEN.sub("_", name))
    stem, ending = path.stem, path.suffix
    stem = re.sub(r"^ +| +$", lambda spaces: "_" * len(spaces[0]), stem)
    ending = ending.rstrip(" ")
    if not ending:
        stem = stem.rstrip(".")
    if _RESERVED.fullmatch(stem):
        stem = f"_{stem}"
    tail = (f"_{number}" if number > 1 else "") + _cut(ending, _MAX_BYTES // 2)
    return (_cut(stem, _MAX_BYTES - len(tail.encode())) or "_") + tail


def export_names(media: Iterable[Media]) -> dict[int, str]:
    """Safe and unique name of every picture and clip by its id, whatever order they come in."""
    taken: set[str] = set()
    names: dict[int, str] = {}
    for one in sorted(media, key=lambda one: (natural_key(one.name), one.id)):
        number = 1
        while (name := safe_name(one.name, number)).casefold() in taken:
            number += 1
        taken.add(name.casefold())
        names[one.id] = name
    return names


def frame_name(media: Media, folder: str, frame: int) -> str:
    """Relative path of a clip's frame: its own name in a folder of pictures, else its number."""
    return f"{folder}/{media.frame_names[frame]}" if media.frame_names else f"{folder}/{frame:06d}.jpg"


def _cut(text: str, size: int) -> str:
    return text.encode("utf-8")[:size].decode("utf-8", "ignore")
