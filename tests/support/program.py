"""The `start` fixture: the running window over an engine without a model or with the bundled one."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sam2_annotator.ui import main, shutdown
from support.fake_engine import FakeService
from support.language import speak_english
from support.window import Driver, scheduled

Start = Callable[..., Driver]
BUSY_SECONDS = 30.0


@pytest.fixture
def start(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Starts the program; called again after `close`, it is the program started again."""
    monkeypatch.setattr(shutdown, "POOL_SECONDS", BUSY_SECONDS)  # a busy machine is no fault of the program
    monkeypatch.setattr(shutdown, "_leave", _refuse_to_leave)
    speak_english(qapp)
    drivers: list[Driver] = []

    def begin(service: FakeService | None = None, *, real: bool = False) -> Driver:
        make = main.real_scheduler if real else scheduled(service or FakeService())
        drivers.append(Driver(qtbot, qapp, make))
        return drivers[-1]

    yield begin
    for driver in drivers:
        driver.close()
        driver.until(driver.app.threads.drive_thread.isFinished)  # a network drive gets what it lacks meanwhile
        assert driver.app.threads.engine_thread.isFinished(), "the engine thread is still running"
        assert driver.app.threads.decoder_thread.isFinished(), "the decoder thread is still running"
        assert not driver.app.threads.tasks.running or driver.closed


def _refuse_to_leave() -> None:
    """Leaving hard would end all tests, and with the exit code of success."""
    raise AssertionError("a thread did not end in its time")
