from __future__ import annotations

from collections.abc import Iterator

import pytest

from sam2_annotator.engine.pace import Pace


def ticking(*times: float) -> Iterator[float]:
    yield from times


def test_rate_and_time_left_after_three_seconds() -> None:
    pace = Pace(10, ticking(0, 1, 2, 3, 4).__next__)
    assert pace.rate == 0
    for done, left in [(1, None), (2, None), (3, 7), (4, 6)]:
        pace.step()
        assert (pace.done, pace.seconds_left) == (done, left)
    assert pace.rate == 1


def test_slower_frames_show_slowly() -> None:
    times = [float(t) for t in range(21)]
    pace = Pace(100, ticking(*times, 30.0).__next__)
    for _ in range(21):
        pace.step()
    assert pace.rate == pytest.approx(1 / 1.9)
