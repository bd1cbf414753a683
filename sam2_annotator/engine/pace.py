"""How fast a run goes and how long it will still take."""

from __future__ import annotations

import time
from collections.abc import Callable

_SMOOTHING = 0.1
_SETTLED_SECONDS = 3.0


class Pace:
    """Counts finished frames of a run of `total`; the time a frame takes is smoothed over about the last ten."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        self.done = 0
        self._clock = clock
        self._began = self._last = clock()
        self._seconds_per_frame = 0.0

    def step(self) -> None:
        """One more frame is finished."""
        now = self._clock()
        seconds, self._last = now - self._last, now
        self.done += 1
        weight = max(_SMOOTHING, 1 / self.done)
        self._seconds_per_frame += weight * (seconds - self._seconds_per_frame)

    @property
    def rate(self) -> float:
        """Frames per second; 0 before the first frame."""
        return 1 / self._seconds_per_frame if self._seconds_per_frame > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """None while it cannot be told yet."""
        if self._last - self._began < _SETTLED_SECONDS:
            return None
        return (self.total - self.done) * self._seconds_per_frame
