"""Hints for the first steps, and the list of messages."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QTreeWidget

from sam2_annotator import paths, settings
from sam2_annotator.doc.changes import Changes, Origin
from sam2_annotator.ui.controllers.hints import HintsController
from sam2_annotator.ui.dialogs.messages import MessagesDialog
from sam2_annotator.ui.live_settings import LiveSettings
from sam2_annotator.ui.panels.hint_card import HintCard
from support.drawn import picture_file
from support.program import Start
from support.window import Driver

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def driver(start: Start, tmp_path: Path) -> Driver:
    driver = start()
    driver.app.state.settings.change({"hints": True})
    driver.open(picture_file(tmp_path / "a.png"))
    return driver


def test_each_hint_goes_when_it_was_done(driver: Driver) -> None:
    card = driver.window.hint_card
    assert card.text == "Click a thing in the picture to outline it."
    driver.click(50, 30)
    driver.answered()
    assert card.text == "Right click what should not be in."
    driver.click(80, 50, Qt.MouseButton.RightButton)
    driver.answered()
    assert card.text == "Enter keeps it."
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    assert card.text == "Ctrl+E exports what you have made."
    driver.press(Qt.Key.Key_E, CTRL)
    assert card.text == ""
    assert not driver.app.state.settings.now.hints


def test_a_kept_object_needs_nothing_taken_away(driver: Driver) -> None:
    driver.click(50, 30)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    assert driver.window.hint_card.text == "Ctrl+E exports what you have made."


def test_hints_take_neither_keyboard_nor_clicks_and_can_be_skipped_and_asked_for(driver: Driver) -> None:
    card = driver.window.hint_card
    assert driver.window.focusWidget() is driver.window.canvas
    QTest.mouseClick(card.findChild(QPushButton, "hintSkip"), Qt.MouseButton.LeftButton)
    assert card.text == ""
    assert driver.window.focusWidget() is driver.window.canvas
    driver.until(lambda: not settings.load(paths.settings_file()).settings.hints)
    driver.app.actions["help.hints"].trigger()
    assert card.text == "Click a thing in the picture to outline it."


def test_hints_name_the_keys_in_force(driver: Driver) -> None:
    driver.app.state.settings.change({"keys": (("file.export", ("F12",)),)})
    driver.click(50, 30)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    assert driver.window.hint_card.text == "F12 exports what you have made."


def test_messages_list_what_was_told_newest_first(driver: Driver) -> None:
    driver.app.state.notices.post("first")
    driver.app.state.notices.post("second")
    driver.app.actions["help.messages"].trigger()
    dialog = driver.window.findChild(MessagesDialog)
    driver.until(dialog.isActiveWindow)
    table = dialog.findChild(QTreeWidget)
    assert [table.topLevelItem(row).text(1) for row in range(2)] == ["second", "first"]
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_hints_that_were_followed_are_remembered_at_once(driver: Driver) -> None:
    driver.click(50, 30)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    driver.until(lambda: settings.load(paths.settings_file()).settings.hints_done == 3)
    kept = settings.load(paths.settings_file()).settings
    state, window = driver.app.state, driver.window
    card = HintCard(window.canvas._theme, window.canvas)
    again = HintsController(state.bus, state.view, LiveSettings(kept), driver.app.actions, card)
    driver.press(Qt.Key.Key_Z, CTRL)
    again.on_changes(Changes(0, Origin.USER))
    assert card.text == "Ctrl+E exports what you have made."
