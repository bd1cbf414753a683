"""Where frames come from: folders, lists of pictures, arrays and video files, decoded when they are asked for.

Frame numbers count from 0 in display order. Pictures are uint8 RGB of shape (H, W, 3); EXIF orientation is not applied.
"""

import io
import mmap
import re
import threading
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol, cast, runtime_checkable

import av
import numpy as np
import numpy.typing as npt
import torch
from PIL import Image

from sam2_core.caches import ByteLRU
from sam2_core.errors import EngineError, FrameUnreadable
from sam2_core.ops import upload

Pixels = npt.NDArray[np.uint8]

DECODED_BYTES = 128 * 2**20  # 16 frames of 1080p need 95 MiB
_LARGE = 2**20
PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff"})
JPEG_SUFFIXES = frozenset({".jpg", ".jpeg"})


@runtime_checkable
class FrameSource(Protocol):
    """A clip: number of frames, one size (height, width) for all, and random access to pictures.

    A session asks for one frame at a time, but not always in the same thread: it reads ahead.
    """

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of every frame in pixels."""
        ...

    def __len__(self) -> int: ...

    def frame(self, index: int) -> Pixels:
        """Frame `index` as uint8 RGB (H, W, 3); the caller does not write to it."""
        ...


Video = str | Path | bytes | Pixels | Sequence[str | Path] | FrameSource


def open_frames(video: object) -> FrameSource:
    """A frame source for a folder of pictures, a list of picture files, a uint8 array (T, H, W, 3), a video file
    (path or its bytes) or an object that already is one.

    A folder with JPEG files named by whole numbers is read in the order of the numbers and nothing else of it is; any
    other folder gives all its pictures in natural order (`a2` before `a10`).

    Raises:
        NotImplementedError: `video` is of another type.
        EngineError: nothing readable is there.
    """
    if isinstance(video, bytes):
        return ContainerFrames(io.BytesIO(video), "the given bytes")
    if isinstance(video, np.ndarray):
        return ArrayFrames(video)
    if isinstance(video, str | Path):
        path = Path(video)
        if path.is_dir():
            return PictureFrames(_pictures_in(path))
        if not path.is_file():
            raise EngineError(f"there is no file or folder {str(path)!r}")
        return ContainerFrames(path, repr(path.name))
    if isinstance(video, FrameSource):
        return video
    if isinstance(video, Sequence) and all(isinstance(p, str | Path) for p in video):
        return PictureFrames([Path(p) for p in video])
    raise NotImplementedError(f"cannot read frames from {type(video).__name__}")


def model_input(picture: Pixels, side: int, device: torch.device) -> torch.Tensor:
    """uint8 (H, W, 3) -> float32 (1, 3, side, side) on a device, which shrinks the frame if nobody did."""
    x = upload.uploaded(picture, device).permute(2, 0, 1)[None]
    if x.shape[-2:] != (side, side):
        x = upload.shrunk(x, side)
    return upload.normalised(x / 255.0)


class ArrayFrames:
    """Frames of a uint8 array (T, H, W, 3)."""

    def __init__(self, frames: npt.NDArray[np.generic]) -> None:
        if frames.ndim != 4 or frames.shape[-1] != 3 or frames.dtype != np.uint8:
            raise EngineError(f"frames must be uint8 of shape (T, H, W, 3), not {frames.dtype} {frames.shape}")
        if not len(frames):
            raise EngineError("the clip has no frames")
        self._frames = cast(Pixels, frames)

    @property
    def size(self) -> tuple[int, int]:
        """(height, width)."""
        return self._frames.shape[1], self._frames.shape[2]

    def __len__(self) -> int:
        return len(self._frames)

    def frame(self, index: int) -> Pixels:
        """A view of the array."""
        pixels: Pixels = self._frames[_checked(index, len(self))]
        return pixels


class PictureFrames:
    """Frames from picture files, all of the size of the first."""

    def __init__(self, paths: Sequence[Path], limit: int = DECODED_BYTES) -> None:
        if not paths:
            raise EngineError("no pictures found to make a clip of")
        self._paths = list(paths)
        self._lock = threading.Lock()
        self._decoded: ByteLRU[int, Pixels] = ByteLRU(limit, _size_of)
        self._size = (0, 0)
        height, width, _ = self._read(0).shape
        self._size = height, width

    @property
    def size(self) -> tuple[int, int]:
        """(height, width)."""
        return self._size

    def __len__(self) -> int:
        return len(self._paths)

    def frame(self, index: int) -> Pixels:
        """Picture `index`.

        Raises:
            FrameUnreadable: the file is gone, cannot be read or has another size than the first.
        """
        with self._lock:
            pixels = self._decoded.get(_checked(index, len(self)))
            if pixels is None:
                pixels = _own_pages(self._read(index))
                self._decoded.put(index, pixels)
            return pixels

    def _read(self, index: int) -> Pixels:
        path = self._paths[index]
        try:
            with Image.open(path) as picture:
                pixels = np.array(picture.convert("RGB"))
        except FileNotFoundError as error:
            raise FrameUnreadable(index, f"frame {index} cannot be read: the file {str(path)!r} is gone") from error
        except (OSError, ValueError, Image.DecompressionBombError) as error:
            raise FrameUnreadable(index, f"frame {index} cannot be read from {str(path)!r}: {error}") from error
        (height, width), (high, wide) = self._size, pixels.shape[:2]
        if self._size not in ((0, 0), (high, wide)):
            raise FrameUnreadable(
                index,
                f"frame {index} ({path.name!r}) is {wide} x {high}; its clip has another size, {width} x {height}",
            )
        return pixels


class ContainerFrames:
    """Frames of a video file, frame-exact for sequential and random access.

    The packets' time stamps, sorted, are the index. To reach a frame the decoder runs on if it is near, else from the
    last key frame before it; frames decoded on the way are kept, so stepping backwards costs little.
    """

    def __init__(self, file: Path | io.BytesIO, name: str, limit: int = DECODED_BYTES) -> None:
        self._file = file
        self._name = name
        self._lock = threading.RLock()
        self._decoded: ByteLRU[int, Pixels] = ByteLRU(limit, _size_of)
        self._open()
        self._times, self._keys = self._index()
        self._numbers = {time: i for i, time in enumerate(self._times)}
        if not self._times:
            raise EngineError(f"{name} has no frames")
        self._running: Iterator[tuple[int, Pixels]] | None = None
        self._next = 0
        first = self.frame(0)
        self._size = first.shape[0], first.shape[1]

    @property
    def size(self) -> tuple[int, int]:
        """(height, width), upright."""
        return self._size

    def __len__(self) -> int:
        return len(self._times)

    def frame(self, index: int) -> Pixels:
        """Frame `index`.

        Raises:
            FrameUnreadable: the file is damaged there, or gone.
        """
        with self._lock:
            pixels = self._decoded.get(_checked(index, len(self)))
            return self._reached(index) if pixels is None else pixels

    def _reached(self, index: int) -> Pixels:
        start = bisect_right(self._keys, index) - 1
        if self._running is not None and self._keys[start] <= self._next <= index and self._decode_to(index):
            return self._taken(index)
        # A seek may land behind the key frame wanted (containers seek by decoding time): then start one earlier.
        for key in [self._keys[k] for k in range(start, max(start - 3, 0), -1)] + [0]:
            try:
                self._start_at(key)
            except EngineError as error:
                raise FrameUnreadable(index, f"frame {index} cannot be read: {error}") from error
            if self._decode_to(index):
                return self._taken(index)
        raise FrameUnreadable(index, f"frame {index} of {self._name} cannot be decoded; the file is damaged there")

    def _open(self) -> None:
        if isinstance(self._file, io.BytesIO):
            self._file.seek(0)
        try:
            self._container = av.open(str(self._file) if isinstance(self._file, Path) else self._file, mode="r")
        except (av.FFmpegError, OSError) as error:
            raise EngineError(f"cannot read {self._name} as a video: {error}") from error
        if not self._container.streams.video:
            raise EngineError(f"{self._name} has no video in it")
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "AUTO"

    def _index(self) -> tuple[list[int], list[int]]:
        """Time stamps in display order, and the numbers of the frames the decoder can start at (0 is always one)."""
        stamps: dict[int, bool] = {}
        try:
            for packet in self._container.demux(self._stream):
                stamp = packet.pts if packet.pts is not None else packet.dts
                if packet.size and stamp is not None and not packet.is_discard:
                    stamps[stamp] = packet.is_keyframe
        except av.FFmpegError:
            pass  # a truncated file: what was read so far is the clip
        times = sorted(stamps)
        return times, sorted({0} | {i for i, time in enumerate(times) if stamps[time]})

    def _start_at(self, key: int) -> None:
        if key == 0:  # not every container can be sought back to its very start
            self._container.close()
            self._open()
        else:
            self._container.seek(self._times[key], stream=self._stream, backward=True)
        self._running = self._decode()
        self._next = key

    def _decode(self) -> Iterator[tuple[int, Pixels]]:
        """(number, pixels) of the frames that follow the last seek."""
        try:
            for frame in self._container.decode(self._stream):
                stamp = frame.pts if frame.pts is not None else frame.dts
                number = self._numbers.get(stamp) if stamp is not None else None
                if number is not None:
                    pixels = cast(Pixels, frame.to_ndarray(format="rgb24"))
                    yield number, np.rot90(pixels, frame.rotation // 90) if frame.rotation else pixels
        except av.FFmpegError:
            return

    def _decode_to(self, index: int) -> bool:
        """Run the decoder until frame `index` is kept; False if it passes it or ends."""
        assert self._running is not None
        for number, pixels in self._running:
            self._decoded.put(number, _own_pages(pixels))
            self._next = number + 1
            if number >= index:
                return number == index
        self._running = None
        return False

    def _taken(self, index: int) -> Pixels:
        pixels = self._decoded.get(index)
        assert pixels is not None
        return pixels


def _pictures_in(folder: Path) -> list[Path]:
    files = [p for p in folder.iterdir() if p.suffix.lower() in PICTURE_SUFFIXES and not p.name.startswith(".")]
    jpegs = [p for p in files if p.suffix.lower() in JPEG_SUFFIXES]
    if jpegs and all(p.stem.isdecimal() for p in jpegs):
        return sorted(jpegs, key=lambda p: int(p.stem))
    if not files:
        raise EngineError(f"the folder {folder.name!r} holds no pictures")
    return sorted(files, key=lambda p: _natural(p.name))


def _natural(name: str) -> list[tuple[int, int, str]]:
    parts = re.split(r"([0-9]+)", name.casefold())
    return [(1, int(p), "") if p.isdecimal() else (0, 0, p) for p in parts]


def _checked(index: int, count: int) -> int:
    if not 0 <= index < count:
        raise EngineError(f"there is no frame {index}; the clip has frames 0 to {count - 1}")
    return index


def _own_pages(pixels: Pixels) -> Pixels:
    """A copy that goes back to the system when it is dropped: an allocator keeps holes between large blocks, which cost
    up to half as much again.
    """
    if pixels.nbytes < _LARGE:
        return pixels
    copy = np.frombuffer(mmap.mmap(-1, pixels.nbytes), np.uint8).reshape(pixels.shape)
    copy[:] = pixels
    return copy


def _size_of(pixels: Pixels) -> int:
    return int(pixels.nbytes)
