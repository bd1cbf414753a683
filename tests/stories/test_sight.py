"""How things are looked at: zoom, masks, adjusted pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QPushButton, QSlider

from sam2_annotator.values.adjustment import Adjustment
from support.drawn import picture_file
from support.program import Start
from support.window import Driver

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def driver(start: Start, tmp_path: Path) -> Driver:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    return driver


def outline(driver: Driver, x: float, y: float) -> None:
    driver.click(x, y)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()


def corner(driver: Driver) -> QColor:
    """What shows of the last pixel, which no panel covers."""
    width, height = driver.window.canvas.picture_size
    return driver.window.canvas.grab().toImage().pixelColor(driver.place(width - 0.5, height - 0.5))


def test_masks_get_fainter_and_stronger_by_key(driver: Driver) -> None:
    settings = driver.app.state.settings
    driver.press(Qt.Key.Key_Q, SHIFT)
    assert settings.now.fill == 0.30
    for _ in range(20):
        driver.press(Qt.Key.Key_Q, SHIFT)
    assert settings.now.fill == 0.0
    driver.press(Qt.Key.Key_W, SHIFT)
    assert settings.now.fill == 0.05
    driver.app.actions["view.outlines"].trigger()
    assert settings.now.fill == 0.0
    driver.app.actions["view.outlines"].trigger()
    assert settings.now.fill == 0.05


def test_only_the_selected_masks_show_and_can_be_hit(driver: Driver) -> None:
    outline(driver, 20, 20)
    outline(driver, 70, 50)
    driver.press(Qt.Key.Key_1, CTRL)
    shown = driver.window.canvas._scene
    assert len(shown._masks) == 2
    driver.press(Qt.Key.Key_H, SHIFT)
    assert [mask.number for mask in shown._masks] == [1]
    driver.press(Qt.Key.Key_2, CTRL)
    assert [mask.number for mask in shown._masks] == [2]
    driver.press(Qt.Key.Key_H, SHIFT)
    assert len(shown._masks) == 2


def test_the_selection_fills_the_canvas_by_key(driver: Driver) -> None:
    outline(driver, 20, 20)
    driver.press(Qt.Key.Key_1, CTRL)
    before = driver.window.canvas.zoom
    driver.press(Qt.Key.Key_Z, SHIFT)
    canvas = driver.window.canvas
    assert canvas.zoom > before
    box = driver.mask().box
    left, top = canvas.camera.to_canvas(box[0], box[1])
    right, bottom = canvas.camera.to_canvas(box[2], box[3])
    share = max((right - left) / canvas.width(), (bottom - top) / canvas.height())
    assert share == pytest.approx(1 / 1.4, abs=0.02)


def test_the_zoom_step_of_the_settings_is_that_of_keys(driver: Driver) -> None:
    driver.app.state.settings.change({"zoom_step": 1.5})
    before = driver.window.canvas.zoom
    driver.press(Qt.Key.Key_Plus, CTRL)
    assert driver.window.canvas.zoom == pytest.approx(before * 1.5)


def test_colours_by_label_and_state(driver: Driver) -> None:
    outline(driver, 20, 20)
    scene, settings = driver.window.canvas._scene, driver.app.state.settings
    by_object = scene._masks[0].rgb
    settings.change({"colour_by": "label"})
    assert scene._masks[0].rgb == (0xA6, 0xA6, 0xA6)
    settings.change({"colour_by": "state"})
    assert scene._masks[0].rgb == (0x56, 0xB4, 0xE9)
    settings.change({"colour_by": "object"})
    assert scene._masks[0].rgb == by_object


def test_a_picture_is_shown_adjusted_until_the_chip_is_clicked(driver: Driver) -> None:
    before = corner(driver)
    driver.app.actions["view.adjust"].trigger()
    slider, chip = driver.window.adjust.findChild(QSlider, "adjustBrightness"), driver.window.corner_row.adjusted
    assert driver.window.focusWidget() is slider
    frame = driver.app.state.view.frame
    for _ in range(4):
        QTest.keyClick(slider, Qt.Key.Key_PageUp)
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert driver.app.state.view.adjustment == Adjustment(brightness=0.41)
    assert driver.app.state.view.frame == frame
    assert corner(driver).lightness() > before.lightness() + 50
    assert chip.isVisible()
    QTest.keyClick(slider, Qt.Key.Key_Escape)
    assert not driver.window.adjust.isVisible()
    assert driver.window.focusWidget() is driver.window.canvas
    driver.until(lambda: driver.window.corner_row.rect().contains(chip.geometry()))
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert corner(driver) == before
    assert not chip.isVisible()


def test_sliders_and_boxes_show_what_is_in_force(driver: Driver) -> None:
    panel = driver.window.adjust
    driver.app.actions["view.adjust"].trigger()
    QTest.keyClick(panel.findChild(QCheckBox, "adjustStretch"), Qt.Key.Key_Space)
    QTest.keyClick(panel.findChild(QCheckBox, "adjustRed"), Qt.Key.Key_Space)
    QTest.keyClick(panel.findChild(QSlider, "adjustGamma"), Qt.Key.Key_PageUp)
    now = driver.app.state.view.adjustment
    assert (now.stretch, now.channels) == (True, (False, True, True))
    assert now.gamma == pytest.approx(2**0.2)
    assert corner(driver).red() == 0
    QTest.mouseClick(panel.findChild(QPushButton, "adjustReset"), Qt.MouseButton.LeftButton)
    assert driver.app.state.view.adjustment == Adjustment()
    assert panel.findChild(QSlider, "adjustGamma").value() == 0
    assert panel.findChild(QCheckBox, "adjustRed").isChecked()


def test_a_chip_says_that_masks_are_hidden_and_shows_them(driver: Driver) -> None:
    outline(driver, 20, 20)
    corner, view = driver.window.corner_row, driver.app.state.view
    driver.press(Qt.Key.Key_H)
    assert not view.masks_visible
    assert corner.hidden.isVisible()
    driver.until(lambda: corner.rect().contains(corner.hidden.geometry()))
    QTest.mouseClick(corner.hidden, Qt.MouseButton.LeftButton)
    assert view.masks_visible
    assert not corner.hidden.isVisible()
    driver.press(Qt.Key.Key_H, SHIFT)
    assert corner.only.isVisible()
    driver.app.actions["view.adjust"].trigger()
    QTest.keyClick(driver.window.adjust.findChild(QSlider, "adjustBrightness"), Qt.Key.Key_Right)
    driver.until(lambda: corner.only.x() > corner.adjusted.geometry().right())
    driver.until(lambda: corner.rect().contains(corner.only.geometry()))
    QTest.mouseClick(corner.only, Qt.MouseButton.LeftButton)
    assert not view.only_selected
    assert not corner.only.isVisible()
