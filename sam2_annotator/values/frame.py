"""What kinds of media there are, and how a message names one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from sam2_annotator.values.ids import ItemId


class MediaKind(Enum):
    """IMAGE: one picture. VIDEO: a video file. FRAMES: a folder of equal-sized pictures, or the
    pages of a TIFF file, played as a clip."""

    IMAGE = "image"
    VIDEO = "video"
    FRAMES = "frames"


@dataclass(frozen=True, slots=True)
class MediaRef:
    """Enough for any thread to open the media of an item by itself."""

    item: ItemId
    kind: MediaKind
    path: Path

    @property
    def is_clip(self) -> bool:
        """True when the item has a time line."""
        return self.kind is not MediaKind.IMAGE


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What reading the header of an item told. Sizes are upright; a picture has one frame and no rate."""

    width: int
    height: int
    frames: int
    fps: float | None
