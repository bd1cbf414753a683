"""One computation at a time per model: sessions on several threads may share a model."""

import threading
from types import TracebackType


class ComputeLock:
    """A re-entrant lock that copies and pickles as a new, open lock, so that models can be copied and saved."""

    def __init__(self) -> None:
        self._lock = threading.RLock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._lock.release()

    def __reduce__(self) -> tuple[type["ComputeLock"], tuple[()]]:
        return ComputeLock, ()
