"""Downloading in steps, with a Hub that is played."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from sam2_annotator.engine import download
from sam2_annotator.engine.catalogue import find
from sam2_annotator.engine.messages import Activity
from sam2_annotator.engine.tickets import CancelToken
from sam2_core import errors as core

LARGE = find("sam2.1-hiera-large")


def collect(steps: Generator[Activity, None, Path]) -> tuple[list[Activity], Path]:
    """What is told, and what is returned."""
    told: list[Activity] = []
    while True:
        try:
            told.append(next(steps))
        except StopIteration as end:
            return told, end.value


def test_progress_is_told_and_the_path_comes_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen = threading.Event()

    def fetch(model: str, *, progress: Callable[[int, int], None], cancel: Callable[[], bool]) -> Path:
        assert model == "facebook/sam2.1-hiera-large"
        progress(250_000_000, 1_000_000_000)
        seen.wait(5)
        return tmp_path

    monkeypatch.setattr("sam2_core.hub.fetch", fetch)
    told = []
    steps = download.fetch(LARGE, CancelToken())
    for activity in steps:
        told.append(activity)
        if activity.fraction is not None:
            break
    assert told[-1] == Activity("Fetching SAM 2.1 large: 250 of 1000 MB", 0.25)
    seen.set()
    assert collect(steps)[1] == tmp_path


@pytest.mark.parametrize("close", [False, True])
def test_cancel_and_closing_stop_the_download(monkeypatch: pytest.MonkeyPatch, close: bool) -> None:
    stopped = threading.Event()

    def fetch(model: str, *, progress: Callable[[int, int], None], cancel: Callable[[], bool]) -> Path:
        while not cancel():
            pass
        stopped.set()
        raise core.Cancelled

    monkeypatch.setattr("sam2_core.hub.fetch", fetch)
    token = CancelToken()
    steps = download.fetch(LARGE, token)
    next(steps)
    if close:
        steps.close()
    else:
        token.set()
        with pytest.raises(core.Cancelled):
            for _ in steps:
                pass
    assert stopped.wait(5)


def test_failure_is_raised_in_the_callers_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(model: str, **options: object) -> Path:
        raise core.ModelNotAvailable("no network")

    monkeypatch.setattr("sam2_core.hub.fetch", fetch)
    with pytest.raises(core.ModelNotAvailable):
        collect(download.fetch(LARGE, CancelToken()))
