"""From paths a person named to the items of a project, and the project such paths belong to."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sam2_annotator import media
from sam2_annotator.doc.commands import NewItem
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import AnnotatorError, MediaError
from sam2_annotator.media.folder import VIDEO_SUFFIXES
from sam2_annotator.media.header import picture_facts
from sam2_annotator.values.frame import MediaFacts, MediaKind, MediaRef
from sam2_annotator.values.ids import ItemId

PROJECT_SUFFIX = ".sam2proj"
_DIGEST_SIZE = 8
_MOST = 150  # items of one slice: what the window writes at once without being felt
UNREADABLE = MediaFacts(0, 0, 0, None)

Found = tuple[MediaKind, Path]


@dataclass(frozen=True, slots=True)
class Probed:
    """Items whose headers were read, those still to read, what is not quite whole, and why unreadable ones are so,
    in their order."""

    items: tuple[NewItem, ...]
    rest: tuple[Found, ...]
    warnings: tuple[str, ...] = ()
    failures: tuple[AnnotatorError, ...] = ()

    @property
    def failure(self) -> AnnotatorError | None:
        """Why the first unreadable one is so."""
        return self.failures[0] if self.failures else None


def default_project(paths: Sequence[Path], folder: Path) -> Path:
    """The project file in `folder` for media opened without one: the same paths always give the same file."""
    resolved = sorted(str(path.resolve()) for path in paths)
    joined = "\n".join(resolved).encode("utf-8", "surrogateescape")
    digest = hashlib.blake2b(joined, digest_size=_DIGEST_SIZE).hexdigest()
    return folder / f"{paths[0].resolve().stem or 'project'}-{digest}{PROJECT_SUFFIX}"


def project_title(path: Path) -> str:
    """The name of a project for people, without the digest that `default_project` puts into it."""
    name = path.name.removesuffix(PROJECT_SUFFIX)
    head, _, digest = name.rpartition("-")
    made_here = len(digest) == 2 * _DIGEST_SIZE and all(c in "0123456789abcdef" for c in digest)
    return head if head and made_here else name


def find_items(paths: Sequence[Path], *, as_clip: bool = False) -> tuple[Found, ...]:
    """Kind and path of every item in `paths`; a folder gives its pictures and videos, or one clip with `as_clip`.

    Raises MediaError when a path is nothing to open, or a folder has nothing to open.
    """
    found: list[Found] = []
    for path in paths:
        kind = media.classify(path)
        if kind != "folder":
            found.append((kind, path.resolve()))
        elif as_clip:
            media.list_pictures(path)
            found.append((MediaKind.FRAMES, path.resolve()))
        else:
            found.extend((kind_by_name(child), child) for child in media.list_media(path.resolve()))
    return tuple(dict.fromkeys(found))


def kind_by_name(path: Path) -> MediaKind:
    """What a file of a folder is taken for until it is read."""
    return MediaKind.VIDEO if path.suffix.lower() in VIDEO_SUFFIXES else MediaKind.IMAGE


def probe(found: Sequence[Found], token: CancelToken, *, seconds: float) -> Probed:
    """Read headers, the first one in any case, for about this long, of so many as can be written at once.

    An unreadable item has no size and no frames.
    """
    items: list[NewItem] = []
    warnings: list[str] = []
    failures: list[AnnotatorError] = []
    end = time.monotonic() + seconds
    for named, path in found:
        token.check()
        kind = named
        try:
            kind, facts, warning = _read_facts(kind, path)
        except MediaError as error:
            facts, warning = UNREADABLE, ""
            failures.append(error)
        warnings += [warning] if warning else []
        items.append(NewItem(kind, path, facts))
        if time.monotonic() > end or len(items) == _MOST:
            break
    return Probed(tuple(items), tuple(found[len(items) :]), tuple(warnings), tuple(failures))


def _read_facts(kind: MediaKind, path: Path) -> tuple[MediaKind, MediaFacts, str]:
    """What the header tells; a picture file with several pages is a clip."""
    if kind is MediaKind.IMAGE:
        facts = picture_facts(path)
        if facts.frames == 1:
            return kind, facts, ""
        kind = MediaKind.FRAMES
    source = media.open_source(MediaRef(ItemId(0), kind, path))
    try:
        return kind, source.facts, source.warning
    finally:
        source.close()
