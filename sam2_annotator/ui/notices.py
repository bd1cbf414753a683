"""Passing notices: the one place that says something happened."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from PySide6.QtCore import QObject, Signal

from sam2_annotator import log
from sam2_annotator.engine.messages import ErrorReport

_KEPT = 500
_log = log.get("ui")


class Tone(Enum):
    """How a notice is marked."""

    PLAIN = "plain"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence, and buttons as (title, wish). Of one `topic`, "" for none, only the newest is shown."""

    text: str
    tone: Tone = Tone.PLAIN
    actions: tuple[tuple[str, object], ...] = ()
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A notice and when it was posted."""

    at: datetime
    notice: Notice


class Notices(QObject):
    """Posts notices and remembers them. A failure that repeats is told once, until `settle` says it works again."""

    posted = Signal(object)
    withdrawn = Signal(str)  # a topic: what was told of it is so no more

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._told: set[str] = set()
        self._history: deque[Told] = deque(maxlen=_KEPT)

    @property
    def history(self) -> tuple[Told, ...]:
        """What was told lately, oldest first."""
        return tuple(self._history)

    def post(self, text: str, tone: Tone = Tone.PLAIN, *actions: tuple[str, object], topic: str = "") -> None:
        """Tell people something; it takes the place of what was told of the same topic."""
        _log.info("notice", tone=tone.value, text=text)
        notice = Notice(text, tone, actions, topic)
        self._history.append(Told(datetime.now(), notice))
        self.posted.emit(notice)

    def withdraw(self, topic: str) -> None:
        """What was told of a topic is so no more."""
        self.withdrawn.emit(topic)

    def fail(self, error: ErrorReport, *, topic: str = "") -> None:
        """Tell people of a failure; one with a `topic` is told once until it is settled."""
        if topic and topic in self._told:
            return
        if topic:
            self._told.add(topic)
        if error.details:
            _log.info("failure", message=error.message, details=error.details)
        self.post(f"{error.message} {error.hint}".strip(), Tone.ERROR)

    def once(self, text: str, *, topic: str) -> None:
        """Tell people something that goes on being so, once until the topic is settled."""
        if topic not in self._told:
            self._told.add(topic)
            self.post(text)

    def settle(self, topic: str) -> None:
        """The thing works again."""
        self._told.discard(topic)
