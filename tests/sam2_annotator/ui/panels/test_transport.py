import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.panels.transport import Transport
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.intents import GoToFrame, PlayToggle, StepFrame


@pytest.fixture
def transport(qtbot: QtBot, theme: Theme) -> Transport:
    transport = Transport(theme)
    qtbot.addWidget(transport)
    transport.set_clip(20_000, 25.0)
    transport.set_frame(812, 32.48)
    with qtbot.waitExposed(transport):
        transport.show()
    return transport


def button(transport: Transport, name: str) -> QToolButton:
    found = transport.findChild(QToolButton, name)
    assert found is not None
    return found


def field(transport: Transport) -> QLineEdit:
    found = transport.findChild(QLineEdit, "frameField")
    assert found is not None
    return found


def told_by(transport: Transport) -> list[object]:
    told: list[object] = []
    transport.intent.connect(told.append)
    return told


def test_the_buttons_play_and_step(qtbot: QtBot, transport: Transport) -> None:
    told = told_by(transport)
    for name in ("frameBack", "play", "frameOn"):
        qtbot.mouseClick(button(transport, name), Qt.MouseButton.LeftButton)
    assert told == [StepFrame(-1), PlayToggle.TOGGLE, StepFrame(1)]


def test_a_typed_number_goes_there_and_stops_at_the_end(qtbot: QtBot, transport: Transport) -> None:
    told = told_by(transport)
    for text in ("0123", "99999", ""):
        transport.focus_field()
        qtbot.keyClick(field(transport), Qt.Key.Key_Delete)
        qtbot.keyClicks(field(transport), text)
        with qtbot.waitSignal(transport.focus_released):
            qtbot.keyClick(field(transport), Qt.Key.Key_Return)
    assert told == [GoToFrame(123), GoToFrame(19_999)]


def test_letters_are_no_frame_numbers(qtbot: QtBot, transport: Transport) -> None:
    transport.focus_field()
    qtbot.keyClicks(field(transport), "x7-")
    assert field(transport).text() == "7"


def test_playing_does_not_write_into_a_field_in_use(qtbot: QtBot, transport: Transport) -> None:
    transport.focus_field()
    qtbot.keyClicks(field(transport), "55")
    transport.set_frame(900, 36.0)
    assert field(transport).text() == "55"


def test_it_says_when_playback_is_slow_and_turns_into_pause(transport: Transport) -> None:
    transport.set_playing(True, shown_fps=18.2)
    texts = [label.text() for label in transport.findChildren(QLabel)]
    assert "18 of 25 fps" in texts
    assert "00:00:32.480" in texts
    assert button(transport, "play").accessibleName() == "Pause"
    transport.set_playing(False)
    assert button(transport, "play").accessibleName() == "Play"
