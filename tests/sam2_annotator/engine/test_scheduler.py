"""The scheduler with a service that only counts: no model, no torch."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest

from sam2_annotator.engine.messages import (
    Activity,
    CloseItem,
    Embed,
    Embedded,
    Ended,
    EndReason,
    FindEverything,
    Found,
    FrameMasks,
    KeepFeatures,
    LoadModel,
    MaskReady,
    PredictMask,
    Preview,
    Propagate,
    Request,
    Response,
)
from sam2_annotator.engine.scheduler import MAX_UNACKNOWLEDGED, Scheduler
from sam2_annotator.engine.tickets import Ticket, TicketBook
from sam2_annotator.errors import Cancelled, EngineError
from sam2_annotator.values.everything import EverythingOptions
from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.prompt import Point, PromptSet
from sam2_annotator.values.states import Direction


class CountingService:
    """Answers each request with as many responses as it asks for, and raises when told to."""

    def __init__(self) -> None:
        self.ready = True
        self.steps: list[int] = []
        self.closed: list[int] = []
        self.error: Exception | None = None

    def handle(self, request: Request) -> Generator[Response, None, None]:
        ticket = request.ticket
        try:
            for answer in self._answers(request):
                self.steps.append(ticket.id)
                if self.error is not None:
                    raise self.error
                yield answer
        finally:
            self.closed.append(ticket.id)

    def _answers(self, request: Request) -> list[Response]:
        match request:
            case Propagate(ticket=ticket, media=media, start=start, stop=stop):
                frames = range(start, stop + 1)
                return [
                    FrameMasks(ticket, media.item, FrameIndex(f), (), f + 1, len(frames), 1.0, None) for f in frames
                ]
            case PredictMask(ticket=ticket, media=media, frame=frame, object_id=object_id):
                return [MaskReady(ticket, media.item, frame, object_id, (), 0)]
            case Embed(ticket=ticket, media=media, frame=frame):
                return [Activity("Analysing"), Embedded(ticket, media.item, frame, 0.0)]
            case LoadModel():
                return [Activity("Loading"), Activity("Still loading")]
            case FindEverything(ticket=ticket):
                return [Found(ticket, done, 5, None) for done in range(1, 6)]
            case CloseItem() | KeepFeatures() | Preview():
                return []


@pytest.fixture
def service() -> CountingService:
    return CountingService()


@pytest.fixture
def scheduler(service: CountingService) -> Scheduler:
    return Scheduler(service)


@pytest.fixture
def tickets() -> TicketBook:
    return TicketBook()


def clip(item: int) -> MediaRef:
    return MediaRef(ItemId(item), MediaKind.VIDEO, Path(f"{item}.mp4"))


def click(ticket: Ticket, item: int = 1) -> PredictMask:
    return PredictMask(ticket, clip(item), FrameIndex(0), ObjectId(1), PromptSet((Point(1, 1),)))


def run(ticket: Ticket, item: int = 1, frames: int = 100) -> Propagate:
    last = FrameIndex(frames - 1)
    return Propagate(ticket, clip(item), FrameIndex(0), FrameIndex(0), last, Direction.FORWARD, ())


def drain(scheduler: Scheduler) -> list[Response]:
    told: list[Response] = []
    while scheduler.busy:
        told += scheduler.step()
    return told


def ends(told: list[Response]) -> list[tuple[int, EndReason]]:
    return [(answer.ticket.id, answer.reason) for answer in told if isinstance(answer, Ended)]


def test_answers_then_ends(scheduler: Scheduler, tickets: TicketBook) -> None:
    scheduler.push(click(tickets.issue("a")))
    told = drain(scheduler)
    assert [type(answer) for answer in told] == [MaskReady, Ended]
    assert ends(told) == [(1, EndReason.DONE)]
    assert not scheduler.busy
    assert scheduler.step() == []


def test_prompt_goes_before_run_of_another_item_and_both_finish(
    scheduler: Scheduler, tickets: TicketBook, service: CountingService
) -> None:
    scheduler.push(run(tickets.issue("run"), item=1, frames=4))
    scheduler.step()
    scheduler.push(click(tickets.issue("click"), item=2))
    told = drain(scheduler)
    assert service.steps == [1, 2, 1, 1, 1]
    assert sorted(ends(told)) == [(1, EndReason.DONE), (2, EndReason.DONE)]


def test_runs_of_two_items_take_turns(scheduler: Scheduler, tickets: TicketBook, service: CountingService) -> None:
    scheduler.push(run(tickets.issue("a"), item=1, frames=3))
    scheduler.push(run(tickets.issue("b"), item=2, frames=3))
    drain(scheduler)
    assert service.steps == [1, 2, 1, 2, 1, 2]


def test_prefetch_is_not_starved_by_a_long_run(
    scheduler: Scheduler, tickets: TicketBook, service: CountingService
) -> None:
    long_run = run(tickets.issue("run"), item=1)
    scheduler.push(long_run)
    scheduler.push(Embed(tickets.issue("embed"), clip(2), FrameIndex(0)))
    for _ in range(20):
        scheduler.step()
        scheduler.ack(long_run.ticket)
    assert service.steps.count(2) == 2
    assert service.steps[0] == 1


@pytest.mark.parametrize("started", [False, True])
def test_newer_request_of_the_slot_replaces_the_older(
    scheduler: Scheduler, tickets: TicketBook, service: CountingService, started: bool
) -> None:
    scheduler.push(Embed(tickets.issue("frame"), clip(1), FrameIndex(0)))
    if started:
        scheduler.step()
    scheduler.push(Embed(tickets.issue("frame"), clip(1), FrameIndex(1)))
    told = drain(scheduler)
    assert ends(told) == [(1, EndReason.SUPERSEDED), (2, EndReason.DONE)]
    assert service.steps.count(1) == int(started)


def test_prompt_on_the_clip_ends_its_run_and_is_answered_next(
    scheduler: Scheduler, tickets: TicketBook, service: CountingService
) -> None:
    scheduler.push(run(tickets.issue("run")))
    scheduler.step()
    scheduler.push(click(tickets.issue("click")))
    told = scheduler.step()
    assert [type(answer) for answer in told] == [Ended, MaskReady]
    assert ends(told) == [(1, EndReason.SUPERSEDED)]
    assert service.closed == [1]


def search(ticket: Ticket, item: int = 1) -> FindEverything:
    return FindEverything(ticket, clip(item), FrameIndex(0), EverythingOptions())


def test_a_prompt_goes_between_two_batches_of_a_search_which_goes_on(
    scheduler: Scheduler, tickets: TicketBook, service: CountingService
) -> None:
    scheduler.push(search(tickets.issue("search")))
    scheduler.step()
    scheduler.push(click(tickets.issue("click")))
    told = drain(scheduler)
    assert service.steps == [1, 2, 1, 1, 1, 1]
    assert sorted(ends(told)) == [(1, EndReason.DONE), (2, EndReason.DONE)]


@pytest.mark.parametrize("model", [False, True])
def test_another_model_or_closing_the_item_ends_a_search(
    scheduler: Scheduler, tickets: TicketBook, model: bool
) -> None:
    scheduler.push(search(tickets.issue("search")))
    scheduler.step()
    ticket = tickets.issue("other")
    scheduler.push(LoadModel(ticket, "sam2-nano") if model else CloseItem(ticket, ItemId(1)))
    assert ends(drain(scheduler)) == [(1, EndReason.SUPERSEDED), (2, EndReason.DONE)]


def test_closing_an_item_ends_its_work_alone(scheduler: Scheduler, tickets: TicketBook) -> None:
    scheduler.push(run(tickets.issue("a"), item=1, frames=2))
    scheduler.push(run(tickets.issue("b"), item=2, frames=2))
    scheduler.push(CloseItem(tickets.issue("close"), ItemId(1)))
    assert sorted(ends(drain(scheduler))) == [
        (1, EndReason.SUPERSEDED),
        (2, EndReason.DONE),
        (3, EndReason.DONE),
    ]


def test_change_of_the_model_ends_runs(scheduler: Scheduler, tickets: TicketBook) -> None:
    scheduler.push(run(tickets.issue("run")))
    scheduler.push(LoadModel(tickets.issue("model"), "sam2-nano"))
    assert ends(drain(scheduler)) == [(1, EndReason.SUPERSEDED), (2, EndReason.DONE)]


def test_prompts_wait_for_the_first_model(scheduler: Scheduler, tickets: TicketBook, service: CountingService) -> None:
    service.ready = False
    scheduler.push(click(tickets.issue("click")))
    scheduler.push(LoadModel(tickets.issue("model"), "sam2-nano"))
    drain(scheduler)
    assert service.steps == [2, 2, 1]


@pytest.mark.parametrize("started", [False, True])
def test_cancel_is_answered(scheduler: Scheduler, tickets: TicketBook, service: CountingService, started: bool) -> None:
    request = run(tickets.issue("run"))
    scheduler.push(request)
    if started:
        scheduler.step()
    request.ticket.token.set()
    assert ends(scheduler.step()) == [(1, EndReason.CANCELLED)]
    assert service.steps == [1] * started
    assert not scheduler.busy


def test_run_waits_for_acknowledgements_and_hears_a_cancel_while_waiting(
    scheduler: Scheduler, tickets: TicketBook
) -> None:
    request = run(tickets.issue("run"))
    scheduler.push(request)
    assert sum(isinstance(answer, FrameMasks) for answer in drain(scheduler)) == MAX_UNACKNOWLEDGED
    scheduler.ack(request.ticket)
    assert [answer.frame for answer in drain(scheduler) if isinstance(answer, FrameMasks)] == [MAX_UNACKNOWLEDGED]
    request.ticket.token.set()
    assert scheduler.busy
    assert ends(drain(scheduler)) == [(1, EndReason.CANCELLED)]


def test_failure_is_told_and_the_next_request_works(
    scheduler: Scheduler, tickets: TicketBook, service: CountingService
) -> None:
    service.error = EngineError("The device went away.", hint="Plug it in.")
    scheduler.push(click(tickets.issue("a")))
    (end,) = drain(scheduler)
    assert isinstance(end, Ended)
    assert end.reason is EndReason.FAILED
    assert end.error is not None
    assert (end.error.message, end.error.hint) == ("The device went away.", "Plug it in.")
    service.error = None
    scheduler.push(click(tickets.issue("a")))
    assert ends(drain(scheduler)) == [(2, EndReason.DONE)]


def test_unforeseen_error_keeps_its_traceback_as_text(
    scheduler: Scheduler, tickets: TicketBook, service: CountingService
) -> None:
    service.error = ZeroDivisionError("division by zero")
    scheduler.push(click(tickets.issue("a")))
    (end,) = drain(scheduler)
    assert isinstance(end, Ended)
    assert end.error is not None
    assert "ZeroDivisionError" in end.error.message
    assert "test_scheduler.py" in end.error.details


def test_cancel_heard_inside_a_step(scheduler: Scheduler, tickets: TicketBook, service: CountingService) -> None:
    service.error = Cancelled()
    scheduler.push(click(tickets.issue("a")))
    assert ends(drain(scheduler)) == [(1, EndReason.CANCELLED)]


def test_activity_is_cleared_when_all_is_done(scheduler: Scheduler, tickets: TicketBook) -> None:
    scheduler.push(Embed(tickets.issue("embed"), clip(1), FrameIndex(0)))
    activities = [answer.text for answer in drain(scheduler) if isinstance(answer, Activity)]
    assert activities == ["Analysing", ""]


def test_a_click_never_waits_for_what_is_made_ahead(
    scheduler: Scheduler, service: CountingService, tickets: TicketBook
) -> None:
    for item in range(2, 40):
        scheduler.push(Embed(tickets.issue(f"ahead {item}"), clip(item), FrameIndex(0), ahead=True))
    for number in range(20):
        asked = click(tickets.issue(f"click {number}"))
        scheduler.push(asked)
        scheduler.step()
        assert service.steps[-1] == asked.ticket.id
        scheduler.step()


def test_the_frame_looked_at_is_analysed_before_those_ahead(
    scheduler: Scheduler, service: CountingService, tickets: TicketBook
) -> None:
    scheduler.push(Embed(tickets.issue("ahead"), clip(2), FrameIndex(0), ahead=True))
    shown = Embed(tickets.issue("embed"), clip(1), FrameIndex(0))
    scheduler.push(shown)
    scheduler.step()
    assert service.steps == [shown.ticket.id]
