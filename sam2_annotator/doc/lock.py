"""The writer's lock: at most one program changes a project, and others can tell who that is.

An operating-system lock on a small file beside the project; it vanishes with the process that holds it, so a
crash never leaves a project locked.
"""

from __future__ import annotations

import errno
import getpass
import os
import socket
import sys
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: BinaryIO) -> bool:
        file.seek(1 << 20)  # Windows forbids reading locked bytes, and others must read the holder's name
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:  # a file system without locks: SQLite's own, briefer locks must do
            return error.errno in (errno.ENOLCK, errno.ENOTSUP, errno.EINVAL)
        return True


class WriterLock:
    """Held from `acquire` to `release`."""

    def __init__(self, path: Path, file: BinaryIO | None) -> None:
        self._path = path
        self._file = file

    @classmethod
    def shared(cls) -> WriterLock:
        """For a helper of the one that holds the lock; releasing it does nothing."""
        return cls(Path(), None)

    @property
    def is_shared(self) -> bool:
        """True for a helper's."""
        return self._file is None

    @classmethod
    def acquire(cls, project: Path) -> WriterLock | str:
        """The lock of this project, or the name of who holds it. Raises OSError when the folder is read-only."""
        path = project.with_name(f"{project.name}.lock")
        while True:
            file = path.open("a+b")
            try:
                if not _try_lock(file):
                    file.seek(0)
                    holder = file.read(200).decode("utf-8", "replace").strip() or "another program"
                    file.close()
                    return holder
                if _is_at(file, path):
                    file.truncate(0)
                    file.write(_own_name().encode("utf-8", "replace"))
                    file.flush()
                    return cls(path, file)
                file.close()  # the former holder removed the file between our opening and locking it
            except BaseException:
                file.close()
                raise

    def is_held(self) -> bool:
        """Whether it is still ours: a server that was away may have given it to somebody else. Raises OSError."""
        if self._file is None or not _is_at(self._file, self._path):
            return False
        with self._path.open("rb") as file:
            return file.read() == _own_name().encode("utf-8", "replace")

    def give_up(self) -> None:
        """It is somebody else's now: forget it and leave its file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def release(self) -> None:
        """Give the lock back and remove its file."""
        if self._file is None:
            return
        if sys.platform == "win32":
            self._file.close()
        try:
            self._path.unlink(missing_ok=True)
        except PermissionError:  # Windows: somebody else has opened it already, and owns it now
            pass
        finally:
            self._file.close()


def _is_at(file: BinaryIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _own_name() -> str:
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "somebody"
    return f"{user} on {socket.gethostname()} (process {os.getpid()})"
