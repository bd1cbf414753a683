"""The window by keys alone: areas, the pointer moved by keys, Esc, and what a screen reader hears."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from sam2_annotator.ui.presenters.announcer import AnnouncerPresenter
from support.drawing import blocks, draw
from support.drawn import picture_file
from support.program import Start
from support.window import Driver

SHIFT, CTRL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def driver(start: Start, tmp_path: Path) -> Driver:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    return driver


def area_of(driver: Driver) -> int:
    focus = QApplication.focusWidget()
    return next(i for i, area in enumerate(driver.window.areas) if focus is area or area.isAncestorOf(focus))


def test_f6_goes_through_the_areas_and_back(driver: Driver) -> None:
    assert driver.window.focusWidget() is driver.window.canvas
    forth = []
    for _ in range(12):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
        forth.append(area_of(driver))
        if QApplication.focusWidget() is driver.window.canvas:
            break
    assert len(forth) >= 5
    assert forth == sorted(set(forth))[1:] + sorted(set(forth))[:1]
    back = []
    for _ in forth:
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6, SHIFT)
        back.append(area_of(driver))
    assert back == [*forth[-2::-1], forth[-1]]


def test_an_object_is_outlined_taken_away_from_and_kept_by_keys_alone(driver: Driver) -> None:
    driver.press(Qt.Key.Key_F7)
    pointer = driver.window.key_pointer
    assert driver.window.status.next_click == "Keyboard pointer on (F7 to leave)"
    assert driver.window.findChild(QWidget, "keyPointer").isVisible()
    frame = driver.frame
    driver.press(Qt.Key.Key_Space)
    driver.answered()
    driver.press(Qt.Key.Key_Right, CTRL)
    driver.press(Qt.Key.Key_Space, SHIFT)
    driver.answered()
    row = driver.project.prompts(driver.item, frame, driver.objects()[0].id)
    assert [point.positive for point in row.prompts.points] == [True, False]
    x, y = driver.window.canvas.camera.to_image(pointer.place.x(), pointer.place.y())
    assert (row.prompts.points[1].x, row.prompts.points[1].y) == pytest.approx((x, y))
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    assert not driver.objects()[0].draft
    driver.press(Qt.Key.Key_F7)
    assert not driver.window.findChild(QWidget, "keyPointer").isVisible()
    assert "Keyboard pointer" not in driver.window.status.next_click


def test_arrows_go_ten_with_shift_one_pixel_of_the_picture_with_ctrl_a_hundred(driver: Driver) -> None:
    driver.press(Qt.Key.Key_F7)
    pointer, scale = driver.window.key_pointer, driver.window.canvas.camera.scale
    start = QPointF(pointer.place)
    driver.press(Qt.Key.Key_Left)
    driver.press(Qt.Key.Key_Down, SHIFT)
    driver.press(Qt.Key.Key_Up, CTRL)
    assert pointer.place - start == QPointF(-10, scale - 100)
    assert "x " in driver.window.status._pointer.text()


def test_at_the_edge_the_picture_moves(driver: Driver) -> None:
    driver.press(Qt.Key.Key_F7)
    canvas = driver.window.canvas
    left = canvas.camera.left
    for _ in range(12):
        driver.press(Qt.Key.Key_Right, CTRL)
    assert driver.window.key_pointer.place.x() < canvas.width()
    assert canvas.camera.left < left


def test_a_box_is_two_presses_of_space(driver: Driver) -> None:
    driver.press(Qt.Key.Key_R)
    driver.press(Qt.Key.Key_F7)
    driver.press(Qt.Key.Key_Space)
    driver.press(Qt.Key.Key_Right, CTRL)
    driver.press(Qt.Key.Key_Down, CTRL)
    driver.press(Qt.Key.Key_Space)
    driver.answered()
    row = driver.project.prompts(driver.item, driver.frame, driver.objects()[0].id)
    assert row.prompts.box is not None


def test_other_keys_stay_commands_while_keys_move_the_pointer(driver: Driver) -> None:
    driver.press(Qt.Key.Key_F7)
    driver.press(Qt.Key.Key_V)
    assert driver.app.state.view.tool == "select"


def test_escape_clears_the_selection_and_then_goes_back_to_prompting(driver: Driver) -> None:
    driver.click(20, 20)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    driver.press(Qt.Key.Key_1, CTRL)
    driver.press(Qt.Key.Key_V)
    driver.press(Qt.Key.Key_Escape)
    assert driver.app.state.view.selection == ()
    assert driver.app.state.view.tool == "select"
    driver.press(Qt.Key.Key_Escape)
    assert driver.app.state.view.tool == "prompt"


def test_letting_go_of_alt_after_the_wheel_does_not_go_to_the_menu(driver: Driver) -> None:
    canvas = driver.window.canvas
    driver.until(driver.window.isActiveWindow)
    QTest.keyPress(canvas, Qt.Key.Key_Alt, ALT)
    turn = QWheelEvent(
        QPointF(5, 5),
        QPointF(canvas.mapToGlobal(QPoint(5, 5))),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        ALT,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas.viewport(), turn)
    QTest.keyRelease(canvas, Qt.Key.Key_Alt)
    assert driver.window.focusWidget() is canvas
    assert driver.window.menuBar().activeAction() is None


def test_a_screen_reader_hears_masks_and_what_was_kept(driver: Driver) -> None:
    said: list[str] = []
    announcer = AnnouncerPresenter(driver.app.state.bus, driver.app.state.view, said.append)
    driver.app.state.bus.changed.connect(announcer.on_changes)
    driver.app.state.notices.posted.connect(announcer.on_notice)
    driver.click(20, 20)
    driver.answered()
    area = driver.mask()
    assert area is not None
    assert said[-1].startswith("object 1, ")
    assert "pixels, quality" in said[-1]
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    assert "accepted: object 1" in said
    driver.app.state.notices.post("All is well.")
    assert said[-1] == "All is well."


def test_letters_reach_the_window_from_a_list_too(driver: Driver) -> None:
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
    assert driver.window.focusWidget() is not driver.window.canvas
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_R)
    assert driver.app.state.view.tool == "box"


def begin_to_draw(driver: Driver, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    (square,) = draw(driver, blocks((0, 0, 96, 64)))
    driver.app.state.view.select(square)
    driver.press(Qt.Key.Key_B)
    driver.press(Qt.Key.Key_F7)
    driver.press(Qt.Key.Key_Space, held)
    assert driver.window.canvas.in_gesture
    driver.press(Qt.Key.Key_Right, CTRL)


def test_space_ends_what_shift_space_began_to_erase(driver: Driver) -> None:
    begin_to_draw(driver, SHIFT)
    driver.press(Qt.Key.Key_Space)
    assert not driver.window.canvas.in_gesture
    assert driver.project.undo_title == "Erase"


def test_space_begins_anew_after_esc_dropped_the_stroke(driver: Driver) -> None:
    begin_to_draw(driver)
    driver.press(Qt.Key.Key_Escape)
    assert not driver.window.canvas.in_gesture
    driver.press(Qt.Key.Key_Space)
    assert driver.window.canvas.in_gesture


def test_space_clicks_at_once_with_the_tool_taken_up_in_a_stroke(driver: Driver) -> None:
    begin_to_draw(driver)
    driver.app.state.view.select()
    driver.press(Qt.Key.Key_P)
    driver.press(Qt.Key.Key_Space)
    assert [row.draft for row in driver.objects()] == [False, True]
