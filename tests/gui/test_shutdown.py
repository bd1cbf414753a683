"""Closing with work in progress: nothing hangs, no thread is left, finished frames are kept."""

import threading
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from sam2_annotator.doc.project import Project
from sam2_annotator.ui import shutdown
from sam2_annotator.values.ids import ItemId
from support.drawn import picture_file, video_file
from support.fake_engine import FakeService

QUICK = 5.0


def test_closing_while_tracking_keeps_the_finished_frames(start, tmp_path: Path) -> None:
    service = FakeService(frame=0.05)
    driver = start(service)
    driver.open(video_file(tmp_path / "clip.mp4", 30))
    driver.click(30, 32)
    driver.answered()
    driver.press(Qt.Key.Key_T)
    driver.until(lambda: len(driver.masked_frames()) >= 4)
    path = driver.project.path
    time.sleep(0.3)  # the window is busy, and frames wait at its door
    began = time.perf_counter()
    driver.close()
    assert time.perf_counter() - began < QUICK
    with Project.open(path, create=False) as project:
        (row,) = project.objects(ItemId(1))
        assert len(project.states(ItemId(1))[row.id]) == service.sent
        assert project.undo_title == "Propagate forward"
        project.undo()
        assert len(project.states(ItemId(1))[row.id]) == 1


def test_closing_while_a_prompt_waits_and_the_model_loads(start, tmp_path: Path) -> None:
    driver = start(FakeService(load=2.0, predict=2.0))
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(30, 32)
    began = time.perf_counter()
    driver.close()
    assert time.perf_counter() - began < QUICK


def test_closing_twice_and_wishes_after_it_do_nothing(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.close()
    driver.window.close()
    driver.click(30, 32)
    assert driver.app.state.bus.project is None


def test_a_thread_that_never_returns_is_left_behind_after_the_project_was_closed(
    start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[bool] = []
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    monkeypatch.setattr(shutdown, "POOL_SECONDS", 0.2)
    monkeypatch.setattr(shutdown, "_leave", lambda: left.append(driver.app.state.bus.project is None))
    began, returns = threading.Event(), threading.Event()
    driver.app.threads.tasks.run("Never ends", lambda progress, token: began.set() or returns.wait())
    driver.until(began.is_set)
    driver.close()
    returns.set()
    returns.set()
    assert left == [True]
    driver.until(lambda: not driver.app.threads.tasks.running)
