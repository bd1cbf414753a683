from __future__ import annotations

import io

import pytest

from sam2_annotator.cli.progress import Terminal, bar, time_left
from sam2_annotator.errors import AnnotatorError


class Screen(io.StringIO):
    """A stream that is a terminal, or is none."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def test_bar_shows_rate_and_time_left_on_a_terminal() -> None:
    screen = Screen(terminal=True)
    Terminal(screen).frames(3, 12, rate=2.5, seconds_left=200)
    assert "[#######.....................] 3/12 frames, 2.5 frames/s, about 3 min left" in screen.getvalue()


def test_nothing_is_drawn_where_nobody_looks() -> None:
    screen = Screen(terminal=False)
    terminal = Terminal(screen)
    terminal.activity("Loading")
    terminal.frames(1, 2, rate=1, seconds_left=None)
    terminal.clear()
    assert screen.getvalue() == ""
    terminal.warn("The box was clipped.")
    assert screen.getvalue() == "Warning: The box was clipped.\n"


def test_bar_is_drawn_at_most_ten_times_a_second_and_always_at_the_end() -> None:
    screen = Screen(terminal=True)
    times = iter([0.0, 0.01, 0.02, 0.03, 0.2])
    terminal = Terminal(screen, times.__next__)
    for done in (1, 2, 3, 100):
        terminal.frames(done, 100, rate=1, seconds_left=None)
    assert screen.getvalue().count("\r") == 2
    assert "100/100" in screen.getvalue()


def test_sentence_takes_the_bar_off_first() -> None:
    screen = Screen(terminal=True)
    terminal = Terminal(screen)
    terminal.activity("Loading", 0.5)
    terminal.warn("Look out.")
    assert screen.getvalue().endswith("\r\x1b[KWarning: Look out.\n")


def test_failure_is_at_most_four_lines() -> None:
    screen = Screen(terminal=False)
    Terminal(screen).fail(AnnotatorError("It\nbroke.", hint="one\ntwo\nthree\nfour\nfive"))
    assert screen.getvalue() == "Error: It broke.\none\ntwo\nthree\n"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 s"), (59, "59 s"), (61, "about 1 min"), (5000, "about 83 min"), (7200, "about 2 h")],
)
def test_time_left_in_words(seconds: float, words: str) -> None:
    assert time_left(seconds) == words


@pytest.mark.parametrize(("fraction", "filled"), [(-1, 0), (0, 0), (0.5, 14), (1, 28), (2, 28)])
def test_bar_never_overflows(fraction: float, filled: int) -> None:
    assert bar(fraction).count("#") == filled
    assert len(bar(fraction)) == 30
