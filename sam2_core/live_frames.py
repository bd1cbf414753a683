"""Frames that come one by one, from a camera or a decoder of one's own."""

import threading
from collections import deque

import numpy as np

from sam2_core.errors import EngineError, FrameUnreadable
from sam2_core.frames import Pixels

KEPT = 32  # twice as far as a tracker looks back


class LiveFrames:
    """A FrameSource that grows: `push` a frame, track it, push the next. The last `kept` frames can be read again.

    A tracker takes it for a clip of unlimited length. Frames may be pushed by any thread.
    """

    def __init__(self, size: tuple[int, int], kept: int = KEPT) -> None:
        if kept < 1:
            raise ValueError(f"at least one frame must be kept, not {kept}")
        self._size = size
        self._lock = threading.Lock()
        self._recent: deque[Pixels] = deque(maxlen=kept)
        self._count = 0

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of every frame in pixels."""
        return self._size

    def __len__(self) -> int:
        return self._count

    def push(self, pixels: Pixels) -> int:
        """Take the next frame, uint8 RGB (H, W, 3), which is copied; returns its number.

        Raises:
            EngineError: it is not like that.
        """
        if pixels.dtype != np.uint8 or pixels.shape != (*self._size, 3):
            wanted = f"uint8 of shape {(*self._size, 3)}"
            raise EngineError(f"frame {self._count} must be {wanted}, not {pixels.dtype} of shape {pixels.shape}")
        with self._lock:
            self._recent.append(pixels.copy())
            self._count += 1
            return self._count - 1

    def frame(self, index: int) -> Pixels:
        """A frame among the last ones.

        Raises:
            FrameUnreadable: it is gone, or has not come yet.
        """
        with self._lock:
            first = self._count - len(self._recent)
            if not first <= index < self._count:
                kept = f"the frames {first} to {self._count - 1} are kept" if self._count else "none has come yet"
                raise FrameUnreadable(index, f"frame {index} of the live source cannot be read; {kept}")
            return self._recent[index - first]
