"""How hands draw: the brush and what the options strip sets. Lengths in image px."""

from __future__ import annotations

from dataclasses import dataclass, replace

MIN_SIZE, MAX_SIZE = 1, 500
MAX_TOLERANCE = 5.0
_STEP = 1.15

Place = tuple[float, float]  # (x, y) in image coordinates


@dataclass(frozen=True, slots=True)
class DrawingOptions:
    """`size` is the brush's diameter; `cut` makes polygons take away; `tolerance` is how far an outline's straight
    lines may leave the pixels when it is opened for editing."""

    size: int = 24
    square: bool = False
    cut: bool = False
    tolerance: float = 0.7

    def resized(self, steps: int) -> DrawingOptions:
        """The brush larger or smaller by steps of a seventh, at least by 1 px each, within the limits."""
        size = self.size
        for _ in range(abs(steps)):
            size = max(size + 1, round(size * _STEP)) if steps > 0 else min(size - 1, round(size / _STEP))
        return replace(self, size=min(max(size, MIN_SIZE), MAX_SIZE))
