"""The window's side of the engine thread: gives out tickets, sends requests, drops stale answers."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QObject, Signal, Slot

from sam2_annotator.engine.messages import (
    Activity,
    Embed,
    Ended,
    FrameMasks,
    PredictMask,
    Request,
    Response,
)
from sam2_annotator.engine.tickets import Ticket, TicketBook


class EngineClient(QObject):
    """Lives on the GUI thread. `received` carries every answer that still matters."""

    submitted = Signal(object)
    acked = Signal(object)
    received = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book = TicketBook()
        self._open: dict[int, Request] = {}
        self._held = False
        self._kept: deque[Response] = deque()

    @property
    def waiting(self) -> int:
        """How many requests are not answered to the end."""
        return len(self._open)

    def ticket(self, slot: str) -> Ticket:
        """A ticket that makes every older one of the slot stale."""
        return self._book.issue(slot)

    def is_current(self, ticket: Ticket) -> bool:
        """True while the ticket is the newest of its slot."""
        return self._book.is_current(ticket)

    def submit(self, request: Request) -> None:
        """Send a request; older queued work of its slot is taken back, and before a click what is made ahead."""
        self._take_back(request.ticket.slot)
        if isinstance(request, PredictMask):
            self._make_way(request)
        self._open[request.ticket.id] = request
        self.submitted.emit(request)

    def ack(self, ticket: Ticket) -> None:
        """Tell the engine that one FrameMasks was used."""
        self.acked.emit(ticket)

    def cancel(self, ticket: Ticket) -> None:
        """Ask for the end of a request; what it has finished is still delivered."""
        ticket.token.set()

    def forget(self, slot: str) -> None:
        """Take back the requests of a slot and drop whatever they still answer."""
        self._take_back(slot)
        self._book.expire(slot)

    def cancel_all(self) -> None:
        """Ask every open request to end."""
        for request in self._open.values():
            request.ticket.token.set()

    @Slot(bool)
    def hold(self, held: bool) -> None:
        """Keep answers back while nobody could write them down; afterwards they are passed on in their order.

        They are few: a run of the tracker waits for its frames to be used.
        """
        self._held = held
        while self._kept and not self._held:
            self.deliver(self._kept.popleft())

    @Slot(object)
    def deliver(self, response: Response) -> None:
        """Pass on an answer unless a newer request replaced its question."""
        if self._held:
            self._kept.append(response)
            return
        if isinstance(response, Activity):
            self.received.emit(response)
            return
        if isinstance(response, Ended):
            self._open.pop(response.ticket.id, None)
            self.received.emit(response)
            return
        if self._book.is_current(response.ticket):
            self.received.emit(response)
        elif isinstance(response, FrameMasks):
            self.ack(response.ticket)

    def _take_back(self, slot: str) -> None:
        for request in self._open.values():
            if request.ticket.slot == slot:
                request.ticket.token.set()

    def _make_way(self, click: PredictMask) -> None:
        """What is computed for later would delay a click; what the click needs goes on."""
        for request in self._open.values():
            needed = isinstance(request, Embed) and (request.media, request.frame) == (click.media, click.frame)
            if isinstance(request, Embed) and request.ahead and not needed:
                request.ticket.token.set()
