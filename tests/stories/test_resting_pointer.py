"""The pointer rests, and what lies under it changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from sam2_annotator.values.intents import SetVisible
from support.drawn import picture_file
from support.program import Start
from support.window import Driver

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def driver(start: Start, tmp_path: Path) -> Driver:
    folder = tmp_path / "many"
    folder.mkdir()
    picture_file(folder / "a.png")
    Image.new("RGB", (96, 64), (7, 8, 9)).save(folder / "b.png")
    driver = start()
    driver.open(folder)
    driver.until(lambda: len(driver.project.items()) == 2)
    driver.click(30, 32)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    return driver


def rest_at(driver: Driver, x: float, y: float) -> None:
    QTest.mouseMove(driver.window.canvas.viewport(), driver.place(x, y) + QPoint(3, 0))
    QTest.mouseMove(driver.window.canvas.viewport(), driver.place(x, y))


def told(driver: Driver) -> str:
    labels = driver.window.status.findChildren(QLabel)
    return " | ".join(label.text() for label in labels if not label.isHidden())


def test_the_status_bar_tells_what_is_under_it_now(driver: Driver) -> None:
    rest_at(driver, 30, 32)
    area = f"{driver.mask().area:,} px"
    driver.until(lambda: area in told(driver) and "R 220 G 40 B 30" in told(driver))
    driver.press(Qt.Key.Key_Z, CTRL)
    driver.press(Qt.Key.Key_Z, CTRL)
    driver.until(lambda: not driver.objects() and area not in told(driver))
    driver.press(Qt.Key.Key_Right)
    driver.until(lambda: "R 7 G 8 B 9" in told(driver))
    driver.window.canvas.zoom_to(2.0)
    driver.window.canvas.pan_by(2000, 2000)
    QApplication.sendEvent(driver.window.canvas, QEvent(QEvent.Type.Leave))
    driver.until(lambda: "R 7 G 8 B 9" not in told(driver))


def test_taking_up_another_tool_leaves_the_picture_where_it_is(driver: Driver) -> None:
    canvas = driver.window.canvas
    camera, height = canvas.camera, canvas.height()
    for key in (Qt.Key.Key_B, Qt.Key.Key_E, Qt.Key.Key_P, Qt.Key.Key_R, Qt.Key.Key_V):
        driver.press(key)
        QApplication.processEvents()
        assert (canvas.height(), canvas.camera) == (height, camera), driver.app.state.view.tool


def test_prompts_and_grip_of_a_hidden_object_are_hidden_too(driver: Driver) -> None:
    driver.press(Qt.Key.Key_V)
    driver.app.state.view.select(driver.objects()[0].id)
    rest_at(driver, 90, 60)
    scene = driver.window.canvas.scene()
    assert scene.prompts.points
    assert scene.movable is not None
    assert scene._overlay.grip is not None
    QApplication.sendEvent(driver.window.canvas, QEvent(QEvent.Type.Leave))  # to the eye in the list
    driver.app.router.route(SetVisible((driver.objects()[0].id,), False))
    assert not scene.prompts.points
    assert scene._overlay.grip is None
    driver.app.router.route(SetVisible((driver.objects()[0].id,), True))
    assert scene.prompts.points
    assert scene._overlay.grip is not None
