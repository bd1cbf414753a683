"""What reads an item: one protocol for pictures, folders of frames and video files."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sam2_annotator.values.frame import MediaFacts

Pixels = NDArray[np.uint8]


class Source(Protocol):
    """Frames by number. The same number always gives the same pixels. Belongs to one thread."""

    @property
    def facts(self) -> MediaFacts:
        """Size, number of frames and rate; they never change while the source is open."""
        ...

    @property
    def warning(self) -> str:
        """One sentence for the user when the file is not quite whole, else ""."""
        ...

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of every frame."""
        ...

    def __len__(self) -> int: ...

    def frame(self, number: int) -> Pixels:
        """Frame `number` (from 0, display order), upright: uint8 RGB (H, W, 3), read-only.

        Raises MediaError when it cannot be read and IndexError when there is no such frame.
        """
        ...

    def time(self, number: int) -> float | None:
        """Seconds from the first frame on; None when the item has no times."""
        ...

    def close(self) -> None:
        """Let go of the file. A closed source is not used again."""
        ...


def check_number(number: int, frames: int) -> None:
    """Raise IndexError unless frame `number` exists."""
    if not 0 <= number < frames:
        raise IndexError(f"there is no frame {number}; frames go from 0 to {frames - 1}")
