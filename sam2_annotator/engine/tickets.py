"""Who asked for what, and how an asker takes it back."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field

from sam2_annotator.errors import Cancelled


class CancelToken:
    """A flag one thread sets and another looks at; the only mutable thing threads share."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Ask for the end."""
        self._event.set()

    @property
    def is_set(self) -> bool:
        """True once the end was asked for."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise Cancelled once the end was asked for."""
        if self._event.is_set():
            raise Cancelled


@dataclass(frozen=True, slots=True)
class Ticket:
    """Names one request. Of several tickets of one `slot`, only the newest `generation` matters."""

    id: int
    slot: str
    generation: int
    token: CancelToken = field(default_factory=CancelToken, compare=False)


class TicketBook:
    """Gives out tickets and knows which answers are stale. Belongs to one thread."""

    def __init__(self) -> None:
        self._ids = itertools.count(1)
        self._newest: dict[str, int] = {}

    def issue(self, slot: str) -> Ticket:
        """A ticket that makes every older one of the same slot stale."""
        generation = self._newest.get(slot, 0) + 1
        self._newest[slot] = generation
        return Ticket(next(self._ids), slot, generation)

    def is_current(self, ticket: Ticket) -> bool:
        """True while no newer ticket of the slot was issued."""
        return self._newest.get(ticket.slot) == ticket.generation

    def expire(self, slot: str) -> None:
        """Make every ticket of the slot stale without a new one."""
        if slot in self._newest:
            self._newest[slot] += 1
