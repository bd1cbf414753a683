"""Projects on network drives: each is worked on in a copy on this computer, which is written back.

The window never waits for a drive: only `open` and `write` reach it, in other threads; what a closed project still owes
its drive is written after it was closed, and by the next run if need be.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from sam2_annotator import log
from sam2_annotator.doc import drives, transfer
from sam2_annotator.doc.copies import Progress
from sam2_annotator.doc.lock import WriterLock
from sam2_annotator.doc.place import Place
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.transfer import READ_ONLY, opening, reaching
from sam2_annotator.doc.working_copy import Arrived, Marker, WorkingCopy, Written, read_marker
from sam2_annotator.errors import DocError

_log = log.get("doc")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of writing one copy: `written`, None when there was nothing to do or `error` kept it; `is_open` while
    somebody works on it."""

    place: Place
    is_open: bool
    written: Written | None = None
    error: DocError | None = None


class WorkingCopies:
    """All copies of this run, for any thread. `folders` are where they may lie; the first on a disk of this computer
    is taken. Nothing but `open` and `write` waits for a disk."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._copies: list[WorkingCopy] = []
        self._short = threading.Lock()  # guards the list and the counts of users; never held while a disk is asked
        self._opening = threading.Lock()

    # -------------------------------------------------------------------------------------------------- opening

    def open(self, path: Path, *, create: bool, progress: Progress) -> Project:
        """Open a project wherever it lies: in place, or in a copy when that is on a network drive.

        Raises DocError, and what `progress(done, total)` raises.
        """
        if not drives.is_remote(path) and not self._is_known(path):
            return Project.open(path, create=create)
        with self._opening:
            copy = self._copy_for(path, create=create, progress=progress)
        try:
            if copy.read_only:
                project = Project.open_read_only(copy.place, holder=copy.holder)
            else:
                project = Project.open(copy.place, create=create and copy.marker.there is None)
        except BaseException:
            self._drop(copy)
            raise
        copy.is_fresh = False
        project.when_closed = lambda: self._release(copy)
        return project

    def is_there(self, path: Path) -> bool:
        """Whether there is something to open, be it only what a drive that is away has not got yet."""
        return self._is_known(path) or path.is_file()

    def hold(self, place: Place) -> None:
        """Keep the copy, although its project is closed: it will be opened again. `free` ends that."""
        self._count(place, 1)

    def free(self, place: Place) -> None:
        """See `hold`."""
        self._count(place, -1)

    def _copy_for(self, path: Path, *, create: bool, progress: Progress) -> WorkingCopy:
        """The copy of this run or of a former one, else a new one; it has one user more."""
        while (copy := self._find(path)) is not None:
            with self._short:
                at_work = not copy.ended and (copy.has_lock or copy.read_only)
                copy.users += at_work
            if at_work:
                return copy
            with copy.busy:  # it ends just now, or is what a former run left
                if not copy.ended:
                    return self._go_on(copy, path, create=create, progress=progress)
        left = self._left_by_a_former_run(path)
        if left is not None:
            self._add(left)
            with left.busy:
                return self._go_on(left, path, create=create, progress=progress)
        return self._fetched(path, create=create, progress=progress)

    def _go_on(self, copy: WorkingCopy, path: Path, *, create: bool, progress: Progress) -> WorkingCopy:
        """Work on with a copy that nobody used, unless the drive has something newer. Its `busy` is held."""
        try:
            owes = copy.is_behind(wholly=False)
        except DocError as error:  # what can be read of it may be rescued by hand
            _log.warning("copy cannot be read", file=str(copy.place.file), cause=str(error))
            self._forget(copy)
            return self._fetched(path, create=create, progress=progress)
        try:
            holder = copy.hold()
            overtaken = holder is None and copy.was_overtaken()
            gone = not owes and transfer.glance(path) is None
        except OSError as error:
            if error.errno in READ_ONLY and not owes:
                return self._instead(copy, path, create=create, progress=progress)
            _log.info("drive away", project=path.name, cause=str(error))
            holder, overtaken, gone = None, False, False
        if holder is None and not overtaken and not gone:
            with self._short:
                copy.users += 1
            return copy
        if owes:
            with opening(path):
                lock = copy.give_lock()
                copy.step_aside()  # it is written by and by, under a name of its own
                return self._fetched(path, create=create, progress=progress, lock=lock)
        return self._instead(copy, path, create=create, progress=progress)

    def _instead(self, copy: WorkingCopy, path: Path, *, create: bool, progress: Progress) -> WorkingCopy:
        """A copy that owes nothing makes room for what lies on the drive."""
        lock = copy.give_lock()
        self._remove(copy)
        return self._fetched(path, create=create, progress=progress, lock=lock)

    def _fetched(self, path: Path, *, create: bool, progress: Progress, lock: WriterLock | None = None) -> WorkingCopy:
        """A new copy of what lies on the drive."""
        holder: str | None = None
        with opening(path):
            there = transfer.glance(path)
        if there is None and not create:
            raise DocError(f"There is no project {path.name}.", hint="Choose another file.")
        if lock is None:
            try:
                found = WriterLock.acquire(path)
                lock, holder = (None, found) if isinstance(found, str) else (found, None)
            except OSError as error:
                if there is None or error.errno not in READ_ONLY:
                    raise transfer.open_error(path, error) from error
        copy = self._make(path, lock)
        try:
            copy.read_only, copy.holder = lock is None, holder
            if there is not None:
                with opening(path):
                    seen, digest = transfer.fetch(path, copy.place.file, progress)
                state = copy.state()
                copy.marker = Marker(path, path.name, seen, Arrived(digest, state))
            if not copy.read_only:
                copy.note()
        except BaseException:
            copy.end()
            raise
        copy.users, copy.is_fresh = 1, True
        self._add(copy)
        return copy

    def _make(self, path: Path, lock: WriterLock | None) -> WorkingCopy:
        folder = self._folder() / uuid4().hex[:12]
        try:
            folder.mkdir(parents=True, mode=0o700)
            own = WriterLock.acquire(folder / "copy")
        except OSError as error:
            if lock is not None:
                lock.release()
            raise DocError(
                f"There is no place on this computer to work on {path.name}.",
                hint=f"Free some space, or see that {folder.parent} can be written to.",
                details=f"{type(error).__name__}: {error}",
            ) from error
        assert not isinstance(own, str), "the folder is new"
        return WorkingCopy(folder, Marker(path, path.name), own, lock)

    # -------------------------------------------------------------------------------------------------- writing

    def take_up(self) -> None:
        """Take up what former runs still owe to drives; what they left besides is removed."""
        with self._opening:
            for copy in filter(None, map(_taken, self._left_folders())):
                try:
                    owes = copy.marker.file != "" and copy.is_behind(wholly=True)
                except DocError as error:
                    _log.warning("copy cannot be read", file=str(copy.place.file), cause=str(error))
                    copy.let_go()
                    continue
                if owes:
                    self._add(copy)
                else:
                    copy.end()

    def write(self, progress: Progress, *, kept: int) -> tuple[Outcome, ...]:
        """Write what is behind to its drive, and end the copies nobody uses; raises what `progress` raises."""
        with self._short:
            copies = tuple(self._copies)
        return tuple(filter(None, [self._write(copy, progress, kept) for copy in copies]))

    def leave(self) -> None:
        """The run ends: what drives still lack is left to the next one. Nothing may be done with copies after that."""
        with self._short:
            copies = tuple(self._copies)
        for copy in copies:
            with copy.busy:
                self._forget(copy)

    @property
    def open_or_owing(self) -> bool:
        """True while there is any copy."""
        return bool(self.owing)

    @property
    def owing(self) -> tuple[Path, ...]:
        """The projects there are copies of."""
        with self._short:
            return tuple(copy.place.path for copy in self._copies)

    def _write(self, copy: WorkingCopy, progress: Progress, kept: int) -> Outcome | None:
        with copy.busy:
            if copy.ended:
                return None
            written: Written | None = None
            is_open = copy.users > 0
            try:
                if copy.is_behind(wholly=not is_open):
                    written = copy.write(progress, kept=kept)
                elif is_open and not copy.read_only:
                    with reaching(copy.place.path):
                        copy.hold()  # after an outage
            except DocError as error:
                return Outcome(copy.place, is_open, error=error)
            with self._short:
                copy.ended = copy.users == 0
            if copy.ended:
                self._remove(copy)
            return Outcome(copy.place, is_open, written)

    # ------------------------------------------------------------------------------------------------ the list

    def _is_known(self, path: Path) -> bool:
        """Whether there is a copy of this run, or of a former one."""
        if self._find(path) is not None:
            return True
        return any(
            (found := read_marker(folder)) is not None and found.drive == path for folder in self._left_folders()
        )

    def _find(self, path: Path) -> WorkingCopy | None:
        with self._short:
            return next((copy for copy in self._copies if copy.place.path == path), None)

    def _left_by_a_former_run(self, path: Path) -> WorkingCopy | None:
        for folder in self._left_folders():
            found = read_marker(folder)
            if found is not None and found.drive == path and (copy := _taken(folder)) is not None:
                return copy
        return None

    def _left_folders(self) -> tuple[Path, ...]:
        with self._short:
            ours = {copy.place.file.parent for copy in self._copies}
        found: list[Path] = []
        for folder in self._folders:
            with suppress(OSError):
                found += [child for child in folder.iterdir() if child.is_dir() and child not in ours]
        return tuple(found)

    def _folder(self) -> Path:
        """The first of the folders that lies on this computer."""
        return next((folder for folder in self._folders if not drives.is_remote(folder)), self._folders[0])

    def _add(self, copy: WorkingCopy) -> None:
        with self._short:
            self._copies.append(copy)

    def _remove(self, copy: WorkingCopy) -> None:
        copy.ended = True
        copy.end()
        with self._short:
            self._copies.remove(copy)

    def _forget(self, copy: WorkingCopy) -> None:
        copy.ended = True
        copy.let_go()
        with self._short:
            self._copies.remove(copy)

    def _release(self, copy: WorkingCopy) -> None:
        with self._short:
            copy.users -= 1

    def _drop(self, copy: WorkingCopy) -> None:
        """It could not be opened: nothing was done in it, unless a former run did."""
        with copy.busy:
            self._release(copy)
            if copy.is_fresh:
                self._remove(copy)

    def _count(self, place: Place, more: int) -> None:
        with self._short:
            for copy in self._copies:
                if copy.place.file == place.file:
                    copy.users += more


def _taken(folder: Path) -> WorkingCopy | None:
    """What a former run left, unless another program works on it."""
    with suppress(OSError):
        own = WriterLock.acquire(folder / "copy")
        if not isinstance(own, str):
            return WorkingCopy(folder, read_marker(folder) or Marker(Path(), ""), own)
    return None
