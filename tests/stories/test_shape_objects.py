"""A person merges, splits, combines, cleans up and orders objects."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QMenu, QSpinBox

from sam2_annotator.masks import morphology, rle
from sam2_annotator.ui.panels.object_forms import ShapeForm
from sam2_annotator.values.states import MaskState
from support.drawing import blocks, draw
from support.drawn import picture_file, video_file
from support.window import Driver

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT, RIGHT = blocks((5, 5, 30, 30)), blocks((50, 5, 80, 30))
HOLED = blocks((10, 10, 50, 50), (70, 40, 73, 43), without=((20, 20, 26, 26),))


@pytest.fixture
def driver(start, tmp_path: Path) -> Driver:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.press(Qt.Key.Key_V)
    return driver


def trigger(driver: Driver, action: str) -> None:
    driver.app.actions[action].trigger()


def select(driver: Driver, *places: tuple[float, float]) -> None:
    for number, (x, y) in enumerate(places):
        driver.click(x, y, modifier=SHIFT if number else Qt.KeyboardModifier.NoModifier)


def test_ctrl_j_merges_what_is_selected_and_one_undo_takes_it_back(driver: Driver) -> None:
    draw(driver, LEFT, RIGHT)
    select(driver, (60, 10), (10, 10))
    driver.press(Qt.Key.Key_J, CTRL)
    (row,) = driver.objects()
    assert row.number == 2
    assert driver.mask(2) == rle.union(LEFT, RIGHT)
    assert driver.app.state.view.selection == (row.id,)
    assert "Merged object 2, object 1." in driver.notices
    driver.press(Qt.Key.Key_Z, CTRL)
    assert [driver.mask(1), driver.mask(2)] == [LEFT, RIGHT]


def test_one_object_cannot_be_merged_and_a_locked_one_is_named(driver: Driver) -> None:
    draw(driver, LEFT, RIGHT)
    select(driver, (10, 10))
    driver.press(Qt.Key.Key_J, CTRL)
    for command in ("object.merge", "object.unite", "object.subtract", "object.intersect"):
        assert not driver.app.actions[command].isEnabled(), command
        assert driver.app.actions.why_not(command) == "select two objects or more first"
    driver.press(Qt.Key.Key_L, CTRL)
    driver.press(Qt.Key.Key_A, CTRL)
    driver.press(Qt.Key.Key_J, CTRL)
    assert driver.notices[-1] == "Locked and left as they are: object 1."
    assert driver.app.actions["object.subtract"].isEnabled()
    assert len(driver.objects()) == 2


def test_ctrl_shift_j_splits_parts_into_objects(driver: Driver) -> None:
    draw(driver, rle.union(LEFT, RIGHT))
    select(driver, (10, 10))
    driver.press(Qt.Key.Key_J, CTRL | SHIFT)
    assert [driver.mask(1), driver.mask(2)] == [RIGHT, LEFT]
    assert driver.app.state.view.selection == tuple(row.id for row in driver.objects())
    driver.press(Qt.Key.Key_J, CTRL | SHIFT)
    assert driver.notices[-1] == "Nothing to split: the mask is one part."


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("object.unite", rle.union(LEFT, blocks((20, 5, 40, 30)))),
        ("object.subtract", blocks((5, 5, 20, 30))),
        ("object.intersect", blocks((20, 5, 30, 30))),
    ],
)
def test_the_first_selected_is_combined_with_the_others(driver: Driver, action: str, expected: rle.Mask) -> None:
    draw(driver, LEFT, blocks((20, 5, 40, 30)))
    select(driver, (10, 10), (35, 10))
    trigger(driver, action)
    assert driver.mask(1) == expected
    assert driver.mask(2) == blocks((20, 5, 40, 30))
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.mask(1) == LEFT


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("object.fill_holes", morphology.fill_holes(HOLED)),
        ("object.remove_specks", morphology.remove_specks(HOLED, 9)),
        ("object.keep_largest", morphology.keep_largest(HOLED)),
        ("object.grow", morphology.grow(HOLED, 1)),
        ("object.shrink", morphology.grow(HOLED, -1)),
        ("object.smooth", morphology.smooth(HOLED, 2)),
    ],
)
def test_steps_by_name_change_the_mask(driver: Driver, action: str, expected: rle.Mask) -> None:
    draw(driver, HOLED)
    select(driver, (15, 15))
    trigger(driver, action)
    driver.until(lambda: driver.mask() == expected)
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.mask() == HOLED


def test_steps_asked_for_faster_than_they_are_done_follow_each_other(driver: Driver) -> None:
    draw(driver, HOLED)
    select(driver, (15, 15))
    for _ in range(3):
        trigger(driver, "object.grow")
    expected = morphology.grow(morphology.grow(morphology.grow(HOLED, 1), 1), 1)
    driver.until(lambda: driver.mask() == expected)


def test_what_would_vanish_stays_and_is_named(driver: Driver) -> None:
    draw(driver, blocks((10, 10, 12, 12)))
    select(driver, (11, 11))
    trigger(driver, "object.shrink")
    driver.until(lambda: "Nothing would be left of object 1: unchanged." in driver.notices)
    assert driver.mask() == blocks((10, 10, 12, 12))


def test_clean_up_shows_its_effect_before_it_is_applied(driver: Driver) -> None:
    draw(driver, HOLED)
    select(driver, (15, 15))
    driver.press(Qt.Key.Key_F, CTRL | SHIFT)
    form = driver.window.shape_form
    assert form.isVisible()
    assert QApplication.focusWidget() is form.findChild(QSpinBox, "shapeForm.holes")
    scene = driver.window.canvas._scene
    cleaned = morphology.remove_specks(morphology.fill_holes(HOLED, 100), 25)
    driver.until(lambda: list(scene._previews.values()) == [cleaned])
    assert driver.mask() == HOLED
    QTest.mouseClick(check_box(form), Qt.MouseButton.LeftButton, pos=check_box(form).rect().center())
    grow = form.findChild(QSpinBox, "shapeForm.grow")
    grow.setFocus()
    grow.selectAll()
    QTest.keyClicks(grow, "2")
    expected = morphology.grow(morphology.keep_largest(cleaned), 2)
    driver.until(lambda: list(scene._previews.values()) == [expected])
    QTest.keyClick(grow, Qt.Key.Key_Return)
    driver.until(lambda: driver.mask() == expected)
    assert not form.isVisible()
    assert scene._previews == {}
    assert driver.window.canvas.hasFocus()
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.mask() == HOLED


def check_box(form: ShapeForm) -> QCheckBox:
    box = form.findChild(QCheckBox, "shapeForm.largest")
    assert isinstance(box, QCheckBox)
    return box


def test_esc_leaves_the_mask_and_letters_in_the_form_are_no_commands(driver: Driver) -> None:
    draw(driver, HOLED)
    select(driver, (15, 15))
    driver.press(Qt.Key.Key_F, CTRL | SHIFT)
    form = driver.window.shape_form
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_N)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_P)
    assert driver.window.canvas.tool == "select"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not form.isVisible()
    assert driver.mask() == HOLED
    assert driver.app.state.view.selection == (driver.objects()[0].id,)


def test_undo_wins_over_a_step_under_way(driver: Driver, qtbot) -> None:
    draw(driver, LEFT, HOLED)
    select(driver, (45, 45))
    trigger(driver, "object.grow")
    driver.press(Qt.Key.Key_Z, CTRL)
    qtbot.wait(200)
    assert driver.mask(2) is None
    assert driver.project.redo_title == "Set mask"


def test_ctrl_up_and_down_change_the_order(driver: Driver) -> None:
    draw(driver, LEFT, blocks((5, 5, 40, 30)), RIGHT)
    select(driver, (35, 10))
    driver.press(Qt.Key.Key_Down, CTRL)
    assert [row.number for row in sorted(driver.objects(), key=lambda row: row.z)] == [2, 1, 3]
    select(driver, (10, 10))
    assert driver.app.state.view.selection == (driver.objects()[0].id,)
    trigger(driver, "object.to_front")
    driver.press(Qt.Key.Key_Z, CTRL)
    driver.press(Qt.Key.Key_Z, CTRL)
    assert [row.number for row in sorted(driver.objects(), key=lambda row: row.z)] == [1, 2, 3]


def test_objects_kept_apart_take_from_those_below(driver: Driver) -> None:
    action = driver.app.actions["object.no_overlap"]
    action.trigger()
    assert action.isChecked()
    draw(driver, LEFT, blocks((20, 5, 40, 30)))
    assert driver.mask(1) == blocks((5, 5, 20, 30))
    for _ in range(5):
        driver.press(Qt.Key.Key_Z, CTRL)
    assert not action.isChecked()
    assert driver.objects() == ()


def test_solo_hides_the_others_and_shows_them_again(driver: Driver) -> None:
    draw(driver, LEFT, RIGHT)
    select(driver, (10, 10))
    trigger(driver, "object.solo")
    assert [row.visible for row in driver.objects()] == [True, False]
    trigger(driver, "object.solo")
    assert [row.visible for row in driver.objects()] == [True, True]
    driver.press(Qt.Key.Key_Z, CTRL)
    assert [row.visible for row in driver.objects()] == [True, False]


def test_a_note_is_typed_in_place(driver: Driver) -> None:
    draw(driver, LEFT)
    select(driver, (10, 10))
    trigger(driver, "object.note")
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "behind the fence")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert driver.objects()[0].note == "behind the fence"
    assert driver.window.canvas.hasFocus()


def test_a_merge_in_a_clip_works_on_all_frames(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(video_file(tmp_path / "clip.mp4", 8))
    for x in (20, 50):
        driver.click(x, 20)
        driver.answered()
        driver.press(Qt.Key.Key_Return)
        driver.skip_naming()
    driver.press(Qt.Key.Key_T)
    driver.until(lambda: len(driver.masked_frames(1)) == 8 and driver.app.state.view.run is None)
    driver.press(Qt.Key.Key_V)
    driver.press(Qt.Key.Key_A, CTRL)
    joined = [rle.union(driver.mask(1, frame), driver.mask(2, frame)) for frame in range(8)]
    driver.press(Qt.Key.Key_J, CTRL)
    assert [driver.mask(1, frame) for frame in range(8)] == joined
    states = driver.project.states(driver.item)[driver.objects()[0].id]
    assert [states[frame] for frame in range(8)] == [MaskState.KEY, *[MaskState.PROPAGATED] * 7]


def menu_of() -> QMenu:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def titles(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def test_a_right_click_in_select_opens_the_menu_of_the_object(driver: Driver) -> None:
    draw(driver, LEFT, RIGHT)
    driver.click(10, 10, Qt.MouseButton.RightButton)
    assert driver.app.state.view.selection == (driver.objects()[0].id,)
    menu = menu_of()
    assert {"Combine", "Shape", "Order", "Label", "Cut", "Paste", "Delete here"} <= set(titles(menu))
    assert "Delete from here on" not in titles(menu)
    next(action for action in menu.actions() if action.text() == "Delete here").trigger()
    menu.close()
    assert [row.number for row in driver.objects()] == [2]


def test_a_right_click_on_the_selection_keeps_it_and_one_beside_objects_opens_nothing(driver: Driver) -> None:
    draw(driver, LEFT, RIGHT)
    select(driver, (10, 10), (60, 10))
    driver.click(60, 10, Qt.MouseButton.RightButton)
    assert len(driver.app.state.view.selection) == 2
    menu_of().close()
    driver.click(40, 50, Qt.MouseButton.RightButton)
    assert QApplication.activePopupWidget() is None


@pytest.mark.parametrize("key", [Qt.Key.Key_P, Qt.Key.Key_R, Qt.Key.Key_V])
def test_the_menu_key_opens_it_in_every_tool(driver: Driver, key: Qt.Key) -> None:
    draw(driver, LEFT)
    select(driver, (10, 10))
    driver.press(key)
    driver.press(Qt.Key.Key_Menu)
    menu_of().close()
    driver.press(Qt.Key.Key_F10, SHIFT)
    menu_of().close()


def test_what_waits_is_done_to_what_was_selected_when_it_was_wished(driver: Driver) -> None:
    draw(driver, LEFT, RIGHT)
    select(driver, (10, 10))
    trigger(driver, "object.grow")
    trigger(driver, "object.grow")
    select(driver, (60, 10))
    driver.until(lambda: driver.mask(1).box == (3, 3, 32, 32) or driver.mask(2) != RIGHT)
    assert driver.mask(2) == RIGHT
