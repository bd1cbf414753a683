"""What crosses threads; every connection says how. The rest is in wiring.py."""

from __future__ import annotations

from PySide6.QtCore import Qt

from sam2_annotator.ui.wiring import Controllers, Threads

_QUEUED = Qt.ConnectionType.QueuedConnection
_ON_THE_WORKERS_THREAD = Qt.ConnectionType.DirectConnection


def connect_threads(threads: Threads) -> None:
    """Rows 1, 2, 4 and 5: across threads."""
    t = threads
    t.engine_thread.started.connect(t.engine_worker.start, _ON_THE_WORKERS_THREAD)  # before anything queued
    t.engine_thread.finished.connect(t.engine_worker.stop, _ON_THE_WORKERS_THREAD)
    t.engine.submitted.connect(t.engine_worker.submit, _QUEUED)
    t.engine.acked.connect(t.engine_worker.ack, _QUEUED)
    t.engine_worker.responded.connect(t.engine.deliver, _QUEUED)
    t.decoder_thread.finished.connect(t.decoder_worker.close, _ON_THE_WORKERS_THREAD)
    t.frames.requested.connect(t.decoder_worker.fetch, _QUEUED)
    t.decoder_worker.ready.connect(t.frames.deliver, _QUEUED)


def connect_saving(threads: Threads, controllers: Controllers) -> None:
    """To the threads that make writes safe and take them to network drives, and back."""
    controllers.saving.due.connect(threads.save_worker.save, _QUEUED)
    threads.save_worker.done.connect(controllers.saving.on_result, _QUEUED)
    controllers.drives.due.connect(threads.drive_worker.write, _QUEUED)
    threads.drive_worker.moved.connect(controllers.drives.on_progress, _QUEUED)
    threads.drive_worker.done.connect(controllers.drives.on_done, _QUEUED)
    threads.drive_thread.finished.connect(threads.drive_worker.leave, _ON_THE_WORKERS_THREAD)
    controllers.saving.hurried.connect(controllers.drives.hurry)
