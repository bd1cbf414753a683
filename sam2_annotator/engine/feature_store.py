"""Image features kept on disk, so that a folder opened again answers the first click at once.

One file a picture, named by all its content depends on: the model, how pictures are prepared, the picture itself. A
file is a cache and nothing more: one that is missing, damaged or meant to harm is as if it were not there.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import blake2b
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load, save

from sam2_annotator import log
from sam2_annotator.errors import MediaError
from sam2_annotator.media.identity import fingerprint
from sam2_annotator.values.frame import MediaRef

Features = dict[str, npt.NDArray[np.float16]]
Shapes = Mapping[str, tuple[int, ...]]

_PREPARATION = "stills 2"  # changes with what is done to a picture before the model sees it, and with how it is kept
_SUFFIX = ".safetensors"
_HEADER_BYTES = 1 << 16
_WAITING = 2
_log = log.get("engine")


class FeatureStore:
    """Files of one project in `folder`, made with the model of this digest. Reading happens in the caller's thread,
    writing behind it. The folders beside `folder` hold at most `limit` bytes together; the longest unused go first.
    """

    def __init__(self, folder: Path, limit: int, model: str) -> None:
        self._folder = folder
        self._limit = limit
        self._model = model
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="features")
        self._waiting = 0
        self._broken = False

    def load(self, media: MediaRef, size: tuple[int, int], shapes: Shapes) -> Features | None:
        """The features of a picture of `size` (height, width), arrays of these shapes; None when they are not here."""
        path = self._path(media, size)
        if path is None:
            return None
        expected = 2 * sum(int(np.prod(shape)) for shape in shapes.values())
        try:
            if not expected <= path.stat().st_size <= expected + _HEADER_BYTES:
                return None
            found = load(path.read_bytes())
            os.utime(path)
        except (OSError, SafetensorError, ValueError, KeyError) as error:
            if not isinstance(error, FileNotFoundError):
                _log.info("features not read", file=path.name, cause=repr(error))
            return None
        if {name: (a.shape, a.dtype) for name, a in found.items()} != {
            name: (shape, np.dtype(np.float16)) for name, shape in shapes.items()
        }:
            return None
        return found

    def save(self, media: MediaRef, size: tuple[int, int], features: Features) -> None:
        """Write features behind; left out while the disk does not keep up or cannot be written."""
        path = self._path(media, size)
        if path is None or self._broken or self._waiting >= _WAITING:
            return
        self._waiting += 1
        self._writer.submit(self._write, path, features)

    def close(self) -> None:
        """Write what is waiting and stop."""
        self._writer.shutdown()

    def _path(self, media: MediaRef, size: tuple[int, int]) -> Path | None:
        try:
            picture = fingerprint(media.path)
        except MediaError:
            return None
        text = f"{self._model}|{_PREPARATION}|{picture}|{size[0]}x{size[1]}"
        return self._folder / (blake2b(text.encode(), digest_size=16).hexdigest() + _SUFFIX)

    def _write(self, path: Path, features: Features) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as file:
                temporary = Path(file.name)
                try:
                    # save writes memory as it lies, whatever the strides say
                    file.write(save({name: np.ascontiguousarray(array) for name, array in features.items()}))
                    file.close()
                    temporary.replace(path)
                finally:
                    temporary.unlink(missing_ok=True)
            self._make_room()
        except OSError as error:
            self._broken = True
            _log.info("features not kept", folder=self._folder, cause=repr(error))
        finally:
            self._waiting -= 1

    def _make_room(self) -> None:
        files = [(path.stat(), path) for path in self._folder.parent.glob(f"*/*{_SUFFIX}")]
        size = sum(stat.st_size for stat, _ in files)
        for stat, path in sorted(files, key=lambda entry: entry[0].st_mtime):
            if size <= self._limit:
                break
            path.unlink(missing_ok=True)
            size -= stat.st_size
