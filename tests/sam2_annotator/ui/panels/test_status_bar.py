import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.panels.status_bar import EngineState, Saved, SaveState, StatusBar
from sam2_annotator.ui.theme.style import Theme

SENTENCE = "Click: add to dog 2 · Right click: take away · Enter: accept"


@pytest.fixture
def bar(qtbot: QtBot, theme: Theme) -> StatusBar:
    bar = StatusBar(theme)
    qtbot.addWidget(bar)
    bar.resize(1600, 26)
    bar.set_next_click(SENTENCE)
    bar.set_pointer(512.7, 300.2, "12 30 50")
    bar.set_under_pointer("dog 2", 18_220)
    bar.set_zoom(0.666)
    bar.set_frame(812, 20_000, 27.0664)
    bar.set_engine(EngineState("CPU", "sam2-nano"))
    bar.set_saved(SaveState(Saved.SAVED, "12:03"))
    with qtbot.waitExposed(bar):
        bar.show()
    return bar


def field(bar: StatusBar, name: str) -> QLabel:
    found = bar.findChild(QLabel, name)
    assert found is not None
    return found


def test_every_field_says_its_thing(bar: StatusBar) -> None:
    names = ("statusPointer", "statusObject", "statusZoom", "statusFrame", "statusSaved")
    assert [field(bar, name).text() for name in names] == [
        "x 512  y 300  12 30 50",
        "dog 2 · 18,220 px",
        "67 %",
        "frame 812 / 20,000 · 00:00:27.066",
        "All changes saved 12:03",
    ]
    assert all(field(bar, name).isVisible() for name in names)
    assert bar.next_click == SENTENCE


def test_the_chip_says_what_the_engine_does_and_can_be_pressed(qtbot: QtBot, bar: StatusBar) -> None:
    chip, progress = bar.findChild(QPushButton, "statusEngine"), bar.findChild(QProgressBar)
    assert chip is not None
    assert progress is not None
    assert chip.text() == "CPU · sam2-nano · ready"
    assert not progress.isVisible()
    bar.set_engine(EngineState("CUDA", "base+", "analysing", 0.5, busy=True))
    assert chip.text() == "CUDA · base+ · analysing"
    assert (progress.isVisible(), progress.value(), progress.maximum()) == (True, 50, 100)
    bar.set_engine(EngineState("CUDA", "base+", "analysing", None, busy=True))
    assert progress.maximum() == 0
    with qtbot.waitSignal(bar.engine_clicked):
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    bar.set_engine(None)
    assert chip.text() == "No model"


def test_a_failed_save_is_marked_and_says_why(bar: StatusBar) -> None:
    bar.set_saved(SaveState(Saved.FAILED, note="The disk is full."))
    saved = field(bar, "statusSaved")
    assert (saved.text(), saved.toolTip(), saved.property("role")) == ("Not saved", "The disk is full.", "danger")


def test_a_narrow_bar_drops_the_least_needed_fields_and_asks_for_no_width(bar: StatusBar) -> None:
    bar.resize(960, 26)
    assert field(bar, "statusSaved").isVisible()
    assert not field(bar, "statusObject").isVisible()
    assert bar.minimumSizeHint().width() <= 960


def test_outside_a_picture_and_without_a_clip_fields_are_empty(bar: StatusBar) -> None:
    bar.set_pointer(None, None)
    bar.set_frame(None, 0, None)
    assert not field(bar, "statusPointer").isVisible()
    assert not field(bar, "statusFrame").isVisible()


def test_without_a_picture_there_is_no_zoom(bar: StatusBar) -> None:
    bar.set_zoom(1.5)
    label = bar.findChild(QLabel, "statusZoom")
    assert label is not None
    assert label.text() == "150 %"
    bar.set_zoom(None)
    assert (label.text(), label.isVisible()) == ("", False)
