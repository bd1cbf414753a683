"""A mask as the document keeps it: immutable, small, exact."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mask:
    """Pixels of one object on one frame of `height` x `width`.

    `box` is (x0, y0, x1, y1) in pixels, right and bottom exclusive, the tightest box around the set pixels;
    (0, 0, 0, 0) when there are none. `counts` is the COCO compressed run-length string (ASCII) of the
    column-major crop to `box`, b"" when empty. `area` is the number of set pixels.
    """

    height: int
    width: int
    box: tuple[int, int, int, int]
    counts: bytes
    area: int

    def __bool__(self) -> bool:
        """True when at least one pixel is set."""
        return self.area > 0
