"""The clean-up of clicked masks on the options strip."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.panels.cleanup_button import DEFAULT, CleanUpButton
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.intents import SetCleanUp
from sam2_annotator.values.shaping import Avoid, CleanUp


@pytest.fixture
def button(qtbot: QtBot, theme: Theme) -> CleanUpButton:
    button = CleanUpButton(theme)
    qtbot.addWidget(button)
    button.set_clean_up(DEFAULT)
    button.show()
    return button


def told(button: CleanUpButton) -> list[CleanUp]:
    found: list[CleanUp] = []
    button.intent.connect(lambda wish: found.append(wish.clean))
    return found


def test_it_names_what_is_done(button: CleanUpButton) -> None:
    assert button.text() == "Clean-up: specks 4 px"
    button.set_clean_up(CleanUp(fill_holes=9, keep_largest=True, grow=-2, avoid=Avoid.ALL))
    assert button.text() == "Clean-up: holes 9 px · largest part · shrink 2 px · leave out others"
    button.set_clean_up(CleanUp())
    assert button.text() == "Clean-up: off"


def test_each_field_is_told_at_once(button: CleanUpButton) -> None:
    wishes = told(button)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    fields = button.fields
    assert fields.isVisible()
    QTest.keyClick(fields.specks, Qt.Key.Key_Up)
    assert wishes[-1] == CleanUp(drop_specks=5)
    QTest.keyClick(fields.grow, Qt.Key.Key_Down)
    assert wishes[-1].grow == -1
    QTest.keyClick(fields.largest, Qt.Key.Key_Space)
    assert wishes[-1].keep_largest
    QTest.keyClick(fields.avoid, Qt.Key.Key_Down)
    assert wishes[-1].avoid is Avoid.LOCKED
    QTest.keyClick(fields.fill, Qt.Key.Key_Up)
    assert wishes[-1] == CleanUp(1, 5, True, -1, avoid=Avoid.LOCKED)


def test_what_comes_from_the_settings_is_not_told_again(button: CleanUpButton) -> None:
    wishes = told(button)
    button.set_clean_up(CleanUp(fill_holes=3, avoid=Avoid.ALL))
    assert wishes == []
    assert button.fields.clean_up == CleanUp(fill_holes=3, avoid=Avoid.ALL)


def test_defaults_and_escape(button: CleanUpButton, qtbot: QtBot) -> None:
    button.set_clean_up(CleanUp(grow=7))
    wishes = told(button)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    QTest.mouseClick(button.fields.defaults, Qt.MouseButton.LeftButton)
    assert wishes == [CleanUp(drop_specks=4)]
    with qtbot.waitSignal(button.focus_released, timeout=1000):
        QTest.keyClick(button.fields, Qt.Key.Key_Escape)
    assert not button.fields.isVisible()


def test_an_intent_is_sent(button: CleanUpButton, qtbot: QtBot) -> None:
    with qtbot.waitSignal(button.intent, timeout=1000) as sent:
        QTest.keyClick(button.fields.specks, Qt.Key.Key_Up)
    assert sent.args == [SetCleanUp(CleanUp(drop_specks=5))]
