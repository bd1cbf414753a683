"""Puts what was written where a power cut cannot take it, on a thread of its own: it must not wait for other jobs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, Signal, Slot

from sam2_annotator.doc import store
from sam2_annotator.doc.place import Place
from sam2_annotator.errors import DocError


@dataclass(frozen=True, slots=True)
class SaveResult:
    """All that was written into a project before the request is safe; else `error` says why not."""

    project: Place
    at: datetime
    error: DocError | None = None


class SaveWorker(QObject):
    """`done` carries one SaveResult for each request."""

    done = Signal(object)

    @Slot(object)
    def save(self, project: Place) -> None:
        """Make what was written into a project safe; its writer goes on meanwhile."""
        error: DocError | None = None
        try:
            store.checkpoint_elsewhere(project.file)
        except DocError as failure:
            error = failure
        self.done.emit(SaveResult(project, datetime.now(), error))
