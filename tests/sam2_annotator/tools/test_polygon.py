"""The polygon tool as event scripts."""

from sam2_annotator.tools.base import Key, KeyEvent, Modifier, ToolContext
from sam2_annotator.tools.polygon import PolygonTool
from sam2_annotator.values.drawing import DrawingOptions
from sam2_annotator.values.drawing_intents import DrawingRefused, FillPolygon
from support.pointer import Hand

CORNERS = ((20.0, 20.0), (80.0, 20.0), (80.0, 60.0))


def hand(**context: object) -> Hand:
    return Hand(PolygonTool(), ToolContext(scale=1.0, image_size=(200, 100), **context))


def drawn(**context: object) -> Hand:
    polygon = hand(**context)
    for place in CORNERS:
        polygon.click(*place)
    return polygon


def press(polygon: Hand, key: Key) -> None:
    assert key in polygon.result.state.keys
    polygon._feed(KeyEvent(key))


def test_enter_closes() -> None:
    polygon = drawn()
    press(polygon, Key.ENTER)
    assert polygon.intents == [FillPolygon(CORNERS, cut=False)]
    assert not polygon.result.state.active


def test_a_click_on_the_first_corner_closes_and_it_lights_up_before() -> None:
    polygon = drawn()
    polygon.move(25, 22)
    assert polygon.overlay.lines[0].hot == CORNERS[0]
    polygon.click(25, 22)
    assert polygon.intents == [FillPolygon(CORNERS, cut=False)]


def test_a_double_click_closes_without_a_corner_more() -> None:
    polygon = drawn()
    polygon.click(30, 60)
    polygon.double(30, 60)
    assert polygon.intents == [FillPolygon((*CORNERS, (30, 60)), cut=False)]


def test_two_corners_are_no_area() -> None:
    polygon = hand()
    polygon.click(20, 20)
    polygon.click(80, 20)
    press(polygon, Key.ENTER)
    assert polygon.intents == []
    assert polygon.result.state.active


def test_a_drag_is_a_freehand_line_that_goes_back_as_one() -> None:
    polygon = drawn()
    polygon.press(70, 70)
    for x in range(70, 40, -3):
        polygon.move(x, 70)
    polygon.release(40, 70)
    assert len(polygon.result.state.corners) > 8
    press(polygon, Key.BACKSPACE)
    assert polygon.result.state.corners == CORNERS


def test_a_freehand_line_back_to_its_start_closes() -> None:
    polygon = hand()
    polygon.press(20, 20)
    for place in ((60, 20), (60, 60), (20, 60), (21, 25)):
        polygon.move(*place)
    polygon.release(21, 25)
    (intent,) = polygon.intents
    assert intent.ring[:3] == ((20, 20), (60, 20), (60, 60))


def test_undo_and_redo_step_through_the_corners() -> None:
    polygon = drawn()
    for _ in CORNERS:
        press(polygon, Key.UNDO)
    assert not polygon.result.state.active
    assert Key.UNDO not in polygon.result.state.keys
    for _ in CORNERS:
        press(polygon, Key.REDO)
    assert polygon.result.state.corners == CORNERS
    press(polygon, Key.UNDO)
    polygon.click(10, 60)
    assert Key.REDO not in polygon.result.state.keys


def test_alt_or_cut_on_the_strip_cuts() -> None:
    polygon = hand()
    polygon.held = Modifier.ALT
    polygon.click(*CORNERS[0])
    polygon.held = Modifier.NONE
    polygon.click(*CORNERS[1])
    polygon.click(*CORNERS[2])
    assert polygon.overlay.lines[0].cut
    press(polygon, Key.ENTER)
    other = drawn(options=DrawingOptions(cut=True))
    press(other, Key.ENTER)
    assert polygon.intents == other.intents == [FillPolygon(CORNERS, cut=True)]


def test_corners_stop_at_the_picture_s_edge() -> None:
    polygon = hand()
    polygon.click(-50, 30)
    polygon.click(500, 300)
    assert polygon.result.state.corners == ((0, 30), (200, 100))


def test_where_nothing_may_change_a_press_asks_why() -> None:
    polygon = hand(may_add=False)
    polygon.click(20, 20)
    assert polygon.intents == [DrawingRefused.ADDING]
    assert not polygon.result.state.active
