"""What a headless job tells while it runs; a terminal, a log or nobody listens."""

from __future__ import annotations

from typing import Protocol


class Listener(Protocol):
    """Told by the thread that runs the job."""

    def activity(self, text: str, fraction: float | None = None) -> None:
        """What is done now; `fraction` (0..1) when it is known."""
        ...

    def frames(self, done: int, total: int, *, rate: float, seconds_left: float | None) -> None:
        """`done` of `total` frames are finished, `rate` of them in a second."""
        ...

    def warn(self, message: str) -> None:
        """One sentence the person should know; the job goes on."""
        ...
