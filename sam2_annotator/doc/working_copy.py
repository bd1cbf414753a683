"""A project on a network drive, worked on in a copy on this computer that is written back.

The folder of a copy holds the file that is opened and a marker: where the project lies, what lay there when it was last
read or written, and which state of the document that was. So what has not reached the drive yet is found by the next
run, whenever this one ended. What somebody else wrote is never replaced: then the copy steps aside, and is written
beside the project under a name that says whose changes it holds.
"""

from __future__ import annotations

import getpass
import json
import os
import shutil
import threading
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from sam2_annotator.doc import copies, drives, store, transfer
from sam2_annotator.doc.copies import Progress
from sam2_annotator.doc.lock import WriterLock
from sam2_annotator.doc.place import Place
from sam2_annotator.doc.transfer import Glance, drive_error, reaching

_MARKER = "copy.json"
_VERSION = 1
_STATE = "SELECT revision, head, view_item, view_frame, current_label FROM state"

State = tuple[int | None, ...]  # of the document: its revision first, then where the person was


@dataclass(frozen=True, slots=True)
class Arrived:
    """A content that is on the drive, or on its way there: its digest, and the state of the document it is."""

    digest: str
    state: State


@dataclass(frozen=True, slots=True)
class Marker:
    """What is known of a copy. `there` is what lay on the drive last, `glance` how it looked; None for nothing. `sent`
    was being written when the program may have ended."""

    drive: Path
    file: str
    glance: Glance | None = None
    there: Arrived | None = None
    sent: Arrived | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A copy was written to the drive. `instead_of` is the project that somebody else had changed: it stayed as it is,
    and the work goes on at `place`, beside it."""

    place: Place
    instead_of: Path | None = None


class WorkingCopy:
    """One copy. `users` and `is_fresh`, true until somebody worked in it, are the registry's (doc/remote.py); `busy` is
    held by whoever reads or writes the drive for it."""

    def __init__(self, folder: Path, marker: Marker, own: WriterLock, drive_lock: WriterLock | None = None) -> None:
        self._folder = folder
        self._own = own
        self._drive_lock = drive_lock
        self.marker = marker
        self.holder: str | None = None
        self.read_only = False
        self.users = 0
        self.ended = False
        self.is_fresh = False
        self.busy = threading.Lock()

    @property
    def place(self) -> Place:
        """Where the project lies, and the file opened for it."""
        return Place(self.marker.drive, self._folder / self.marker.file)

    @property
    def has_lock(self) -> bool:
        """True once nobody else may write the project on the drive."""
        return self._drive_lock is not None

    def is_behind(self, *, wholly: bool) -> bool:
        """True while the drive lacks something; `wholly` where the person was counts as well. Raises DocError."""
        if self.read_only:
            return False
        there, now = self.marker.there, self.state()
        changed = there is None or (now != there.state if wholly else now[0] != there.state[0])
        return changed or bool(copies.restore_points(self.place.file))

    def state(self) -> State:
        """Of the document here. Raises DocError."""
        return store.read_one(self.place.file, _STATE)

    def hold(self) -> str | None:
        """Take the lock on the drive, or find it still held; who else has it otherwise. Raises OSError."""
        if self._drive_lock is not None:
            if self._drive_lock.is_held():
                return None
            self._drive_lock.give_up()
            self._drive_lock = None
        lock = WriterLock.acquire(self.marker.drive)
        if isinstance(lock, str):
            return lock
        self._drive_lock = lock
        return None

    def give_lock(self) -> WriterLock | None:
        """The lock on the drive goes to another copy."""
        lock, self._drive_lock = self._drive_lock, None
        return lock

    def was_overtaken(self) -> bool:
        """True when somebody else wrote the project since it was last read or written from here. Raises OSError."""
        now, seen = transfer.glance(self.marker.drive), self.marker.glance
        if now is None or now == seen:
            return False
        if seen is not None and now.logs != seen.logs:
            return True
        known = {arrived.digest for arrived in (self.marker.there, self.marker.sent) if arrived is not None}
        return transfer.digest_of(self.marker.drive) not in known

    def step_aside(self) -> None:
        """From now on this is another project, beside the one on the drive, which stays as it is. Raises OSError."""
        drive = self.marker.drive
        whose = f"{drive.stem} (changes by {_user()}, {datetime.now():%Y-%m-%d %H.%M})"
        aside, number = drive.with_name(f"{whose}{drive.suffix}"), 2
        while transfer.glance(aside) is not None:
            aside, number = drive.with_name(f"{whose} {number}{drive.suffix}"), number + 1
        self._give_drive_free()
        self._note(Marker(aside, self.marker.file))

    def write(self, progress: Progress, *, kept: int) -> Written:
        """Bring the drive up to what is here now, with restore points, of which the newest `kept` stay.

        Raises DriveError, also when the drive is away, DocError, and what `progress` raises; all can be tried again.
        """
        drive, instead_of = self.marker.drive, None
        if not drives.is_remote(drive):  # a folder that stays where a drive was is no place to write to
            raise drive_error(drive, OSError("not mounted"))
        sending = self._folder / f"sending{drive.suffix}"
        partial = drive.with_name(f"{drive.name}.{self._folder.name}.partial")
        try:
            with closing(store.connect_reader(self.place.file, check=False)) as source, store.reported(self.place.file):
                copies.write_copy(source, sending, lambda done, total: progress(0, total))
            state = store.read_one(sending, _STATE)
            with reaching(drive):
                digest = transfer.copy_bytes(sending, partial, progress)
                if self.hold() is not None or self.was_overtaken():
                    instead_of = drive
                    self.step_aside()
                    self.hold()
                self._put(partial, Arrived(digest, state))
        finally:
            sending.unlink(missing_ok=True)
            with suppress(OSError):
                partial.unlink(missing_ok=True)
        with reaching(self.marker.drive):
            self._write_restore_points(kept)
        return Written(self.place, instead_of)

    def _put(self, partial: Path, sent: Arrived) -> None:
        drive = self.marker.drive
        self._note(replace(self.marker, sent=sent))
        for log in transfer.logs_of(drive):  # they belong to what lay there; it is all in the copy
            log.unlink(missing_ok=True)
        os.replace(partial, drive)
        self._note(replace(self.marker, glance=transfer.glance(drive), there=sent, sent=None))

    def _write_restore_points(self, kept: int) -> None:
        target = copies.folder_of(self.marker.drive)
        for point in reversed(copies.restore_points(self.place.file)):
            target.mkdir(exist_ok=True)
            partial = target / f"{point.path.name}.partial"
            transfer.copy_bytes(point.path, partial, lambda done, total: None)
            os.replace(partial, target / point.path.name)
            point.path.unlink()
            for old in copies.restore_points(self.marker.drive)[max(1, kept) :]:
                old.path.unlink()

    def end(self) -> None:
        """Let go of the drive and remove the folder. Raises nothing: what is left behind is swept by a later run."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self.let_go()
        shutil.rmtree(self._folder, ignore_errors=True)  # on Windows the lock kept it

    def let_go(self) -> None:
        """The folder stays, and may be taken by another run."""
        self._give_drive_free()
        with suppress(OSError):
            self._own.release()

    def _give_drive_free(self) -> None:
        if self._drive_lock is not None:
            with suppress(OSError):
                self._drive_lock.release()
            self._drive_lock = None

    def note(self) -> None:
        """Keep the marker."""
        self._note(self.marker)

    def _note(self, marker: Marker) -> None:
        values = {**asdict(marker), "drive": str(marker.drive), "version": _VERSION}
        partial = self._folder / f"{_MARKER}.partial"
        with partial.open("w", encoding="ascii") as file:
            json.dump(values, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, self._folder / _MARKER)
        self.marker = marker


def read_marker(folder: Path) -> Marker | None:
    """What a former run noted of a copy; None when it had not come so far, or that cannot be read."""
    try:
        values = json.loads((folder / _MARKER).read_text(encoding="ascii"))
        if values["version"] != _VERSION:
            return None
        seen = values["glance"]
        return Marker(
            Path(values["drive"]),
            Path(str(values["file"])).name,
            None if seen is None else Glance(seen["size"], seen["mtime_ns"], seen["logs"]),
            _arrived(values["there"]),
            _arrived(values["sent"]),
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _arrived(values: dict[str, object] | None) -> Arrived | None:
    if values is None:
        return None
    state = values["state"]
    if not isinstance(state, list) or not state:
        raise ValueError("no state")
    return Arrived(str(values["digest"]), tuple(state))


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"
