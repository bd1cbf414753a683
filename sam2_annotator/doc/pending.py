"""Commands the disk would not take: they wait in memory, in their order, and are never taken for saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sam2_annotator.doc.changes import Changes, Origin
from sam2_annotator.doc.commands.base import Command
from sam2_annotator.errors import DocError, StorageError
from sam2_annotator.values.ids import StepId


@dataclass(frozen=True, slots=True)
class Waiting:
    """A command as `Project.apply` got it. `title` is that of the step `into` while that has no part yet."""

    command: Command
    into: StepId | None
    title: str | None
    origin: Origin
    late: bool
    recorded: bool


class Pending:
    """False when nothing waits. `error` is why the oldest does."""

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._written: list[Changes] = []
        self._error: StorageError | None = None

    def __bool__(self) -> bool:
        """True when something waits."""
        return bool(self._waiting)

    @property
    def commands(self) -> tuple[Command, ...]:
        """What waits, oldest first."""
        return tuple(waiting.command for waiting in self._waiting)

    @property
    def error(self) -> StorageError:
        """Why it waits."""
        assert self._error is not None, "asked only while something waits"
        return self._error

    def add(self, waiting: Waiting, error: StorageError | None = None) -> None:
        """One more. The same once more in a row is what a person tried again, and waits once."""
        self._error = error or self._error
        if self._waiting[-1:] != [waiting]:
            self._waiting.append(waiting)

    def drain(self, write: Callable[[Waiting], Changes]) -> tuple[Changes, ...]:
        """Write all; a command the document refuses now is dropped. Raises StorageError, and the rest waits on."""
        while self._waiting:
            try:
                self._written.append(write(self._waiting[0]))
            except StorageError as error:
                self._error = error
                raise
            except (DocError, ValueError):  # what it was meant for went with an undo
                pass
            del self._waiting[0]
        written, self._written = tuple(filter(None, self._written)), []
        return written

    def give_up(self) -> None:
        """Forget the newest."""
        del self._waiting[-1]
