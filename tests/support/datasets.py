"""Small data sets for tests of the formats."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from sam2_annotator.formats.model import Category, Media, MemoryDataset, Shape, Track
from sam2_annotator.masks import rle
from sam2_annotator.values.mask import Mask

REVISED = datetime(2026, 1, 1, tzinfo=UTC)
CATEGORIES = (Category(1, "ring"), Category(2, "dot"))
CLIP = Media(1, "video", "v1", Path("/nowhere/v1.mp4"), 8, 6, frames=3, fps=25.0)
PICTURE = Media(1, "image", "000000.png", Path("/nowhere/000000.png"), 8, 6)


def ring(x: int) -> Mask:
    """A 3 x 3 ring with a hole in a frame of 8 x 6, its corner at (x, 1)."""
    array = np.zeros((6, 8), dtype=bool)
    array[1:4, x : x + 3] = True
    array[2, x + 1] = False
    return rle.encode(array)


def dot(x: int, y: int) -> Mask:
    """A single pixel in a frame of 8 x 6."""
    array = np.zeros((6, 8), dtype=bool)
    array[y, x] = True
    return rle.encode(array)


def tiny_clip() -> MemoryDataset:
    """Three frames: ring and dot, dot alone (the ring is absent), ring and dot."""
    shapes = [
        Shape(1, 0, ring(1)),
        Shape(2, 0, dot(6, 4)),
        Shape(1, 1, None),
        Shape(2, 1, dot(7, 5)),
        Shape(1, 2, ring(2)),
        Shape(2, 2, dot(6, 4)),
    ]
    return MemoryDataset(categories=CATEGORIES, media=[CLIP], tracks=tracks(), shapes=shapes, revised=REVISED)


def tiny_picture() -> MemoryDataset:
    """One picture with ring and dot."""
    shapes = [Shape(1, 0, ring(1), score=0.97), Shape(2, 0, dot(6, 4))]
    return MemoryDataset(categories=CATEGORIES, media=[PICTURE], tracks=tracks(), shapes=shapes, revised=REVISED)


def tracks() -> list[Track]:
    """The ring and the dot."""
    return [Track(1, 1, 1), Track(2, 1, 2)]


def clip_of(arrays: Iterable[np.ndarray]) -> MemoryDataset:
    """A clip whose frame k shows the object k + 1 with the pixels of array k; all arrays of one size."""
    masks = [rle.encode(array) for array in arrays]
    height, width = (masks[0].height, masks[0].width) if masks else (1, 1)
    media = Media(1, "video", "clip", Path("/nowhere/clip.mp4"), width, height, frames=max(1, len(masks)), fps=None)
    return MemoryDataset(
        categories=[Category(1, "thing")],
        media=[media],
        tracks=[Track(number, 1, 1) for number in range(1, len(masks) + 1)],
        shapes=[Shape(frame + 1, frame, mask) for frame, mask in enumerate(masks)],
        revised=REVISED,
    )


def named(*names: str, kind: str = "image") -> MemoryDataset:
    """Media without objects, called so."""
    media = [
        Media(number, "image" if kind == "image" else "video", name, Path("/nowhere") / f"{number}", 8, 6)
        for number, name in enumerate(names, start=1)
    ]
    return MemoryDataset(categories=[], media=media, tracks=[], shapes=[], revised=REVISED)


class Recorder:
    """A Progress that keeps what it is told and asks for the end after so many calls."""

    def __init__(self, stop_after: int | None = None, error: Exception | None = None) -> None:
        self.steps: list[tuple[int, int, str]] = []
        self._stop_after = stop_after
        self._error = error

    def step(self, done: int, total: int, text: str) -> None:
        """Remember."""
        self.steps.append((done, total, text))

    def check(self) -> None:
        """Raise the error once it is time."""
        if self._error is not None and self._stop_after is not None and len(self.steps) >= self._stop_after:
            raise self._error
