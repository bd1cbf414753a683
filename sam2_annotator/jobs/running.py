"""Driving the engine from a job: requests out, typed answers back, activity to the listener."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

from sam2_annotator.engine.messages import Activity, LoadModel, Request, Response
from sam2_annotator.engine.service import EngineService
from sam2_annotator.engine.tickets import CancelToken, Ticket
from sam2_annotator.jobs.listener import Listener


def ticket(slot: str, token: CancelToken) -> Ticket:
    """A ticket of a job, which asks one thing at a time."""
    return Ticket(id=1, slot=slot, generation=1, token=token)


def answers(engine: EngineService, request: Request, listener: Listener) -> Iterator[Response]:
    """The answers to a request but for its activity, which the listener is told.

    Raises:
        AnnotatorError, Cancelled: as `EngineService.handle`; the token is looked at before every step.
    """
    with closing(engine.handle(request)) as steps:
        for answer in steps:
            if isinstance(answer, Activity):
                listener.activity(answer.text, answer.fraction)
            else:
                yield answer
            request.ticket.token.check()


def load_model(engine: EngineService, request: LoadModel, listener: Listener) -> None:
    """Load a model by any name the command line takes, fetching it first where it must be."""
    for _ in answers(engine, request, listener):
        pass
