"""Copying an open project, also one that is open for reading only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath

from sam2_annotator.doc import beside, copies
from sam2_annotator.doc.failures import reported
from sam2_annotator.doc.lock import WriterLock
from sam2_annotator.doc.place import Place
from sam2_annotator.doc.queries import Queries
from sam2_annotator.errors import DocError


class Copyable(Queries):
    """Reads of a project at a place, and copies of what was read."""

    def __init__(self, connection: sqlite3.Connection, place: Place) -> None:
        super().__init__(connection, place.path)
        self._file = place.file

    @property
    def path(self) -> Path:
        """Where the project lies."""
        return self._path

    @property
    def place(self) -> Place:
        """Where the project lies and which file is opened for it."""
        return Place(self._path, self._file)

    def moved_to(self, path: Path) -> None:
        """The project lies elsewhere in its folder from now on; the file that is open stays."""
        self._path = path

    def save(self, progress: copies.Progress | None = None, *, kept: int | None = None) -> copies.RestorePoint:
        """Keep a copy of the project as it is now as a restore point, the newest of `kept`. Raises DocError."""
        return copies.write_restore_point(self._connection, self._file, progress, kept=kept)

    def copy_to(
        self,
        target: Path,
        progress: copies.Progress | None = None,
        media: dict[Path, PurePosixPath] | None = None,
        settled: Path | None = None,
    ) -> None:
        """Copy the project as it is now to another file, which is replaced; its history comes along.

        `media` says where, relative to the target's folder, copies of the media lie; without it they stay where they
        are. `settled` is what that folder will be called. Raises DocError, also when somebody works on the target.
        """
        folder = target.parent if settled is None else settled
        settle = partial(beside.moves, here=self._path.parent, there=folder, places=media)
        with reported(target):
            lock = WriterLock.acquire(target)
            if isinstance(lock, str):
                raise DocError(f"The project {target.name} cannot be replaced: {lock} is working on it.")
            try:
                copies.write_copy(self._connection, target, progress, settle)
            finally:
                lock.release()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Reads inside see one state of the document, whatever a writer does meanwhile."""
        with reported(self._path):
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            self._connection.execute("ROLLBACK")
