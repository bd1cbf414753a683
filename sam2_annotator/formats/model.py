"""What every format converts to and from: a data set as a stream of small values. No Qt, no torch, no project.

Ids start at 1. A still picture's object is a track with the single frame 0. Where an object has no Shape on a
frame nothing is known; a Shape without a mask says that the object is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

from sam2_annotator.values.mask import Mask

AttributeValue = str | int | float | bool
MediaType = Literal["image", "video"]


@dataclass(frozen=True, slots=True)
class Category:
    """A class of objects."""

    id: int
    name: str
    supercategory: str = ""


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or a clip of `width` x `height`, upright.

    `name` is what exports call it: a picture's file name, a video's without its ending, a folder's name.
    `frame_names` are the file names of a folder's pictures, empty where frames are to be numbered. `split` is
    the part of the data set ("train" when None).
    """

    id: int
    kind: MediaType
    name: str
    path: Path
    width: int
    height: int
    frames: int = 1
    fps: float | None = None
    split: str | None = None
    frame_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Track:
    """One object of one picture or clip; ids are unique in the whole data set."""

    id: int
    media_id: int
    category_id: int


@dataclass(frozen=True, slots=True)
class Shape:
    """An object on a frame. `mask` None means absent; an empty mask means the same."""

    track_id: int
    frame: int
    mask: Mask | None
    score: float | None = None
    crowd: bool = False
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Totals:
    """How much there is to write, for progress and for the disk-space check; `mask_bytes` are stored run lengths."""

    media: int
    frames: int
    shapes: int
    mask_bytes: int


class DatasetView(Protocol):
    """A data set to read from, any number of times, always with the same answers.

    `revised` is when it was last changed: exports carry this time and never the present one.
    """

    @property
    def revised(self) -> datetime:
        """Time of the last change (UTC)."""

    def totals(self) -> Totals:
        """How much there is."""

    def categories(self) -> Sequence[Category]:
        """All categories by id, used or not."""

    def media(self) -> Sequence[Media]:
        """All media by id."""

    def tracks(self, media: Media) -> Sequence[Track]:
        """Objects of a picture or clip by id."""

    def frames(self, media: Media) -> Sequence[int]:
        """Frames something is known of, ascending."""

    def shapes(self, media: Media, frame: int) -> Sequence[Shape]:
        """What is known of a frame, by track id."""


class MemoryDataset:
    """A DatasetView over values in memory; without `revised` the newest media file gives the time."""

    def __init__(
        self,
        *,
        categories: Iterable[Category],
        media: Iterable[Media],
        tracks: Iterable[Track],
        shapes: Iterable[Shape],
        revised: datetime | None = None,
    ) -> None:
        self._categories = sorted(categories, key=lambda category: category.id)
        self._media = sorted(media, key=lambda one: one.id)
        self._tracks = {track.id: track for track in sorted(tracks, key=lambda track: track.id)}
        self._shapes: dict[int, dict[int, list[Shape]]] = {one.id: {} for one in self._media}
        for shape in sorted(shapes, key=lambda shape: shape.track_id):
            frames = self._shapes[self._tracks[shape.track_id].media_id]
            frames.setdefault(shape.frame, []).append(shape)
        self._revised = revised or _newest([one.path for one in self._media])

    @property
    def revised(self) -> datetime:
        """Time of the last change (UTC)."""
        return self._revised

    def totals(self) -> Totals:
        """How much there is."""
        shapes = [shape for frames in self._shapes.values() for found in frames.values() for shape in found]
        size = sum(len(shape.mask.counts) for shape in shapes if shape.mask is not None)
        return Totals(len(self._media), sum(map(len, self._shapes.values())), len(shapes), size)

    def categories(self) -> Sequence[Category]:
        """All categories by id."""
        return self._categories

    def media(self) -> Sequence[Media]:
        """All media by id."""
        return self._media

    def tracks(self, media: Media) -> Sequence[Track]:
        """Objects of a picture or clip by id."""
        return [track for track in self._tracks.values() if track.media_id == media.id]

    def frames(self, media: Media) -> Sequence[int]:
        """Frames with at least one shape."""
        return sorted(self._shapes[media.id])

    def shapes(self, media: Media, frame: int) -> Sequence[Shape]:
        """Shapes of a frame by track id."""
        return self._shapes[media.id].get(frame, [])


def _newest(paths: Sequence[Path]) -> datetime:
    seconds = max((int(path.stat().st_mtime) for path in paths if path.exists()), default=0)
    return datetime.fromtimestamp(seconds, UTC)
