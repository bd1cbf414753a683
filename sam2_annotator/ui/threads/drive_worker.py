"""Writes projects to their network drives, on a thread of its own: a drive may take its time, or never answer."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime

from PySide6.QtCore import QObject, Signal, Slot

from sam2_annotator.doc.remote import Outcome, WorkingCopies
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import Cancelled

_PROGRESS_INTERVAL = 0.1


@dataclass(frozen=True, slots=True)
class DriveRequest:
    """Write what is behind, with the newest `kept` restore points; the first of a run takes up what is left."""

    kept: int
    is_first: bool = False
    token: CancelToken = field(default_factory=CancelToken, compare=False)


@dataclass(frozen=True, slots=True)
class DriveProgress:
    """Bytes of one file."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class DriveReport:
    """What came of a request; `seconds` is how long it took, `at` when it was done."""

    request: DriveRequest
    outcomes: tuple[Outcome, ...]
    seconds: float
    at: datetime
    cancelled: bool = False


class DriveWorker(QObject):
    """`moved` carries DriveProgress, `done` one DriveReport for each request."""

    moved = Signal(object)
    done = Signal(object)

    def __init__(self, copies: WorkingCopies) -> None:
        super().__init__()
        self._copies = copies
        self._told = 0.0

    @Slot(object)
    def write(self, request: DriveRequest) -> None:
        """Write to all drives that lack something."""

        def tell(done: int, total: int) -> None:
            request.token.check()
            now = time.monotonic()
            if now - self._told >= _PROGRESS_INTERVAL:
                self._told = now
                self.moved.emit(DriveProgress(done, total))

        began, cancelled = time.monotonic(), False
        outcomes: tuple[Outcome, ...] = ()
        try:
            if request.is_first:
                self._copies.take_up()
            outcomes = self._copies.write(tell, kept=request.kept)
        except Cancelled:
            cancelled = True
        finally:  # whatever went wrong, the next request is not kept from coming
            seconds = time.monotonic() - began
            self.done.emit(DriveReport(request, outcomes, seconds, datetime.now(), cancelled))

    @Slot()
    def leave(self) -> None:
        """The thread ends; what drives lack is left to the next run."""
        self._copies.leave()
