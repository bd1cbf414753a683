"""What a job tells, written to a terminal: sentences always, the bar only where someone looks."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from typing import TextIO

from sam2_annotator.errors import AnnotatorError

_BAR_WIDTH = 28
_REDRAW_SECONDS = 0.1


class Terminal:
    """A `jobs.listener.Listener` that writes to `stream` (stderr)."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._draws = stream.isatty()
        self._drawn_at = float("-inf")
        self._on_screen = False

    def activity(self, text: str, fraction: float | None = None) -> None:
        """Show what is done now, with a bar when the fraction is known."""
        self._draw(text if fraction is None else f"{bar(fraction)} {fraction:4.0%} {text}", last=fraction == 1.0)

    def frames(self, done: int, total: int, *, rate: float, seconds_left: float | None) -> None:
        """Show the bar of a run."""
        left = "" if seconds_left is None else f", {time_left(seconds_left)} left"
        self._draw(f"{bar(done / total)} {done}/{total} frames, {rate:.1f} frames/s{left}", last=done == total)

    def warn(self, message: str) -> None:
        """Write a warning on a line of its own."""
        self.say(f"Warning: {message}")

    def say(self, message: str) -> None:
        """Write a sentence on a line of its own."""
        self.clear()
        self._stream.write(f"{message}\n")
        self._stream.flush()

    def fail(self, error: AnnotatorError) -> None:
        """Write why it failed and what to do: at most four lines."""
        lines = [f"Error: {error.message}", *error.hint.splitlines()]
        self.say("\n".join(" ".join(line.split()) for line in lines[:4]))

    def clear(self) -> None:
        """Take the bar off the screen."""
        if self._on_screen:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._on_screen = False

    def _draw(self, line: str, *, last: bool) -> None:
        now = self._clock()
        if not self._draws or (now - self._drawn_at < _REDRAW_SECONDS and not last):
            return
        width = shutil.get_terminal_size().columns - 1
        self._stream.write(f"\r\x1b[K{line[:width]}")
        self._stream.flush()
        self._drawn_at, self._on_screen = now, True


def bar(fraction: float) -> str:
    """`fraction` (0..1) as a drawn bar."""
    filled = round(_BAR_WIDTH * min(max(fraction, 0.0), 1.0))
    return f"[{'#' * filled}{'.' * (_BAR_WIDTH - filled)}]"


def time_left(seconds: float) -> str:
    """A duration in words, rounded as people say it: "8 s", "about 4 min", "about 2 h"."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    if seconds < 90 * 60:
        return f"about {round(seconds / 60)} min"
    return f"about {round(seconds / 3600)} h"
