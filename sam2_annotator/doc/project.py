"""The one way into the document. Everything the program keeps changes through `Project.apply`."""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from sam2_annotator.doc import beside, mask_table, store
from sam2_annotator.doc.beside import MediaNote
from sam2_annotator.doc.changes import Changes, Origin, RowImage, changes_of, together
from sam2_annotator.doc.commands.base import Command
from sam2_annotator.doc.commands.review import withdraw_confirmations
from sam2_annotator.doc.copyable import Copyable
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.failures import damaged, reported
from sam2_annotator.doc.history import History
from sam2_annotator.doc.lock import WriterLock
from sam2_annotator.doc.pending import Pending, Waiting
from sam2_annotator.doc.place import Place
from sam2_annotator.errors import DocError, StorageError
from sam2_annotator.values.ids import FrameIndex, ItemId, LabelId, StepId

_INSTRUCTIONS = 10_000  # of SQLite between two looks at whether to stop, a millisecond or less
_ENDED = "UPDATE state SET clean = 1, clean_revision = revision WHERE NOT clean"


@dataclass(frozen=True, slots=True)
class Restored:
    """What a program that did not come to its end left: changes since it began, the last one at `at` (UTC)."""

    changes: int
    at: datetime


class Project(Copyable):
    """An open project. Belongs to the thread that opened it, or took it over; others use `open_again`.

    `read_only` is True for a reader, and when somebody else is writing (`holder` names them) or the folder
    cannot be written (`holder` is None). `restored` tells of work that a crash left, None after a clean end;
    `when_closed` is called once, by `close`.
    """

    def __init__(
        self, connection: sqlite3.Connection, place: Place, *, lock: WriterLock | None, holder: str | None = None
    ) -> None:
        super().__init__(connection, place)
        self._lock = lock
        self._history = History(connection)
        self._next_step = self._history.newest_step
        self._fresh: dict[StepId, str] = {}  # steps without a part yet, and their titles
        self._pending = Pending()
        self._owner = threading.get_ident()
        self.holder = holder
        self.restored: Restored | None = None
        self.when_closed: Callable[[], None] | None = None

    def limit_history(self, max_bytes: int) -> None:
        """Let undo keep about this many bytes from the next step on; the oldest steps go first."""
        self._history.max_bytes = max_bytes

    @property
    def history_limit(self) -> int:
        """About how many bytes undo keeps."""
        return self._history.max_bytes

    # ------------------------------------------------------------------------------------------- open and close

    @classmethod
    def open(cls, where: Path | Place, create: bool = True) -> Self:
        """Open a project to write, or read-only when it cannot be written now.

        With `create` a missing file becomes an empty project. Raises DocError, and leaves the file as it is,
        when it is damaged, of a newer program or no project.
        """
        place = where if isinstance(where, Place) else Place.at(where)
        path, file = place.path, place.file
        if not create and not file.exists():
            raise DocError(f"There is no project {path.name}.", hint="Choose another file.")
        try:
            lock = WriterLock.acquire(file)
        except OSError as error:
            if not file.exists():
                raise DocError(
                    f"The project {path.name} cannot be made in {path.parent}.",
                    hint="Choose a folder that exists and that you may write to.",
                    details=f"{type(error).__name__}: {error}",
                ) from error
            return cls.open_read_only(place)
        if isinstance(lock, str):
            return cls.open_read_only(place, holder=lock)
        try:
            project = cls(store.connect_writer(file), place, lock=lock)
            project._find_what_a_crash_left()
            project._find_media_beside()
        except BaseException:
            lock.release()
            raise
        return project

    @classmethod
    def open_read_only(cls, where: Path | Place, *, holder: str | None = None) -> Self:
        """Open a project to read, in any thread, whoever may be writing; `holder` if that is known. Raises DocError."""
        place = where if isinstance(where, Place) else Place.at(where)
        return cls(store.connect_reader(place.file), place, lock=None, holder=holder)

    @classmethod
    def open_again(cls, place: Place) -> Self:
        """A reader of a project this program has open, and so checked, already; for any thread. Raises DocError."""
        return cls(store.connect_reader(place.file, check=False), place, lock=None)

    @classmethod
    def open_helper(cls, place: Place, newest_step: StepId, *, stop: Callable[[], bool] | None = None) -> Self:
        """A second writer of a project this program writes already; the first must not write until it is closed.

        `newest_step` is the first one's, so that the helper's steps are not taken for steps that have no part yet. Once
        `stop` says so, what the helper is doing changes nothing and raises StorageError.
        """
        helper = cls(store.connect_helper(place.file), place, lock=WriterLock.shared())
        if stop is not None:
            helper._connection.set_progress_handler(stop, _INSTRUCTIONS)
        helper._next_step = max(helper._next_step, newest_step)
        return helper

    def take_over(self) -> None:
        """From now on the project belongs to the calling thread; the one that opened it must not touch it again."""
        self._owner = threading.get_ident()

    def close(self) -> None:
        """Drop masks nothing refers to, tidy the file and give it free. A second call does nothing.

        The project is marked as ended well, unless edits are still `pending`.
        """
        if self._lock is not None and not self._lock.is_shared:
            with suppress(sqlite3.DatabaseError):  # tidying may fail on a full or damaged disk; nothing is lost by it
                self._connection.execute(mask_table.SWEEP)
                if not self._pending:
                    self._connection.execute(_ENDED)
                store.checkpoint(self._connection)
        self._connection.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        if self.when_closed is not None:
            self.when_closed()
            self.when_closed = None

    def __enter__(self) -> Self:
        """The project itself."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Close."""
        self.close()

    @property
    def read_only(self) -> bool:
        """True when `apply` would refuse."""
        return self._lock is None

    # --------------------------------------------------------------------------------------------------- writing

    def apply(
        self,
        command: Command,
        *,
        into: StepId | None = None,
        origin: Origin = Origin.USER,
        late: bool = False,
        recorded: bool = True,
    ) -> Changes:
        """Do a command, as a step of its own or as a further part of the step `into`; one transaction.

        A `late` command answers what was done in that step: where it can, it joins the step at its place in the
        history, and what was undone since can still be redone. One that is not `recorded` is no step and cannot be
        undone, as far as no step has to do with what it writes: for what is no deed of a person, such as the files of
        a folder that is opened.

        Nothing is done, and the result is False, when the command changes nothing, or when `into` was undone
        meanwhile: a late answer must not cut what could be redone. Raises DocError, with the document
        unchanged, when a row is gone or the file cannot be written. In the latter case (StorageError) the command
        waits in `pending`, and so does every further one until `try_again` has written them in their order.
        """
        title = None if into is None else self._fresh.get(into)
        waiting = Waiting(command, into, title, origin, late, recorded)
        if self._pending:
            self._pending.add(waiting)
            raise self._pending.error
        try:
            return self._apply(waiting)
        except StorageError as error:
            self._pending.add(waiting, error)
            raise

    @property
    def pending(self) -> tuple[Command, ...]:
        """Commands that could not be written and wait, oldest first."""
        return self._pending.commands

    def try_again(self) -> tuple[Changes, ...]:
        """Write what is pending. One whose rows are gone is dropped. Raises StorageError where the disk still refuses.

        What was written before that stays written and is told by the next call that succeeds.
        """
        return self._pending.drain(self._apply)

    def hand_pending_to(self, other: Project) -> None:
        """Let the commands wait in another copy of this project instead."""
        other._pending, self._pending = self._pending, Pending()
        other._next_step = max(other._next_step, self._next_step)  # what waits is told apart by its step

    def _apply(self, wanted: Waiting) -> Changes:
        command, into, origin = wanted.command, wanted.into, wanted.origin
        with self._write():
            if into is not None and wanted.title is None and not self._history.is_in_effect(into):
                return Changes(self.revision, origin)
            edit = Edit(self._connection, self)
            command.apply(edit)
            withdraw_confirmations(edit)
            images = edit.images
            if not images:
                return Changes(self.revision, origin, into)
            if not wanted.recorded and self._history.is_beside(images):
                return changes_of(images, revision=self._bump(), origin=origin, step=None, created=edit.created)
            step = into if into is not None else StepId(self.newest_step + 1)
            if not (wanted.late and self._history.amend(step, images)):
                self._history.append(step, wanted.title or command.title, images)
            revision = self._bump()
        self._fresh.pop(step, None)
        self._next_step = max(self._next_step, step)
        return changes_of(images, revision=revision, origin=origin, step=step, created=edit.created)

    @property
    def newest_step(self) -> StepId:
        """The highest step there ever was, here or by a helper."""
        return max(self._next_step, self._history.newest_step)

    def new_step(self, title: str) -> StepId:
        """A step to apply commands into; it appears in the history with the first of them."""
        self._next_step = StepId(self.newest_step + 1)
        self._fresh[self._next_step] = title
        return self._next_step

    def end_step(self, step: StepId, *, at_start: bool = False) -> None:
        """Say that nothing more comes: parts of the step become one undo, when what lies between allows it.

        It comes after what lies between, or before that with `at_start`: for answers to what a person did then.
        """
        self._fresh.pop(step, None)
        with self._write():
            self._history.join(step, at_start=at_start)

    def undo(self) -> Changes | None:
        """Take back the newest step; None when there is none. Commands that are pending are given up first."""
        if self._pending:
            self._pending.give_up()
            return Changes(self.revision, Origin.UNDO)
        with self._stepping():
            undone = self._history.undo()
            return None if undone is None else self._replayed(*undone, Origin.UNDO)

    def redo(self) -> Changes | None:
        """Bring back the step undone last; None when there is none."""
        with self._stepping():
            redone = self._history.redo()
            return None if redone is None else self._replayed(*redone, Origin.REDO)

    @property
    def forgotten_steps(self) -> int:
        """How many steps have gone from the history since the project was opened."""
        return self._history.forgotten

    def travel(self, number: int, *, seconds: float = math.inf) -> Changes | None:
        """Undo or redo towards the step with this number of `steps`, 0 for before all of them, for about this long.

        What was moved over is told as one; None once it is reached.
        """
        end = time.monotonic() + seconds
        moved: list[Changes] = []
        while not moved or time.monotonic() < end:
            head = self.head
            changes = self.undo() if head > number else self.redo() if head < number else None
            if changes is None:
                break
            moved.append(changes)
        return together(moved) if moved else None

    @property
    def undo_title(self) -> str | None:
        """Title of the step undo would take back."""
        with reported(self._path):
            return self._history.undo_title

    @property
    def redo_title(self) -> str | None:
        """Title of the step redo would bring back."""
        with reported(self._path):
            return self._history.redo_title

    def set_view(self, item: ItemId, frame: FrameIndex) -> None:
        """Remember where the user is. Not undoable; a reader forgets it."""
        self._set_state("view_item = ?, view_frame = ?", item, frame)

    def note_media(self, notes: Sequence[MediaNote], moved: Set[ItemId] = frozenset()) -> Changes:
        """Keep what was found out about files; not undoable. An item that has gone, or a path taken, is passed over.

        The result names the items that are elsewhere now, `moved`.
        """
        with self._write():
            beside.note(self._connection, notes, self._path.parent)
        return Changes(self.revision, Origin.USER, items=frozenset(moved))

    def set_current_label(self, label: LabelId | None) -> None:
        """Remember the label new objects get. Not undoable; a reader forgets it."""
        self._set_state("current_label = ?", label)

    # -------------------------------------------------------------------------------------------------- internals

    @contextmanager
    def _write(self) -> Iterator[None]:
        if self.read_only:
            reason = f"{self.holder} is working on it" if self.holder else "it is open for reading only"
            raise DocError(f"The project {self._path.name} cannot be changed: {reason}.")
        if self._owner != threading.get_ident():
            raise RuntimeError("a project is written by the thread it belongs to")
        with store.transaction(self._connection, self._path):
            yield

    @contextmanager
    def _stepping(self) -> Iterator[None]:
        """A step of the history that makes no sense is damage, not an error of the program."""
        try:
            with self._write():
                yield
        except (ValueError, TypeError, KeyError, IndexError, AssertionError, sqlite3.Error) as error:
            raise damaged(self._path, f"a step of the history: {type(error).__name__}: {error}") from error

    def _replayed(self, step: StepId, images: tuple[RowImage, ...], origin: Origin) -> Changes:
        return changes_of(images, revision=self._bump(), origin=origin, step=step)

    def _bump(self) -> int:
        now = datetime.now(UTC).replace(microsecond=0).isoformat()
        (revision,) = self._connection.execute(
            "UPDATE state SET revision = revision + 1, revised = ?, clean = 0 RETURNING revision", (now,)
        ).fetchone()
        return int(revision)

    def _find_what_a_crash_left(self) -> None:
        if not self._state("clean"):
            changes = self.revision - int(self._state("clean_revision"))
            self.restored = Restored(changes, self.revised) if changes > 0 else None
            with self._write():
                self._connection.execute(_ENDED)

    def _find_media_beside(self) -> None:
        try:
            with reported(self._path):
                beside.moved_here(self._connection, self._path.parent)
        except ValueError as error:
            raise damaged(self._path, str(error)) from error

    def _set_state(self, assignment: str, *values: int | None) -> None:
        if not self.read_only:
            with self._write():
                self._connection.execute(f"UPDATE state SET {assignment}", values)
