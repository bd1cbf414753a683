"""A person paints, erases, goes around things, moves them and edits their outlines."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sam2_annotator.doc.commands import AddObject, DeleteObject, SetMask
from sam2_annotator.engine.messages import PredictMask, Propagate
from sam2_annotator.masks import raster, rle
from sam2_annotator.values.drawing import DrawingOptions
from sam2_annotator.values.drawing_intents import SetDrawing
from sam2_annotator.values.ids import FrameIndex, ObjectId
from sam2_annotator.values.intents import SetLocked, SetVisible
from sam2_annotator.values.states import MaskOrigin, MaskState
from support.drawn import picture_file, video_file
from support.fake_engine import FakeService
from support.window import Driver

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
NONE = Qt.KeyboardModifier.NoModifier
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
HEIGHT, WIDTH = 64, 96


def opened(start, tmp_path: Path, service: FakeService | None = None) -> Driver:
    driver = start(service)
    driver.open(picture_file(tmp_path / "a.png"))
    driver.app.router.route(SetDrawing(DrawingOptions(size=8)))
    return driver


def stroke(driver: Driver, *places: tuple[float, float], button=LEFT, modifier=NONE) -> None:
    viewport = driver.window.canvas.viewport()
    QTest.mousePress(viewport, button, modifier, driver.place(*places[0]))
    for place in places[1:]:
        QTest.mouseMove(viewport, driver.place(*place))
    QTest.mouseRelease(viewport, button, modifier, driver.place(*places[-1]))


def covers(driver: Driver, x: float, y: float, number: int = 1) -> bool:
    mask = driver.mask(number)
    return mask is not None and bool(rle.decode(mask)[int(y), int(x)])


def add_square(driver: Driver, x0: int, y0: int, x1: int, y1: int) -> ObjectId:
    """An object with a mask, as something else made it."""
    array = np.zeros((HEIGHT, WIDTH), bool)
    array[y0:y1, x0:x1] = True
    bus = driver.app.state.bus
    object_id = ObjectId(bus.apply(AddObject(driver.item)).created[0])
    bus.apply(SetMask(driver.item, driver.frame, object_id, rle.encode(array), MaskState.KEY))
    return object_id


# ------------------------------------------------------------------------------------------------- brush


def test_a_stroke_makes_a_draft_that_enter_accepts(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    driver.press(Qt.Key.Key_B)
    assert driver.window.canvas.tool == "brush"
    stroke(driver, (20, 20), (40, 20), (40, 40))
    (draft,) = driver.objects()
    assert draft.draft
    assert covers(driver, 30, 20)
    assert covers(driver, 40, 36)
    assert not covers(driver, 30, 36)
    row = driver.project.mask_row(driver.item, driver.frame, draft.id)
    assert (row.state, row.origin) == (MaskState.KEY, MaskOrigin.EDITED)
    stroke(driver, (60, 20), (70, 20))
    assert len(driver.objects()) == 1
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    assert not driver.objects()[0].draft
    stroke(driver, (60, 50), (70, 50))
    assert [row.draft for row in driver.objects()] == [False, True]


def test_one_stroke_is_one_step_by_name(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    driver.press(Qt.Key.Key_B)
    stroke(driver, (20, 20), (40, 20))
    assert driver.project.undo_title == "Brush"
    first = driver.mask()
    stroke(driver, (20, 20), (40, 20), button=RIGHT)
    assert driver.project.undo_title == "Erase"
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.mask() == first
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.objects() == ()
    driver.press(Qt.Key.Key_Z, CTRL | SHIFT)
    assert driver.mask() == first


def test_the_eraser_and_the_right_button(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    driver.app.state.view.select(add_square(driver, 10, 10, 50, 50))
    driver.press(Qt.Key.Key_E)
    stroke(driver, (20, 20), (30, 20))
    assert not covers(driver, 25, 20)
    assert covers(driver, 25, 30)
    stroke(driver, (25, 20), (26, 20), button=RIGHT)
    assert covers(driver, 25, 20)
    driver.press(Qt.Key.Key_B)
    stroke(driver, (25, 30), (26, 30), modifier=ALT)
    assert not covers(driver, 25, 30)


def test_shift_draws_straight_from_the_last_point(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    driver.press(Qt.Key.Key_B)
    driver.click(10, 10)
    driver.click(80, 50, modifier=SHIFT)
    assert covers(driver, 45, 30)
    driver.press(Qt.Key.Key_Z, CTRL)
    assert covers(driver, 10, 10)
    assert not covers(driver, 45, 30)


def test_size_by_keys_wheel_and_strip(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    driver.press(Qt.Key.Key_B)
    sizes = [driver.app.state.view.drawing.size]
    driver.press(Qt.Key.Key_W)
    sizes.append(driver.app.state.view.drawing.size)
    driver.press(Qt.Key.Key_Q)
    sizes.append(driver.app.state.view.drawing.size)
    assert sizes == [8, 9, 8]
    field = driver.window.drawing_options.findChild(object, "brushSize")
    assert field.isVisible()
    assert field.value() == 8
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "20")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert driver.app.state.view.drawing.size == 20
    driver.window.drawing_options.findChild(object, "brushSquare").click()
    driver.click(40, 30)
    assert driver.mask() == raster.stroke(
        [driver.window.canvas.camera.to_image(*driver.place(40, 30).toTuple())],
        size=20,
        square=True,
        height=HEIGHT,
        width=WIDTH,
    )


def test_a_stroke_shows_before_the_button_goes_up(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    driver.press(Qt.Key.Key_B)
    viewport = driver.window.canvas.viewport()

    def colour(x: float, y: float) -> tuple[int, ...]:
        return viewport.grab().toImage().pixelColor(driver.place(x, y)).getRgb()

    before = colour(40, 50)
    QTest.mousePress(viewport, LEFT, NONE, driver.place(20, 50))
    QTest.mouseMove(viewport, driver.place(60, 50))
    during = colour(40, 50)
    assert during != before
    assert driver.objects() == ()
    QTest.mouseRelease(viewport, LEFT, NONE, driver.place(60, 50))
    assert colour(40, 50) == during
    QTest.mousePress(viewport, RIGHT, NONE, driver.place(20, 50))
    QTest.mouseMove(viewport, driver.place(60, 50))
    assert colour(40, 50) == before
    assert covers(driver, 40, 50)
    QTest.mouseRelease(viewport, RIGHT, NONE, driver.place(60, 50))


def test_esc_and_undo_drop_a_stroke_on_the_way(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    driver.press(Qt.Key.Key_B)
    viewport = driver.window.canvas.viewport()
    for key, modifier in ((Qt.Key.Key_Escape, NONE), (Qt.Key.Key_Z, CTRL)):
        QTest.mousePress(viewport, LEFT, NONE, driver.place(20, 50))
        QTest.mouseMove(viewport, driver.place(60, 50))
        driver.press(key, modifier)
        QTest.mouseRelease(viewport, LEFT, NONE, driver.place(60, 50))
        assert driver.objects() == ()
        assert driver.project.undo_title != "Brush"


def test_panning_does_not_end_a_stroke(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    driver.press(Qt.Key.Key_B)
    canvas = driver.window.canvas
    viewport = canvas.viewport()
    canvas.zoom_to(8.0)
    QTest.mousePress(viewport, LEFT, NONE, driver.place(40, 30))
    QTest.mouseMove(viewport, driver.place(44, 30))
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    at = driver.place(44, 30)
    for _ in range(4):
        at.setX(at.x() - 30)
        QTest.mouseMove(viewport, at)
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    QTest.mouseMove(viewport, driver.place(60, 30))
    QTest.mouseRelease(viewport, LEFT, NONE, driver.place(60, 30))
    assert covers(driver, 40, 30)
    assert covers(driver, 52, 30)
    assert not covers(driver, 52, 44)
    assert driver.project.undo_title == "Brush"
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.objects() == ()


def test_a_locked_object_refuses_and_says_so(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    square = add_square(driver, 10, 10, 50, 50)
    driver.app.state.view.select(square)
    driver.app.router.route(SetLocked((square,), True))
    before = driver.mask()
    for key in (Qt.Key.Key_B, Qt.Key.Key_E, Qt.Key.Key_G):
        driver.press(key)
        stroke(driver, (60, 20), (70, 30))
        assert driver.mask() == before
        assert driver.notices[-1] == "Object 1 is locked."
        assert driver.window.canvas.viewport().cursor().shape() == Qt.CursorShape.ForbiddenCursor
        assert driver.window.status.next_click == "Locked: object 1 cannot be changed"
        driver.notices.clear()


def test_painting_shows_a_hidden_object(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    square = add_square(driver, 10, 10, 50, 50)
    driver.app.router.route(SetVisible((square,), False))
    driver.press(Qt.Key.Key_H)
    driver.app.state.view.select(square)
    driver.press(Qt.Key.Key_B)
    stroke(driver, (60, 20), (70, 20))
    assert driver.objects()[0].visible
    assert driver.app.state.view.masks_visible
    driver.press(Qt.Key.Key_Z, CTRL)
    assert not driver.objects()[0].visible
    assert not covers(driver, 65, 20)


def test_erasing_without_an_object_says_what_to_do(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    add_square(driver, 10, 10, 50, 50)
    driver.press(Qt.Key.Key_E)
    stroke(driver, (20, 20), (30, 20))
    assert driver.notices[-1] == "Select the object to take pixels from."
    assert driver.mask().area == 1600


def test_what_is_erased_wholly_is_absent_and_a_draft_goes(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    driver.press(Qt.Key.Key_B)
    stroke(driver, (20, 20), (24, 20))
    stroke(driver, (18, 20), (26, 20), button=RIGHT)
    driver.app.router.route(SetDrawing(DrawingOptions(size=40)))
    stroke(driver, (20, 20), (24, 20), button=RIGHT)
    assert driver.objects() == ()
    driver.press(Qt.Key.Key_Z, CTRL)
    assert len(driver.objects()) == 1
    square = add_square(driver, 10, 10, 20, 20)
    driver.app.state.view.select(square)
    driver.press(Qt.Key.Key_E)
    stroke(driver, (15, 15), (16, 15))
    assert driver.project.mask_row(driver.item, driver.frame, square).state is MaskState.ABSENT


# ----------------------------------------------------------------------------------------------- polygon


def test_a_polygon_by_clicks_closed_by_enter(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    driver.press(Qt.Key.Key_G)
    for place in ((20, 10), (60, 10), (60, 50), (20, 50)):
        driver.click(*place)
    assert driver.objects() == ()
    driver.press(Qt.Key.Key_Return)
    assert covers(driver, 40, 30)
    assert driver.project.undo_title == "Polygon"
    assert 0.9 < driver.mask().area / 1600 < 1.1


def test_a_click_on_the_first_point_closes_and_alt_cuts_a_hole(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    square = add_square(driver, 10, 10, 60, 60)
    driver.app.state.view.select(square)
    driver.press(Qt.Key.Key_G)
    driver.click(25, 25, modifier=ALT)
    for place in ((40, 25), (40, 40), (25, 25)):
        driver.click(*place)
    assert not covers(driver, 36, 28)
    assert covers(driver, 28, 38)
    assert driver.project.undo_title == "Cut polygon"


def test_cut_on_the_strip_and_a_freehand_drag(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    driver.app.state.view.select(add_square(driver, 10, 10, 60, 60))
    driver.press(Qt.Key.Key_G)
    driver.window.drawing_options.findChild(object, "polygonCut").click()
    stroke(driver, (25, 25), (40, 25), (40, 40), (25, 40), (25, 26))
    assert not covers(driver, 32, 32)
    assert covers(driver, 15, 15)


def test_backspace_and_undo_step_through_the_corners(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    driver.press(Qt.Key.Key_G)
    for place in ((20, 10), (60, 10), (60, 50), (90, 60)):
        driver.click(*place)
    driver.press(Qt.Key.Key_Backspace)
    driver.press(Qt.Key.Key_Z, CTRL)
    driver.press(Qt.Key.Key_Z, CTRL | SHIFT)
    driver.press(Qt.Key.Key_Return)
    assert covers(driver, 55, 20)
    assert not covers(driver, 70, 45)
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.objects() == ()


def test_undo_of_the_tool_bar_takes_a_corner_too(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    assert not driver.app.actions["edit.undo"].isEnabled() or driver.project.undo_title
    driver.press(Qt.Key.Key_G)
    for place in ((20, 10), (60, 10), (60, 50), (20, 50)):
        driver.click(*place)
    title = driver.project.undo_title
    driver.app.actions["edit.undo"].trigger()
    assert driver.project.undo_title == title
    driver.press(Qt.Key.Key_Return)
    assert not covers(driver, 25, 45)


def test_esc_discards_a_polygon_and_then_goes_back_to_prompt(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    driver.press(Qt.Key.Key_G)
    for place in ((20, 10), (60, 10), (60, 50)):
        driver.click(*place)
    driver.press(Qt.Key.Key_Escape)
    assert driver.window.canvas.tool == "polygon"
    driver.press(Qt.Key.Key_Return)
    assert driver.objects() == ()
    driver.press(Qt.Key.Key_Escape)
    assert driver.window.canvas.tool == "prompt"


def test_an_open_polygon_waits_while_another_tool_or_picture_is_shown(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(video_file(tmp_path / "clip.mp4", 3))
    driver.press(Qt.Key.Key_G)
    for place in ((20, 10), (60, 10), (60, 50)):
        driver.click(*place)
    driver.press(Qt.Key.Key_V)
    driver.press(Qt.Key.Key_G)
    driver.press(Qt.Key.Key_D)
    driver.until(lambda: driver.app.state.view.gesture == frozenset())
    driver.press(Qt.Key.Key_Return)
    assert driver.objects() == ()
    driver.press(Qt.Key.Key_A)
    driver.until(lambda: driver.app.state.view.gesture != frozenset())
    driver.press(Qt.Key.Key_Return)
    assert covers(driver, 55, 20)


# --------------------------------------------------------------------------------------- move and outline


def test_the_handle_moves_the_mask_and_nothing_else_does(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    square = add_square(driver, 10, 10, 50, 50)
    driver.press(Qt.Key.Key_V)
    driver.app.state.view.select(square)
    before = driver.mask()
    stroke(driver, (15, 15), (30, 30), (40, 20))
    assert driver.mask() == before
    stroke(driver, (30, 30), (40, 34), (45, 35))
    assert driver.mask().box == (25, 15, 65, 55)
    assert driver.project.undo_title == "Move mask"
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.mask() == before


def test_a_double_click_opens_the_outline_and_enter_takes_it_over(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    square = add_square(driver, 20, 20, 50, 50)
    driver.press(Qt.Key.Key_V)
    viewport = driver.window.canvas.viewport()
    driver.click(25, 25)
    QTest.mouseDClick(viewport, LEFT, NONE, driver.place(25, 25))
    assert "add a point" in driver.window.status.next_click
    assert driver.window.drawing_options.findChild(object, "outlineTolerance").isVisible()
    stroke(driver, (50, 50), (60, 58), (70, 60))
    assert driver.mask().box == (20, 20, 50, 50)
    driver.press(Qt.Key.Key_Return)
    assert covers(driver, 64, 56)
    assert covers(driver, 20, 20)
    assert driver.project.undo_title == "Edit outline"
    assert driver.app.state.view.selection == (square,)


def test_esc_leaves_an_outline_and_undo_steps_through_its_changes(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    add_square(driver, 20, 20, 50, 50)
    driver.press(Qt.Key.Key_V)
    viewport = driver.window.canvas.viewport()
    before, title = driver.mask(), driver.project.undo_title
    QTest.mouseDClick(viewport, LEFT, NONE, driver.place(25, 25))
    stroke(driver, (50, 50), (60, 58), (70, 60))
    stroke(driver, (20, 20), (15, 15), (10, 10))
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.project.undo_title == title
    driver.press(Qt.Key.Key_Escape)
    assert driver.mask() == before
    QTest.mouseDClick(viewport, LEFT, NONE, driver.place(25, 25))
    stroke(driver, (50, 50), (60, 58), (70, 60))
    stroke(driver, (20, 20), (15, 15), (10, 10))
    driver.press(Qt.Key.Key_Z, CTRL)
    driver.press(Qt.Key.Key_Return)
    assert covers(driver, 64, 56)
    assert not covers(driver, 15, 16)


# ------------------------------------------------------------------------------------ what others make of it


def test_a_click_refines_a_brushed_mask(start, tmp_path: Path) -> None:
    service = FakeService()
    driver = opened(start, tmp_path, service)
    driver.press(Qt.Key.Key_B)
    stroke(driver, (20, 20), (60, 20))
    brushed = driver.mask()
    driver.press(Qt.Key.Key_P)
    driver.click(40, 40)
    driver.answered()
    asked = [request for request in service.asked if isinstance(request, PredictMask)][-1]
    assert brushed in (asked.previous, asked.prompts.mask)


def test_a_stroke_is_not_overwritten_by_a_late_answer(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path, FakeService(predict=0.3))
    driver.click(30, 32)
    driver.press(Qt.Key.Key_B)
    stroke(driver, (70, 20), (80, 20))
    QTest.qWait(700)
    assert covers(driver, 75, 20)
    row = driver.project.mask_row(driver.item, driver.frame, driver.objects()[0].id)
    assert row.origin is MaskOrigin.EDITED


def test_tracking_starts_from_a_brushed_frame(start, tmp_path: Path) -> None:
    service = FakeService()
    driver = start(service)
    driver.open(video_file(tmp_path / "clip.mp4", 4))
    driver.press(Qt.Key.Key_B)
    stroke(driver, (20, 20), (40, 20))
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    painted = driver.mask()
    driver.press(Qt.Key.Key_T)
    driver.until(lambda: any(isinstance(request, Propagate) for request in service.asked))
    (run,) = (request for request in service.asked if isinstance(request, Propagate))
    (keys,) = (one.keys for one in run.objects)
    assert [(key.frame, key.mask) for key in keys] == [(FrameIndex(0), painted)]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_tool_has_an_icon_a_key_and_a_place(start, tmp_path: Path, theme: str) -> None:
    driver = opened(start, tmp_path)
    bar = [driver.window.findChild(object, f"toolbar.tool.{name}") for name in ("select", "prompt", "box", "brush")]
    bar += [driver.window.findChild(object, f"toolbar.tool.{name}") for name in ("eraser", "polygon")]
    tops = [button.y() for button in bar]
    assert tops == sorted(tops)
    assert all(not button.icon().isNull() and button.accessibleName() for button in bar)
    assert "(B): " in bar[3].toolTip()


def test_an_open_polygon_stays_with_its_project(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    driver.press(Qt.Key.Key_G)
    for place in ((10, 10), (40, 10), (40, 40)):
        driver.click(*place)
    assert driver.window.canvas.in_gesture
    first = driver.project
    (tmp_path / "other").mkdir()
    driver.app.controllers.document.open((picture_file(tmp_path / "other" / "b.png"),))
    driver.until(lambda: driver.app.state.bus.project not in (None, first) and bool(driver.app.state.view.item))
    driver.until(lambda: driver.window.canvas.picture_size is not None)
    assert driver.item == first_item(driver)
    driver.until(lambda: not driver.window.canvas.in_gesture)


def first_item(driver: Driver) -> int:
    return driver.project.items()[0].id


def test_a_button_let_go_unheard_ends_the_stroke_where_it_was(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    driver.press(Qt.Key.Key_B)
    viewport = driver.window.canvas.viewport()
    QTest.mousePress(viewport, LEFT, NONE, driver.place(20, 20))
    QTest.mouseMove(viewport, driver.place(30, 20))
    place = QPointF(driver.place(70, 20))
    global_place = QPointF(viewport.mapToGlobal(place))
    moved = QMouseEvent(
        QEvent.Type.MouseMove, place, global_place, Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, NONE
    )
    QApplication.sendEvent(viewport, moved)
    assert covers(driver, 30, 20)
    assert not covers(driver, 50, 20)
    driver.until(lambda: not driver.window.canvas.in_gesture)
    QTest.mouseRelease(viewport, LEFT, NONE, driver.place(70, 20))


def test_undo_shows_the_outline_under_edit_as_it_is_then(start, tmp_path: Path) -> None:
    driver = opened(start, tmp_path)
    square = add_square(driver, 10, 10, 30, 30)
    larger = np.zeros((HEIGHT, WIDTH), bool)
    larger[10:50, 10:60] = True
    driver.app.state.bus.apply(SetMask(driver.item, driver.frame, square, rle.encode(larger), MaskState.KEY))
    driver.press(Qt.Key.Key_V)
    QTest.mouseDClick(driver.window.canvas.viewport(), LEFT, NONE, driver.place(20, 20))
    driver.press(Qt.Key.Key_Z, CTRL)
    stroke(driver, (30, 30), (32, 32), (34, 34))
    driver.press(Qt.Key.Key_Return)
    assert driver.mask().box == (10, 10, 34, 34)
    driver.press(Qt.Key.Key_Z, CTRL)
    QTest.mouseDClick(driver.window.canvas.viewport(), LEFT, NONE, driver.place(14, 26))
    QTest.mouseRelease(driver.window.canvas.viewport(), LEFT, NONE, driver.place(14, 26))
    assert driver.window.canvas.in_gesture
    driver.app.state.bus.apply(DeleteObject(driver.item, (square,)))
    driver.until(lambda: not driver.window.canvas.in_gesture)
