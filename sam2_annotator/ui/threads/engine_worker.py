"""The engine's side of the engine thread: a scheduler driven by a zero-interval timer."""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sam2_annotator import log
from sam2_annotator.engine.messages import Ended, EndReason, ErrorReport, Request, Response
from sam2_annotator.engine.tickets import Ticket

_NICENESS = 2
_log = log.get("ui")


class Stepper(Protocol):
    """What the worker needs of `engine.scheduler.Scheduler`; each `step` is short."""

    @property
    def busy(self) -> bool:
        """True while another step would do something."""
        ...

    def push(self, request: Request) -> None:
        """Queue a request."""
        ...

    def ack(self, ticket: Ticket) -> None:
        """One answer of a stream was used."""
        ...

    def step(self) -> Sequence[Response]:
        """Do one short piece of work; what it has to say."""
        ...


class EngineWorker(QObject):
    """Lives on the engine thread. `make` is called there, since it imports torch, which takes seconds."""

    responded = Signal(object)

    def __init__(self, make: Callable[[], Stepper]) -> None:
        super().__init__()
        self._make = make
        self._scheduler: Stepper | None = None
        self._failure: ErrorReport | None = None
        self._timer: QTimer | None = None

    @Slot()
    def start(self) -> None:
        """Build the engine; runs once, as the first thing on the thread."""
        _lower_priority()
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._step)
        try:
            self._scheduler = self._make()
        except Exception as error:
            _log.error("engine did not start", cause=error)
            self._failure = ErrorReport(
                "The segmentation engine did not start.",
                "Editing and export still work; run 'sam2-annotator doctor' to see what is missing.",
                f"{error!r}\n{traceback.format_exc()}",
            )

    @Slot(object)
    def submit(self, request: Request) -> None:
        """Queue a request; its last answer is always Ended."""
        if self._scheduler is None:
            self.responded.emit(Ended(request.ticket, EndReason.FAILED, self._failure))
            return
        self._scheduler.push(request)
        self._wake()

    @Slot(object)
    def ack(self, ticket: Ticket) -> None:
        """One FrameMasks was used: the run may go on."""
        if self._scheduler is not None:
            self._scheduler.ack(ticket)
            self._wake()

    @Slot()
    def stop(self) -> None:
        """Stop stepping; the last thing on the thread, which the timer belongs to."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._scheduler = None

    def _wake(self) -> None:
        if self._timer is not None and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _step(self) -> None:
        if self._scheduler is None or self._timer is None:
            return
        try:
            for response in self._scheduler.step():
                self.responded.emit(response)
        except Exception as error:
            # The scheduler answers for its requests; what comes here is a defect, and the thread lives on.
            _log.error("engine step failed", cause=error)
        if not self._scheduler.busy:
            self._timer.stop()


def _lower_priority() -> None:
    """On Linux niceness belongs to the thread, and the threads torch starts from here inherit it."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
