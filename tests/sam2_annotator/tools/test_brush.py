"""Brush and eraser as event scripts."""

import pytest

from sam2_annotator.tools.base import BrushRing, Button, Cursor, Key, KeyEvent, Modifier, ToolContext
from sam2_annotator.tools.brush import BrushTool
from sam2_annotator.values.drawing import DrawingOptions
from sam2_annotator.values.drawing_intents import DrawingRefused, Paint
from support.pointer import Hand

OPTIONS = DrawingOptions(size=9, square=True)


def hand(*, eraser: bool = False, **context: object) -> Hand:
    return Hand(BrushTool(eraser), ToolContext(scale=1.0, image_size=(200, 100), options=OPTIONS, **context))


def test_a_drag_is_one_stroke_that_shows_as_it_grows() -> None:
    brush = hand()
    brush.press(10, 10)
    brush.move(20, 10)
    assert brush.overlay.stroke == Paint(((10, 10), (20, 10)), 9, True, add=True)
    assert brush.intents == []
    brush.release(30, 12)
    assert brush.intents == [Paint(((10, 10), (20, 10), (30, 12)), 9, True, add=True)]
    assert brush.overlay.stroke is None
    assert brush.overlay.ring == BrushRing(30, 12, 9, True, add=True)


@pytest.mark.parametrize("eraser", [False, True])
def test_right_button_and_alt_do_the_opposite(eraser: bool) -> None:
    brush = hand(eraser=eraser)
    brush.click(10, 10)
    brush.click(10, 10, Button.RIGHT)
    brush.held = Modifier.ALT
    brush.click(10, 10)
    assert [intent.add for intent in brush.intents] == [not eraser, eraser, eraser]


def test_shift_goes_straight_from_the_last_point_and_shows_the_line_before() -> None:
    brush = hand()
    brush.drag(10, 10, 20, 10)
    brush.held = Modifier.SHIFT
    brush.move(80, 40)
    assert brush.overlay.stroke == Paint(((20, 10), (80, 40)), 9, True, add=True)
    brush.click(80, 40)
    assert brush.intents[-1] == Paint(((20, 10), (80, 40)), 9, True, add=True)


def test_shift_without_a_last_point_is_a_dab() -> None:
    brush = hand()
    brush.held = Modifier.SHIFT
    brush.click(10, 10)
    assert brush.intents == [Paint(((10, 10),), 9, True, add=True)]


def test_places_too_near_to_matter_are_left_out() -> None:
    brush = hand()
    brush.set_context(options=DrawingOptions(size=500))
    brush.press(10, 10)
    for x in range(11, 30):
        brush.move(x, 10)
    brush.release(30, 10)
    assert len(brush.intents[0].path) == 3


@pytest.mark.parametrize("key", [Key.ESCAPE, Key.UNDO])
def test_a_stroke_can_be_dropped(key: Key) -> None:
    brush = hand()
    brush.press(10, 10)
    assert key in brush.result.state.keys
    brush._feed(KeyEvent(key))
    brush.move(30, 10)
    brush.release(30, 10)
    assert brush.intents == []


def test_a_stroke_whose_release_was_lost_is_kept() -> None:
    brush = hand()
    brush.press(10, 10)
    brush.move(20, 10)
    brush.press(50, 50)
    assert brush.intents == [Paint(((10, 10), (20, 10)), 9, True, add=True)]
    brush.release(50, 50)
    assert len(brush.intents) == 2


def test_where_nothing_may_be_painted_the_pointer_says_so_and_a_press_asks_why() -> None:
    brush = hand(may_add=False, may_take=True)
    brush.move(10, 10)
    assert brush.result.cursor is Cursor.FORBIDDEN
    brush.drag(10, 10, 20, 20)
    assert brush.intents == [DrawingRefused.ADDING]
    brush.click(10, 10, Button.RIGHT)
    assert brush.intents[-1] == Paint(((10, 10),), 9, True, add=False)
