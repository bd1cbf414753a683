"""Decides which request runs next. One step is one `next` of one request's generator; no thread, no Qt.

A request ends with exactly one `Ended`. Prompts go first, then loading, tracking, prefetching; requests of one
priority take turns. A newer request in a slot replaces an older one; a prompt on an item, a further run there or the
closing of the item ends the run on it, a change of the model ends every run and every search.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator
from dataclasses import dataclass
from typing import Protocol, assert_never

from sam2_annotator.engine.messages import (
    Activity,
    CloseItem,
    Embed,
    Ended,
    EndReason,
    FindEverything,
    FrameMasks,
    KeepFeatures,
    LoadModel,
    PredictMask,
    Preview,
    Propagate,
    Request,
    Response,
)
from sam2_annotator.engine.report import error_report
from sam2_annotator.engine.tickets import Ticket
from sam2_annotator.errors import Cancelled
from sam2_annotator.values.ids import ItemId

MAX_UNACKNOWLEDGED = 8
"""Frames of one run the asker has not taken yet; the run waits when there are so many."""

_TURN_OF_THE_LAST = 8
"""Every so many steps the lowest priority gets one, so that a long run does not starve it; never before a prompt."""

_INTERACTIVE = 0


class Service(Protocol):
    """What the scheduler drives."""

    @property
    def ready(self) -> bool:
        """True once a model is loaded."""
        ...

    def handle(self, request: Request) -> Generator[Response, None, None]:
        """The answers to a request, each after one short step; raises what a step raises."""
        ...


@dataclass(slots=True, eq=False)
class _Job:
    request: Request
    answers: Generator[Response, None, None]
    unacknowledged: int = 0

    @property
    def ticket(self) -> Ticket:
        return self.request.ticket

    @property
    def priority(self) -> int:
        return _priority(self.request)


class Scheduler:
    """Runs requests step by step. Belongs to one thread, the one that owns the device."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._jobs: deque[_Job] = deque()
        self._ended: list[Response] = []
        self._steps = 0
        self._told_activity = False

    @property
    def busy(self) -> bool:
        """True when `step` has something to do now. Only `push`, `ack` and a token that was set can make it True."""
        return bool(self._ended or self._runnable()) or any(job.ticket.token.is_set for job in self._jobs)

    def push(self, request: Request) -> None:
        """Queue a request and end what it replaces (told by the next `step`)."""
        for job in [job for job in self._jobs if _replaces(request, job.request)]:
            self._end(job, EndReason.SUPERSEDED)
        self._jobs.append(_Job(request, self._service.handle(request)))

    def ack(self, ticket: Ticket) -> None:
        """One FrameMasks of the ticket was taken."""
        for job in self._jobs:
            if job.ticket == ticket:
                job.unacknowledged = max(0, job.unacknowledged - 1)

    def step(self) -> list[Response]:
        """Do one step of one request. Returns what is to be told, oldest first; raises nothing a request raised."""
        for cancelled in [job for job in self._jobs if job.ticket.token.is_set]:
            self._end(cancelled, EndReason.CANCELLED)
        told, self._ended = self._ended, []
        job = self._next()
        if job is not None:
            told += self._advance(job)
        if self._told_activity and not self._jobs:
            told.append(Activity(""))
            self._told_activity = False
        return told

    def _runnable(self) -> list[_Job]:
        """Jobs whose next step can be done: not waiting for acknowledgements, nor for the first model to come."""
        loading = not self._service.ready and any(isinstance(job.request, LoadModel) for job in self._jobs)
        return [
            job
            for job in self._jobs
            if job.unacknowledged < MAX_UNACKNOWLEDGED
            and not (loading and isinstance(job.request, PredictMask | Preview | FindEverything | Propagate | Embed))
        ]

    def _next(self) -> _Job | None:
        jobs = self._runnable()
        if not jobs:
            return None
        self._steps += 1
        priorities = [job.priority for job in jobs]
        first = min(priorities)
        someone_waits = first == _INTERACTIVE
        wanted = max(priorities) if self._steps % _TURN_OF_THE_LAST == 0 and not someone_waits else first
        return jobs[priorities.index(wanted)]

    def _advance(self, job: _Job) -> list[Response]:
        self._jobs.remove(job)
        self._jobs.append(job)  # the next of the same priority goes first next time
        try:
            answer = next(job.answers)
        except StopIteration:
            self._end(job, EndReason.DONE)
        except Cancelled:
            self._end(job, EndReason.CANCELLED)
        except Exception as error:
            self._end(job, EndReason.FAILED, error)
        else:
            job.unacknowledged += isinstance(answer, FrameMasks)
            self._told_activity |= isinstance(answer, Activity)
            return [answer]
        ended, self._ended = self._ended, []
        return ended

    def _end(self, job: _Job, reason: EndReason, error: Exception | None = None) -> None:
        self._jobs.remove(job)
        job.answers.close()
        self._ended.append(Ended(job.ticket, reason, None if error is None else error_report(error)))


def _priority(request: Request) -> int:
    """Smaller runs first."""
    match request:
        case PredictMask() | KeepFeatures():  # what is on disk is known before the first click is answered
            return _INTERACTIVE
        case LoadModel() | CloseItem():
            return 1
        case Preview():
            return 2
        case Propagate() | FindEverything():
            return 3
        case Embed():
            return 5 if request.ahead else 4
        case _:
            assert_never(request)


def _replaces(new: Request, old: Request) -> bool:
    """True when there is no use for the older request's further answers."""
    if old.ticket.slot == new.ticket.slot and old.ticket.generation < new.ticket.generation:
        return True
    match new:
        case CloseItem(item=item):
            return not isinstance(old, CloseItem) and _item(old) == item
        case PredictMask() | Propagate():
            return isinstance(old, Propagate) and _item(old) == _item(new)
        case LoadModel():
            return isinstance(old, Propagate | FindEverything)
        case Embed() | Preview() | FindEverything() | KeepFeatures():
            return False
        case _:
            assert_never(new)


def _item(request: Request) -> ItemId | None:
    match request:
        case LoadModel() | KeepFeatures():
            return None
        case CloseItem(item=item):
            return item
        case Embed() | PredictMask() | Preview() | FindEverything() | Propagate():
            return request.media.item
        case _:
            assert_never(request)
