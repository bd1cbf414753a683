"""Keys of one's own, keys that are held, and the command palette."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPlainTextEdit, QSpinBox, QTreeWidget, QWidget

from sam2_annotator.ui.dialogs.palette import PaletteDialog
from support.drawn import picture_file
from support.program import Start
from support.window import Driver

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def driver(start: Start, tmp_path: Path) -> Driver:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    return driver


def set_keys(driver: Driver, *changes: tuple[str, tuple[str, ...]]) -> None:
    driver.app.state.settings.change({"keys": changes})


def test_a_command_answers_to_its_new_key_at_once_and_no_more_to_the_old_one(driver: Driver) -> None:
    set_keys(driver, ("tool.box", ("S",)))
    driver.press(Qt.Key.Key_R)
    assert driver.app.state.view.tool == "prompt"
    driver.press(Qt.Key.Key_S)
    assert driver.app.state.view.tool == "box"


def test_tooltips_all_over_the_window_name_the_new_key(driver: Driver) -> None:
    set_keys(driver, ("edit.find", ("F3",)), ("object.name", ()))
    field = driver.window.findChild(QWidget, "filesFilter")
    assert "(F3)" in field.toolTip()
    assert "F2" not in driver.window.findChild(QWidget, "currentLabel").toolTip()
    set_keys(driver)
    assert "(Ctrl+F)" in field.toolTip()


def test_what_the_next_click_does_names_the_new_key(driver: Driver) -> None:
    driver.click(30, 32)
    driver.answered()
    assert driver.window.status.next_click.endswith("Enter: accept")
    set_keys(driver, ("object.accept", ("F4",)))
    assert driver.window.status.next_click.endswith("F4: accept")


def test_nonsense_in_the_settings_is_one_notice_and_nothing_else(start: Start, home: Path) -> None:
    (home / "config").mkdir(exist_ok=True)
    driver = start()
    set_keys(driver, ("tool.box", ("Hyper+Q",)))
    driver.app.controllers.keys.begin()
    assert sum("Hyper+Q" in notice for notice in driver.notices) == 1
    assert driver.app.actions.key_text("tool.box") == ""


def test_a_tool_key_held_is_the_tool_for_as_long(driver: Driver) -> None:
    canvas, view = driver.window.canvas, driver.app.state.view
    QTest.keyPress(canvas, Qt.Key.Key_V)
    assert view.tool == "select"
    QTest.qWait(350)
    QTest.keyRelease(canvas, Qt.Key.Key_V)
    assert view.tool == "prompt"
    driver.press(Qt.Key.Key_V)
    assert view.tool == "select"


def test_masks_are_away_while_their_key_is_held(driver: Driver) -> None:
    canvas, view = driver.window.canvas, driver.app.state.view
    QTest.keyPress(canvas, Qt.Key.Key_H)
    assert not view.masks_visible
    QTest.qWait(350)
    QTest.keyRelease(canvas, Qt.Key.Key_H)
    assert view.masks_visible
    driver.press(Qt.Key.Key_H)
    assert not view.masks_visible


@pytest.mark.parametrize("make", [QLineEdit, QSpinBox, QPlainTextEdit, QComboBox])
def test_letters_typed_into_any_field_are_no_commands(driver: Driver, make: type[QWidget]) -> None:
    field = make(driver.window)
    if isinstance(field, QComboBox):
        field.setEditable(True)
    field.show()
    field.setFocus()
    said: list[object] = []
    driver.app.actions.intent.connect(said.append)
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClicks(target, "vrnhz 3 TXA")
    assert said == []


def palette(driver: Driver) -> PaletteDialog:
    driver.window.activateWindow()  # the platform without screens does not when a dialog goes
    driver.until(driver.window.isActiveWindow)
    driver.press(Qt.Key.Key_K, CTRL)
    dialog = driver.window.findChild(PaletteDialog)
    assert dialog is not None
    driver.until(dialog.isActiveWindow)
    return dialog


def rows(dialog: PaletteDialog) -> list[str]:
    tree = dialog.findChild(QTreeWidget)
    return [tree.topLevelItem(row).text(0) for row in range(tree.topLevelItemCount())]


def test_the_palette_runs_a_command_and_gives_the_keyboard_back(driver: Driver) -> None:
    dialog = palette(driver)
    assert len(rows(dialog)) == len(driver.app.actions.entries)
    field = dialog.findChild(QLineEdit)
    QTest.keyClicks(field, "box")
    assert rows(dialog)[0] == "Tools: Box"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert driver.app.state.view.tool == "box"
    driver.until(lambda: driver.window.findChild(PaletteDialog) is None)
    assert driver.window.focusWidget() is driver.window.canvas
    assert rows(palette(driver))[0] == "Tools: Box"


def test_the_palette_says_why_a_command_cannot_be_run_and_does_not_run_it(driver: Driver) -> None:
    dialog = palette(driver)
    field = dialog.findChild(QLineEdit)
    QTest.keyClicks(field, "propagate forw")
    assert rows(dialog)[0] == "Clip: Propagate forward — for clips only"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_arrows_move_in_the_palette_and_nothing_fitting_is_said(driver: Driver) -> None:
    dialog = palette(driver)
    field, tree = dialog.findChild(QLineEdit), dialog.findChild(QTreeWidget)
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert tree.currentIndex().row() == len(rows(dialog)) - 1
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert tree.currentIndex().row() == 1
    QTest.keyClicks(field, "qqqq")
    assert rows(dialog) == []
    assert dialog.findChild(QWidget, "paletteNone").isVisibleTo(dialog)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert dialog.isVisible()
