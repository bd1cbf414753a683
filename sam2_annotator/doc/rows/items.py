"""Rows of pictures and clips, and what a person said about their frames."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import ClassVar, Self

from sam2_annotator.doc.rows.base import LoadMask, Row, Value, number_or_none, text, text_or_none, whole
from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import FrameIndex, ItemId


def path_text(path: PurePath) -> str:
    """A path as ASCII text; a JSON string, because names that are not UTF-8 must survive."""
    return json.dumps(str(path))


def inside(path: PurePosixPath) -> PurePosixPath:
    """The path itself. Raises ValueError when it leads out of the project's folder, on this system or another."""
    if path == PurePosixPath(".") or path.is_absolute() or ".." in path.parts or PureWindowsPath(str(path)).drive:
        raise ValueError(f"{str(path)!r:.80} does not lie beside the project")
    return path


@dataclass(frozen=True, slots=True)
class ItemRow(Row):
    """A picture or a clip. Sizes are upright; a picture has one frame and no rate.

    `beside` is the path relative to the project's folder where the media lie in or below it, so that both can move
    together; `fingerprint` tells whether a file is still the same one (media/identity.py).
    """

    id: ItemId
    kind: MediaKind
    path: Path
    width: int
    height: int
    frames: int
    fps: float | None
    beside: PurePosixPath | None = None
    fingerprint: str | None = None

    TABLE: ClassVar[str] = "item"
    COLUMNS: ClassVar[tuple[str, ...]] = (
        "id",
        "kind",
        "path",
        "width",
        "height",
        "frames",
        "fps",
        "beside",
        "fingerprint",
    )
    UNIQUE: ClassVar[str | None] = "path"

    @property
    def ref(self) -> MediaRef:
        """What a message names this item by."""
        return MediaRef(self.id, self.kind, self.path)

    def values(self) -> tuple[Value, ...]:
        """Column values, see Row."""
        beside = None if self.beside is None else path_text(self.beside)
        sizes = (self.width, self.height, self.frames, self.fps)
        return (self.id, self.kind.value, path_text(self.path), *sizes, beside, self.fingerprint)

    @classmethod
    def from_values(cls, values: Sequence[Value], load_mask: LoadMask) -> Self:
        """The row of column values, see Row."""
        number, kind, path, width, height, frames, fps, beside, fingerprint = values
        return cls(
            ItemId(whole(number)),
            MediaKind(kind),
            Path(json.loads(text(path))),
            whole(width),
            whole(height),
            whole(frames),
            number_or_none(fps),
            None if beside is None else inside(PurePosixPath(json.loads(text(beside)))),
            text_or_none(fingerprint),
        )


@dataclass(frozen=True, slots=True)
class ReviewRow(Row):
    """What a person said about a whole frame (0 in a picture); there is a row only where something was said.

    `flag` is why the frame wants another look, "" for no reason given, None when it is not flagged.
    """

    item: ItemId
    frame: FrameIndex
    confirmed: bool
    flag: str | None

    TABLE: ClassVar[str] = "review"
    KEY: ClassVar[tuple[str, ...]] = ("item", "frame")
    COLUMNS: ClassVar[tuple[str, ...]] = ("item", "frame", "confirmed", "flag")
    PARENTS: ClassVar[dict[str, str]] = {"item": "item"}

    def values(self) -> tuple[Value, ...]:
        """Column values, see Row."""
        return (self.item, self.frame, int(self.confirmed), self.flag)

    @classmethod
    def from_values(cls, values: Sequence[Value], load_mask: LoadMask) -> Self:
        """The row of column values, see Row."""
        item, frame, confirmed, flag = values
        return cls(ItemId(whole(item)), FrameIndex(whole(frame)), bool(confirmed), text_or_none(flag))
