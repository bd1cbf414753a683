import threading
import time

import pytest
from pytestqt.qtbot import QtBot

from sam2_annotator.errors import MediaError
from sam2_annotator.ui.threads.task_runner import TaskResult, TaskRunner


def run_one(qtbot: QtBot, function) -> TaskResult:
    runner = TaskRunner()
    with qtbot.waitSignal(runner.finished, timeout=5000) as caught:
        runner.run("Work", function)
    assert runner.stop(1.0)
    return caught.args[0]


def test_a_value_comes_back_from_another_thread(qtbot: QtBot) -> None:
    result = run_one(qtbot, lambda progress, token: threading.current_thread() is threading.main_thread())
    assert result.value is False
    assert result.error is None


def test_an_error_for_people_keeps_its_sentence(qtbot: QtBot) -> None:
    def fail(progress, token):
        raise MediaError("a.mp4 has no frames.", hint="Choose another.")

    result = run_one(qtbot, fail)
    assert (result.error.message, result.error.hint) == ("a.mp4 has no frames.", "Choose another.")


def test_an_unforeseen_error_names_the_task(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    def fail(progress, token):
        raise ZeroDivisionError("oh")

    result = run_one(qtbot, fail)
    assert result.error.message == "Work failed: oh"
    assert "ZeroDivisionError" in result.error.details


def test_stop_cancels_and_waits(qtbot: QtBot) -> None:
    runner = TaskRunner()
    started = threading.Event()

    def work(progress, token):
        started.set()
        while True:
            token.check()
            time.sleep(0.005)

    task = runner.run("Work", work)
    assert started.wait(5)
    assert runner.stop(5.0)
    with qtbot.waitSignal(runner.finished, timeout=5000) as caught:
        pass
    assert caught.args[0].cancelled
    assert caught.args[0].task is task


def test_progress_is_told_but_not_more_often_than_eyes_see(qtbot: QtBot) -> None:
    runner = TaskRunner()
    told: list[int] = []
    runner.progressed.connect(lambda progress: told.append(progress.done))

    def work(progress, token):
        for number in range(1000):
            progress(number, 1000)
        time.sleep(0.1)

    with qtbot.waitSignal(runner.finished, timeout=5000):
        runner.run("Work", work)
    assert runner.stop(1.0)
    assert told[0] == 0
    assert len(told) < 50


def test_stop_does_not_wait_for_what_has_not_begun(qtbot: QtBot) -> None:
    runner = TaskRunner()
    begun = [threading.Event(), threading.Event()]

    def occupy(event: threading.Event):
        def work(progress, token):
            event.set()
            while True:
                token.check()
                time.sleep(0.005)

        return work

    for event in begun:
        runner.run("Work", occupy(event))
    runner.run("Waits its turn", lambda progress, token: None)
    assert all(event.wait(5) for event in begun)
    assert runner.stop(5.0)
