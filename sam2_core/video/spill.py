"""Results of frames far from the cursor, on disk: a clip's length costs almost no memory."""

import contextlib
import logging
import tempfile
import weakref
from collections import defaultdict
from dataclasses import dataclass
from typing import IO

_BLOCK = 4096


class Spill:
    """A temporary file for bytes that are seldom read. It is made with the first bytes and goes with its owner.

    Where the disk refuses, the bytes stay in memory and work goes on.
    """

    def __init__(self) -> None:
        self._file: IO[bytes] | None = None
        self._open = contextlib.ExitStack()
        weakref.finalize(self, self._open.close)
        self._end = 0
        self._free: dict[int, list[int]] = defaultdict(list)  # places by their room
        self._refused = False

    def put(self, content: bytes) -> "Spilled":
        """Keep bytes."""
        room = -(-len(content) // _BLOCK) * _BLOCK
        try:
            if self._file is None:
                self._file = self._open.enter_context(_temporary_file())
            place = self._free[room].pop() if self._free[room] else self._end
            self._file.seek(place)
            if self._file.write(content) != len(content):
                raise OSError("the disk took a part only")
        except OSError as error:
            if not self._refused:
                logging.getLogger(__name__).warning("results stay in memory reason=%s", error)
            self._refused = True
            return Spilled(self, len(content), 0, content)
        self._end = max(self._end, place + room)
        return Spilled(self, len(content), place, None)

    def read(self, place: int, length: int) -> bytes:
        """Bytes of a place."""
        assert self._file is not None, "nothing was put here"
        self._file.seek(place)
        return self._file.read(length)

    def release(self, place: int, length: int) -> None:
        """Let the room of a place be used again."""
        self._free[-(-length // _BLOCK) * _BLOCK].append(place)

    def clear(self) -> None:
        """Give the disk its room back; what was put here can no longer be read."""
        self._open.close()
        self._file, self._end = None, 0
        self._free.clear()

    @property
    def nbytes(self) -> int:
        """Bytes on disk."""
        return self._end


@dataclass(frozen=True, slots=True)
class Spilled:
    """Bytes kept by a Spill, or in memory where it could not."""

    _spill: Spill
    length: int
    _place: int
    _here: bytes | None

    def read(self) -> bytes:
        """The bytes."""
        return self._spill.read(self._place, self.length) if self._here is None else self._here

    def release(self) -> None:
        """They are not needed any more."""
        if self._here is None:
            self._spill.release(self._place, self.length)

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return 0 if self._here is None else self.length


def _temporary_file() -> IO[bytes]:
    return tempfile.TemporaryFile(prefix="sam2-", buffering=0)
