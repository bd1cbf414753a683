"""Decoded frames kept within a limit of bytes."""

from __future__ import annotations

from collections import OrderedDict

from sam2_annotator.media.source import Pixels


class FrameCache:
    """Frames by number; the one not asked for longest goes first. Never holds more than `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._frames: OrderedDict[int, Pixels] = OrderedDict()
        self._bytes = 0

    @property
    def bytes(self) -> int:
        """Bytes held now."""
        return self._bytes

    def get(self, number: int) -> Pixels | None:
        """The frame, or None when it is not held."""
        frame = self._frames.get(number)
        if frame is not None:
            self._frames.move_to_end(number)
        return frame

    def put(self, number: int, frame: Pixels) -> None:
        """Hold a frame; one larger than the limit is not held."""
        held = self._frames.pop(number, None)
        self._bytes += frame.nbytes - (held.nbytes if held is not None else 0)
        self._frames[number] = frame
        while self._bytes > self.limit:
            self._bytes -= self._frames.popitem(last=False)[1].nbytes

    def clear(self) -> None:
        """Hold nothing."""
        self._frames.clear()
        self._bytes = 0
