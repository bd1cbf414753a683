"""Passing notices: the one place that says something happened."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Signal

from sam2_annotator import log
from sam2_annotator.engine.messages import ErrorReport

_log = log.get("ui")


class Tone(Enum):
    """How a notice is marked."""

    PLAIN = "plain"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence, and buttons as (title, wish)."""

    text: str
    tone: Tone = Tone.PLAIN
    actions: tuple[tuple[str, object], ...] = ()


class Notices(QObject):
    """Posts notices. A failure that repeats is told once, until `settle` says it works again."""

    posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._told: set[str] = set()

    def post(self, text: str, tone: Tone = Tone.PLAIN, *actions: tuple[str, object]) -> None:
        """Tell people something."""
        _log.info("notice", tone=tone.value, text=text)
        self.posted.emit(Notice(text, tone, actions))

    def fail(self, error: ErrorReport, *, topic: str = "") -> None:
        """Tell people of a failure; one with a `topic` is told once until it is settled."""
        if topic and topic in self._told:
            return
        if topic:
            self._told.add(topic)
        if error.details:
            _log.info("failure", message=error.message, details=error.details)
        self.post(f"{error.message} {error.hint}".strip(), Tone.ERROR)

    def settle(self, topic: str) -> None:
        """The thing works again."""
        self._told.discard(topic)
