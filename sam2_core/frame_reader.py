"""Frames of a clip as a model takes them in, read ahead by a thread while the model computes."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
from PIL import Image

from sam2_core.errors import FrameUnreadable
from sam2_core.frames import FrameSource, Pixels

READ_AHEAD = 4  # pictures that wait at most


def shrink(pixels: Pixels, side: int) -> Pixels:
    """uint8 (H, W, 3) -> (side, side, 3), with Pillow's bicubic filter as published; aspect not kept."""
    return np.array(Image.fromarray(np.ascontiguousarray(pixels)).resize((side, side)))


class FrameReader:
    """Pictures of a FrameSource, shrunk unless a device does it. Used by one thread at a time, and so is the source.

    The thread is there while there is something to read, and at most `depth` pictures wait. What goes wrong on a frame
    is raised when that frame is asked for, and tried again when it is asked for again.
    """

    def __init__(self, source: FrameSource, depth: int = READ_AHEAD, *, shrinks: bool = True) -> None:
        self._source = source
        self._shrinks = shrinks
        self._depth = depth
        self._reading = threading.Lock()
        self._thread: ThreadPoolExecutor | None = None
        self._coming: dict[tuple[int, int], Future[Pixels]] = {}

    def picture(self, frame: int, side: int) -> Pixels:
        """Frame as uint8 (side, side, 3), or of the clip's size where the reader does not shrink.

        Raises:
            FrameUnreadable: the source cannot give it, or gives it in another size than the clip's.
        """
        coming = self._coming.pop((frame, side), None)
        return self._read(frame, side) if coming is None else coming.result()

    def ready(self, frame: int, side: int) -> bool:
        """Whether `picture` would give the frame at once."""
        coming = self._coming.get((frame, side))
        return coming is not None and coming.done() and not coming.cancelled() and coming.exception() is None

    def expect(self, frames: Sequence[int], side: int) -> None:
        """Read these frames next, in this order, as far as there is room; what else was expected is given up."""
        wanted = [(frame, side) for frame in frames[: self._depth]]
        for key in self._coming.keys() - set(wanted):
            self._coming.pop(key).cancel()
        for key in wanted:
            if key not in self._coming:
                self._thread = self._thread or ThreadPoolExecutor(1, thread_name_prefix="frames")
                self._coming[key] = self._thread.submit(self._read, *key)

    def stop(self) -> None:
        """Give up what is expected and end the thread; the reader can be used again."""
        self._coming.clear()
        if self._thread is not None:
            self._thread.shutdown(wait=True, cancel_futures=True)
            self._thread = None

    def _read(self, frame: int, side: int) -> Pixels:
        try:
            with self._reading:
                pixels = self._source.frame(frame)
        except OSError as error:  # EngineErrors and an application's own errors name the frame already
            raise FrameUnreadable(frame, f"frame {frame} cannot be read: {error}") from error
        if pixels.dtype != np.uint8 or pixels.shape != (*self._source.size, 3):
            wanted, found = "{} x {}".format(*self._source.size[::-1]), f"{pixels.dtype} of shape {pixels.shape}"
            raise FrameUnreadable(frame, f"frame {frame} is {found}; the frames of this clip are uint8 RGB of {wanted}")
        return shrink(pixels, side) if self._shrinks else np.ascontiguousarray(pixels)
