"""Clicks, drags and keys on the real widget become intents."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from sam2_annotator.masks import rle
from sam2_annotator.ui.canvas.values import CanvasMask, PointerInfo
from sam2_annotator.ui.canvas.view import CanvasView
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.intents import AddPoint, PlayToggle, PromptAction, SelectObjects, SetBox
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Point, PromptSet
from support.canvas import LEFT, MIDDLE, NO_KEYS, RIGHT, Keys, Mouse, pixels, send_key, shown_at


@pytest.fixture
def intents(view: CanvasView) -> list[object]:
    heard: list[object] = []
    view.intent.connect(heard.append)
    return heard


def square(x0: int, y0: int, x1: int, y1: int) -> Mask:
    array = np.zeros((240, 320), bool)
    array[y0:y1, x0:x1] = True
    return rle.encode(array)


def test_a_click_is_a_point_with_unrounded_coordinates(view: CanvasView, intents: list[object]) -> None:
    view.zoom_to(7.3)
    mouse = Mouse(view)
    mouse.press(301.25, 200.5)
    mouse.release(301.25, 200.5)
    x, y = view.camera.to_image(301.25, 200.5)
    assert intents == [AddPoint(x, y)]
    assert shown_at(view, x, y) == pytest.approx((301.25, 200.5))
    assert x != round(x)


def test_right_and_ctrl_clicks(view: CanvasView, intents: list[object]) -> None:
    mouse = Mouse(view)
    mouse.press(300, 200, RIGHT)
    mouse.release(300, 200, RIGHT)
    mouse.keys = Keys.ControlModifier
    mouse.press(200, 200)
    mouse.release(200, 200)
    assert [(intent.positive, intent.accept) for intent in intents] == [(False, False), (True, True)]


def test_a_drag_is_a_box(view: CanvasView, intents: list[object]) -> None:
    view.zoom_to(2)
    mouse = Mouse(view)
    mouse.press(250.5, 150)
    mouse.move(330, 210)
    mouse.release(330, 210)
    assert intents == [SetBox(*view.camera.to_image(250.5, 150), *view.camera.to_image(330, 210))]


@pytest.mark.parametrize("how", ["space", "middle"])
def test_panning_in_the_middle_of_a_drag_does_not_end_it(view: CanvasView, intents: list[object], how: str) -> None:
    view.zoom_to(4)
    mouse = Mouse(view)
    start = view.camera.to_image(250, 150)
    mouse.press(250, 150)
    mouse.move(300, 200)
    top = view.camera.top
    if how == "space":
        send_key(view, Qt.Key.Key_Space, down=True)
        mouse.move(300, 200)
    else:
        mouse.press(300, 200, MIDDLE)
    mouse.move(280, 120)
    if how == "space":
        send_key(view, Qt.Key.Key_Space, down=False)
    else:
        mouse.release(280, 120, MIDDLE)
    assert view.camera.top == top - 80
    assert intents == []
    mouse.move(310, 190)
    assert view.camera.top == top - 80
    mouse.release(310, 190)
    assert intents == [SetBox(*start, *view.camera.to_image(310, 190))]


def test_space_and_left_drag_pan_and_make_no_point(view: CanvasView, intents: list[object]) -> None:
    view.zoom_to(4)
    mouse, left = Mouse(view), view.camera.left
    send_key(view, Qt.Key.Key_Space, down=True)
    assert view.viewport().cursor().shape() == Qt.CursorShape.OpenHandCursor
    mouse.press(300, 200)
    mouse.move(320, 200)
    assert view.viewport().cursor().shape() == Qt.CursorShape.ClosedHandCursor
    send_key(view, Qt.Key.Key_Space, down=False)
    mouse.move(330, 200)
    mouse.release(330, 200)
    assert view.camera.left == left + 30
    assert intents == []
    assert view.viewport().cursor().shape() == Qt.CursorShape.CrossCursor


def test_a_tap_on_space_plays(view: CanvasView, intents: list[object]) -> None:
    send_key(view, Qt.Key.Key_Space, down=True)
    send_key(view, Qt.Key.Key_Space, down=True, repeat=True)
    send_key(view, Qt.Key.Key_Space, down=False, repeat=True)
    send_key(view, Qt.Key.Key_Space, down=False)
    assert intents == [PlayToggle.TOGGLE]


def test_holding_space_does_not_play(view: CanvasView, intents: list[object], qtbot: QtBot) -> None:
    send_key(view, Qt.Key.Key_Space, down=True)
    qtbot.wait(330)
    send_key(view, Qt.Key.Key_Space, down=False)
    assert intents == []


def test_a_press_during_space_does_not_play(view: CanvasView, intents: list[object]) -> None:
    mouse = Mouse(view)
    send_key(view, Qt.Key.Key_Space, down=True)
    mouse.press(300, 200)
    mouse.release(300, 200)
    send_key(view, Qt.Key.Key_Space, down=False)
    assert intents == []


def test_escape_ends_a_gesture_and_otherwise_belongs_to_the_window(view: CanvasView, intents: list[object]) -> None:
    def wants_escape() -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, NO_KEYS)
        event.ignore()
        QApplication.sendEvent(view, event)
        return event.isAccepted()

    mouse = Mouse(view)
    assert not wants_escape()
    mouse.press(200, 150)
    mouse.move(300, 250)
    assert wants_escape()
    send_key(view, Qt.Key.Key_Escape, down=True)
    mouse.release(300, 250)
    assert intents == []
    assert not wants_escape()


def test_letting_go_of_shift_runs_the_collected_points(view: CanvasView, intents: list[object]) -> None:
    mouse = Mouse(view)
    mouse.keys = Keys.ShiftModifier
    send_key(view, Qt.Key.Key_Shift, down=True)
    mouse.press(300, 200)
    mouse.release(300, 200)
    send_key(view, Qt.Key.Key_Shift, down=False)
    assert [type(intent) for intent in intents] == [AddPoint, PromptAction]


def test_other_keys_go_to_the_window(view: CanvasView) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_M, NO_KEYS, "m")
    view.keyPressEvent(event)
    assert not event.isAccepted()


def test_the_pressed_point_shows_before_anything_else_happens(view: CanvasView) -> None:
    view.zoom_to(4)
    before = pixels(view)
    Mouse(view).press(300, 200)
    changed = np.argwhere((pixels(view) != before).any(axis=2))
    assert changed.min(axis=0) == pytest.approx([200 - 8, 300 - 8], abs=1.5)
    assert changed.max(axis=0) == pytest.approx([200 + 8, 300 + 8], abs=1.5)


def test_select_finds_the_topmost_mask_and_then_the_one_below(view: CanvasView, intents: list[object]) -> None:
    low, high = ObjectId(4), ObjectId(9)
    view.set_masks(
        (CanvasMask(low, 1, "1", square(50, 50, 150, 150)), CanvasMask(high, 2, "2", square(100, 100, 200, 200)))
    )
    view.set_tool("select")
    mouse, place = Mouse(view), shown_at(view, 120.5, 120.5)
    for _ in range(2):
        mouse.press(*place)
        mouse.release(*place)
        view.set_context(selection=intents[-1].objects)
    assert intents == [SelectObjects((high,)), SelectObjects((low,))]
    view.set_masks_visible(False)
    mouse.press(*place)
    mouse.release(*place)
    assert intents[2:] == [SelectObjects()]


def test_the_pan_tool_moves_the_picture(view: CanvasView) -> None:
    view.zoom_to(4)
    view.set_tool("pan")
    mouse, left = Mouse(view), view.camera.left
    mouse.press(300, 200)
    mouse.move(310.5, 200)
    assert view.camera.left == left + 10.5


def test_the_pointer_is_told_with_what_it_is_over(view: CanvasView) -> None:
    told: list[PointerInfo] = []
    view.pointer_moved.connect(told.append)
    view.set_masks((CanvasMask(ObjectId(4), 1, "1", square(50, 50, 150, 150)),))
    mouse = Mouse(view)
    for point in ((60.5, 70.5), (200.5, 70.5), (-5, 70.5)):
        mouse.move(*shown_at(view, *point))
    assert [(info.inside, info.object_id) for info in told] == [(True, 4), (True, None), (False, None)]
    assert (told[0].x, told[0].y) == pytest.approx((60.5, 70.5))


def test_without_a_picture_nothing_happens(view: CanvasView, intents: list[object]) -> None:
    view.set_frame(None, keep_view=False)
    mouse = Mouse(view)
    mouse.press(300, 200)
    mouse.move(350, 250)
    mouse.release(350, 250)
    mouse.wheel(300, 200, turn=120)
    view.fit()
    view.toggle_fit()
    assert intents == []


def test_another_tool_drops_the_gesture(view: CanvasView, intents: list[object]) -> None:
    mouse = Mouse(view)
    mouse.press(200, 150)
    mouse.move(300, 250)
    view.set_tool("box")
    mouse.release(300, 250)
    assert (intents, view.tool) == ([], "box")


def test_prompts_are_grabbed_where_they_show(view: CanvasView, intents: list[object]) -> None:
    view.set_prompts(PromptSet(points=(Point(100, 100),)), draft=True)
    mouse, (x, y) = Mouse(view), shown_at(view, 100, 100)
    mouse.press(x + 3, y, LEFT)
    mouse.move(x + 30, y)
    mouse.release(x + 30, y)
    assert len(intents) == 2
    assert (intents[0].index, intents[0].y) == (0, pytest.approx(100))
