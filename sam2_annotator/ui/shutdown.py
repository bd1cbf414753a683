"""The way out, one list: nothing hangs, and what is finished is kept."""

from __future__ import annotations

import faulthandler
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, QThread, Slot

from sam2_annotator import log
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.threads.engine_client import EngineClient
from sam2_annotator.ui.threads.task_runner import TaskRunner

POOL_SECONDS = 3.0
DECODER_MS = 3_000
ENGINE_MS = 10_000
SAVE_MS = 10_000
DRIVES_MS = 3_000
_log = log.get("ui")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage; `run` gives False when a thread did not end in its time."""

    name: str
    run: Callable[[], bool]


class Shutdown(QObject):
    """Runs the stages once; between them, with the event loop running, network drives get what they lack.

    A thread that never returns is left behind: its stack is logged and the process exits hard, after the project was
    closed.
    """

    def __init__(
        self,
        *,
        refuse: Callable[[], None],
        end_run: Callable[[], None],
        engine: EngineClient,
        tasks: TaskRunner,
        bus: DocumentBus,
        decoder_thread: QThread,
        engine_thread: QThread,
        save_thread: QThread,
        drive_thread: QThread,
        write_drives: Callable[[Callable[[], None]], None],
        stop_collector: Callable[[], None],
        save_settings: Callable[[], None],
        save_window: Callable[[], None],
        close_window: Callable[[], None],
        quit_application: Callable[[], None],
    ) -> None:
        super().__init__()
        self._close_window = close_window
        self._done = False
        self._stages = (
            Stage("refuse new wishes", _always(refuse)),
            Stage("cancel", _always(engine.cancel_all)),
            Stage("pool", lambda: tasks.stop(POOL_SECONDS)),
            Stage("large edit", _always(lambda: bus.take_back(None))),
            Stage("decoder", lambda: _end(decoder_thread, DECODER_MS)),
            Stage("engine", lambda: _end(engine_thread, ENGINE_MS)),
            Stage("last answers", _always(lambda: QCoreApplication.sendPostedEvents(engine))),
            Stage("run", _always(end_run)),
            Stage("save", lambda: _end(save_thread, SAVE_MS)),
            Stage("project", _always(lambda: bus.replace(None))),
        )
        self._write_drives = write_drives
        self._last_stages = (
            Stage("drives", lambda: _end(drive_thread, DRIVES_MS)),
            Stage("collector", _always(stop_collector)),
            Stage("settings", _always(save_settings)),
            Stage("window state", _always(save_window)),
        )
        self._quit = quit_application
        self._stuck: list[str] = []

    @Slot()
    def run(self) -> None:
        """Go through the stages and leave."""
        if self._done:
            return
        self._done = True
        self._run_all(self._stages)
        self._write_drives(self._leave_window)

    def _leave_window(self) -> None:
        self._run_all(self._last_stages)
        self._close_window()
        if self._stuck:
            _log.error("threads did not end", stages=", ".join(self._stuck))
            faulthandler.dump_traceback(sys.__stderr__ or 2, all_threads=True)
            log.stop()
            _leave()
        self._quit()

    def _run_all(self, stages: tuple[Stage, ...]) -> None:
        self._stuck += [stage.name for stage in stages if not self._run(stage)]

    def _run(self, stage: Stage) -> bool:
        ended = stage.run()
        _log.info("shut-down", stage=stage.name, ended=ended)
        return ended


def _leave() -> None:
    os._exit(0)


def _always(function: Callable[[], object]) -> Callable[[], bool]:
    def run() -> bool:
        function()
        return True

    return run


def _end(thread: QThread, milliseconds: int) -> bool:
    thread.quit()
    return thread.wait(milliseconds)
