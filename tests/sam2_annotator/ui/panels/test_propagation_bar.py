import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.i18n import time_left
from sam2_annotator.ui.panels.propagation_bar import PropagationBar, RunState
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.intents import Propagate, Stop
from sam2_annotator.values.states import Direction

RUN = RunState(Direction.FORWARD, 120, 480, 12.5, 28.8)


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    host = QWidget()
    qtbot.addWidget(host)
    return host


@pytest.fixture
def bar(qtbot: QtBot, theme: Theme, host: QWidget) -> PropagationBar:
    bar = PropagationBar(theme, host)
    bar.resize(900, 40)
    with qtbot.waitExposed(host):
        host.show()
    return bar


def button(bar: PropagationBar, name: str) -> QToolButton:
    found = bar.findChild(QToolButton, name)
    assert found is not None
    return found


def text(bar: PropagationBar, name: str) -> str:
    found = bar.findChild(QLabel, name)
    assert found is not None
    return found.text()


def told_by(bar: PropagationBar) -> list[object]:
    told: list[object] = []
    bar.intent.connect(told.append)
    return told


def test_each_button_starts_its_direction(qtbot: QtBot, bar: PropagationBar) -> None:
    bar.set_objects(2, 5)
    told = told_by(bar)
    for name in ("track.backward", "track.both", "track.forward"):
        qtbot.mouseClick(button(bar, name), Qt.MouseButton.LeftButton)
    assert told == [Propagate(Direction.BACKWARD), Propagate(Direction.BOTH), Propagate(Direction.FORWARD)]
    assert text(bar, "propagationObjects") == "2 of 5 objects"


def test_without_objects_nothing_can_start(qtbot: QtBot, bar: PropagationBar) -> None:
    bar.set_objects(0, 0)
    told = told_by(bar)
    qtbot.mouseClick(button(bar, "track.forward"), Qt.MouseButton.LeftButton)
    assert told == []


def test_stop_is_on_during_a_run_only_and_says_that_it_heard(qtbot: QtBot, bar: PropagationBar) -> None:
    bar.set_objects(1, 1)
    told = told_by(bar)
    stop = button(bar, "track.stop")
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    bar.set_run(RUN)
    assert not button(bar, "track.forward").isEnabled()
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert told == [Stop.STOP]
    bar.set_run(RunState(Direction.FORWARD, 121, 480, 12.5, 28.0, stopping=True))
    assert text(bar, "propagationFigures") == "Stopping after this frame"
    assert not stop.isEnabled()
    bar.set_run(None)
    assert button(bar, "track.forward").isEnabled()


def test_a_run_shows_progress_rate_and_time_left(bar: PropagationBar) -> None:
    bar.set_run(RUN)
    progress = bar.findChild(QProgressBar)
    assert progress is not None
    assert progress.isVisible()
    assert progress.value() / progress.maximum() == pytest.approx(0.25)
    assert text(bar, "propagationFigures") == "120 of 480 · 12.5 fps · about 29 s left"
    bar.set_run(RunState(Direction.FORWARD, 1, 480, 12.5, None))
    assert text(bar, "propagationFigures") == "1 of 480 · 12.5 fps"


def test_a_narrow_bar_shows_icons_and_still_fits(bar: PropagationBar) -> None:
    bar.set_objects(2, 5)
    icons, words = Qt.ToolButtonStyle.ToolButtonIconOnly, Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    assert button(bar, "track.forward").toolButtonStyle() == words
    bar.resize(400, 40)
    assert button(bar, "track.forward").toolButtonStyle() == icons
    assert bar.width() == 400
    assert bar.layout().minimumSize().width() <= 400


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "about 1 s left"), (40, "about 40 s left"), (95, "about 2 min left"), (8000, "about 2.2 h left")],
)
def test_time_left_in_words(seconds: float, words: str) -> None:
    assert time_left(seconds) == words
