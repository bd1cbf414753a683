"""Small pictures kept on disk, so that a folder seen before is shown at once."""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

import numpy as np
from PIL import Image

from sam2_annotator.errors import MediaError
from sam2_annotator.media.header import opened
from sam2_annotator.media.identity import fingerprint
from sam2_annotator.media.source import Pixels
from sam2_annotator.media.thumbnails import thumbnail
from sam2_annotator.values.frame import MediaRef

_QUALITY = 85
_CHECK_EVERY = 500  # writes between two looks at the size


class ThumbnailStore:
    """Small pictures by content of the file, in `folder`, at most about `limit` bytes; those not seen for longest go.

    May be used by any thread, one at a time. A folder that cannot be written to is no failure.
    """

    def __init__(self, folder: Path, *, limit: int, side: int) -> None:
        self._folder = folder
        self._limit = limit
        self._side = side
        self._until_check = 0

    def get(self, media: MediaRef) -> Pixels:
        """The small picture of an item, uint8 RGB, longer side at most `side`. Raises MediaError."""
        name = hashlib.sha256(f"{self._side} {fingerprint(media.path)}".encode()).hexdigest()
        path = self._folder / name[:2] / f"{name}.jpg"
        if path.exists():
            with suppress(MediaError), opened(path) as image:  # a damaged one is made again
                pixels = np.array(image.convert("RGB"))
                with suppress(OSError):
                    os.utime(path)
                return pixels
        pixels = thumbnail(media, self._side)
        with suppress(OSError):
            self._write(path, pixels)
        return pixels

    def _write(self, path: Path, pixels: Pixels) -> None:
        if self._until_check == 0:
            self._prune()
            self._until_check = _CHECK_EVERY
        self._until_check -= 1
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}")
        try:
            Image.fromarray(pixels).save(partial, "JPEG", quality=_QUALITY)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)

    def _prune(self) -> None:
        """Below the limit again, with a quarter of it free."""
        found = []
        for path in self._folder.glob("*/*"):
            with suppress(OSError):
                facts = path.stat()
                found.append((facts.st_mtime, facts.st_size, path))
        held = sum(size for _, size, _ in found)
        if held <= self._limit:
            return
        for _, size, path in sorted(found):
            if held <= self._limit * 3 // 4:
                return
            with suppress(OSError):
                path.unlink()
                held -= size
