"""The prompt tool, gesture by gesture (INTERACTION 3)."""

import pytest

from sam2_annotator.tools.base import Button, Cursor, Modifier, ToolContext
from sam2_annotator.tools.point import PromptTool
from sam2_annotator.values.intents import AddPoint, DragPoint, FlipPoint, MovePoint, PromptAction, RemovePoint, SetBox
from sam2_annotator.values.prompt import Box, Point, PromptSet
from support.pointer import Hand

TWO_POINTS = PromptSet(points=(Point(50, 50), Point(120, 60, positive=False)))
ONE_BOX = PromptSet(box=Box(40, 30, 140, 90))


@pytest.fixture
def hand() -> Hand:
    return Hand(PromptTool(), ToolContext(scale=1.0, image_size=(200, 100)))


def test_left_click_is_a_positive_point_with_unrounded_coordinates(hand: Hand) -> None:
    hand.click(10.25, 20.75)
    assert hand.intents == [AddPoint(10.25, 20.75)]


def test_glyph_shows_on_the_press_and_acts_on_the_release(hand: Hand) -> None:
    hand.set_context(prompts=TWO_POINTS)
    hand.press(10, 20)
    assert hand.intents == []
    assert hand.overlay.prompts == PromptSet(points=(*TWO_POINTS.points, Point(10, 20)))
    hand.release(10, 20)
    assert hand.overlay.prompts is None
    assert hand.intents == [AddPoint(10, 20)]


def test_right_click_is_a_negative_point(hand: Hand) -> None:
    hand.press(10, 20, Button.RIGHT)
    assert hand.overlay.prompts == PromptSet(points=(Point(10, 20, positive=False),))
    hand.release(10, 20, Button.RIGHT)
    assert hand.intents == [AddPoint(10, 20, positive=False)]


def test_alt_click_is_a_negative_point(hand: Hand) -> None:
    hand.held = Modifier.ALT
    hand.click(10, 20)
    assert hand.intents == [AddPoint(10, 20, positive=False)]


def test_ctrl_click_accepts_also_on_top_of_a_point(hand: Hand) -> None:
    hand.set_context(prompts=TWO_POINTS)
    hand.held = Modifier.CTRL
    hand.click(50, 50)
    assert hand.intents == [AddPoint(50, 50, accept=True)]


def test_accepting_runs_also_while_collecting(hand: Hand) -> None:
    hand.held = Modifier.CTRL | Modifier.SHIFT
    hand.click(50, 50)
    assert hand.intents == [AddPoint(50, 50, run=True, accept=True)]


def test_right_button_that_moves_does_nothing(hand: Hand) -> None:
    hand.drag(10, 20, 16, 20, Button.RIGHT)
    assert hand.intents == []
    hand.click(10, 20, Button.RIGHT)
    assert hand.intents == [AddPoint(10, 20, positive=False)]


def test_click_outside_the_picture_does_nothing(hand: Hand) -> None:
    for x, y in ((-0.1, 5), (5, -0.1), (200, 5), (5, 100)):
        hand.click(x, y)
    assert hand.intents == []
    hand.click(199.9, 99.9)
    assert len(hand.intents) == 1


@pytest.mark.parametrize("scale", [0.1, 1.0, 16.0])
def test_a_drag_of_four_screen_pixels_is_a_box(hand: Hand, scale: float) -> None:
    hand.set_context(scale=scale, image_size=(2000, 1000))
    hand.drag(10, 20, 10 + 3.9 / scale, 20)
    assert hand.intents == [AddPoint(10, 20)]
    hand.drag(10, 20, 10 + 4.0 / scale, 20 + 0.1 / scale)
    assert hand.intents[1:] == [SetBox(10, 20, 10 + 4.0 / scale, 20 + 0.1 / scale)]


def test_box_follows_the_pointer_and_is_cut_to_the_picture(hand: Hand) -> None:
    hand.press(150, 60)
    hand.move(250, 20)
    assert hand.overlay.rubber == Box(150, 20, 200, 60)
    hand.release(250, -20)
    assert hand.intents == [SetBox(150, 0, 200, 60)]


def test_box_without_area_or_outside_is_dropped(hand: Hand) -> None:
    hand.drag(10, 20, 50, 20)
    hand.drag(-50, -50, -10, -10)
    assert hand.intents == []


def test_shift_grows_the_box_from_its_centre_while_it_is_held(hand: Hand) -> None:
    hand.press(100, 50)
    hand.move(120, 60)
    assert hand.overlay.rubber == Box(100, 50, 120, 60)
    hand.hold_shift()
    assert hand.overlay.rubber == Box(80, 40, 120, 60)
    hand.release(130, 60)
    assert hand.intents == [SetBox(70, 40, 130, 60)]


def test_shift_collects_points_and_runs_once_when_let_go(hand: Hand) -> None:
    hand.hold_shift()
    hand.click(10, 10)
    hand.click(30, 10, Button.RIGHT)
    assert hand.intents == [AddPoint(10, 10, run=False), AddPoint(30, 10, positive=False, run=False)]
    hand.let_go_shift()
    hand.move(40, 10)
    assert hand.intents[2:] == [PromptAction.RUN]


def test_collected_points_run_when_the_key_event_went_elsewhere(hand: Hand) -> None:
    hand.hold_shift()
    hand.click(10, 10)
    hand.held = Modifier.NONE
    hand.move(11, 10)
    assert hand.intents[1:] == [PromptAction.RUN]


def test_shift_without_a_click_runs_nothing(hand: Hand) -> None:
    hand.hold_shift()
    hand.let_go_shift()
    assert hand.intents == []


@pytest.mark.parametrize("scale", [0.5, 1.0, 8.0])
def test_click_on_a_point_removes_it_within_eight_screen_pixels(hand: Hand, scale: float) -> None:
    hand.set_context(scale=scale, prompts=TWO_POINTS)
    hand.click(120 + 7.9 / scale, 60)
    hand.click(120 + 8.1 / scale, 60)
    assert hand.intents == [RemovePoint(1), AddPoint(120 + 8.1 / scale, 60)]


def test_right_click_on_a_point_flips_it(hand: Hand) -> None:
    hand.set_context(prompts=TWO_POINTS)
    hand.click(50, 50, Button.RIGHT)
    assert hand.intents == [FlipPoint(0)]


def test_nearest_of_two_points_is_meant(hand: Hand) -> None:
    hand.set_context(prompts=PromptSet(points=(Point(50, 50), Point(58, 50))))
    hand.click(55, 50)
    hand.click(53, 50)
    assert hand.intents == [RemovePoint(1), RemovePoint(0)]


def test_drag_of_a_point_moves_it_inside_the_picture(hand: Hand) -> None:
    hand.set_context(prompts=TWO_POINTS)
    hand.press(51, 50)
    hand.move(60, 70)
    assert hand.overlay.prompts == PromptSet(points=(Point(60, 70), TWO_POINTS.points[1]))
    hand.release(-30, 70)
    assert hand.intents == [DragPoint(0, 60, 70), MovePoint(0, 0, 70)]


def test_a_point_that_went_away_during_its_drag_is_left_alone(hand: Hand) -> None:
    hand.set_context(prompts=TWO_POINTS)
    hand.press(120, 60)
    hand.move(130, 60)
    hand.set_context(prompts=PromptSet())
    hand.move(140, 60)
    hand.release(140, 60)
    assert not any(isinstance(intent, MovePoint) for intent in hand.intents)


@pytest.mark.parametrize(
    ("grab", "drop", "box"),
    [
        ((40, 60), (20, 0), (20, 30, 140, 90)),
        ((140, 60), (150, 0), (40, 30, 150, 90)),
        ((90, 30), (0, 10), (40, 10, 140, 90)),
        ((90, 90), (0, 95), (40, 30, 140, 95)),
        ((40, 30), (10, 20), (10, 20, 140, 90)),
        ((140, 90), (150, 95), (40, 30, 150, 95)),
        ((140, 30), (20, 50), (20, 50, 40, 90)),
    ],
)
def test_box_edges_and_corners_resize(
    hand: Hand, grab: tuple[int, int], drop: tuple[int, int], box: tuple[int, int, int, int]
) -> None:
    hand.set_context(prompts=ONE_BOX)
    hand.drag(*grab, *drop)
    assert hand.intents == [SetBox(*box)]


def test_click_on_a_box_edge_is_a_point(hand: Hand) -> None:
    hand.set_context(prompts=ONE_BOX)
    hand.click(40, 60)
    assert hand.intents == [AddPoint(40, 60)]


def test_cursor_tells_what_a_press_would_grab(hand: Hand) -> None:
    hand.set_context(prompts=PromptSet(points=(Point(90, 60),), box=ONE_BOX.box))
    cursors = []
    for x, y in ((10, 10), (90, 60), (40, 60), (90, 30), (40, 30), (140, 30)):
        hand.move(x, y)
        cursors.append(hand.result.cursor)
    assert cursors == [
        Cursor.CROSS,
        Cursor.MOVE,
        Cursor.SIZE_HORIZONTAL,
        Cursor.SIZE_VERTICAL,
        Cursor.SIZE_DIAGONAL_DOWN,
        Cursor.SIZE_DIAGONAL_UP,
    ]


def test_fast_further_clicks_do_not_remove_the_new_point(hand: Hand) -> None:
    hand.click(10, 20)
    hand.set_context(prompts=PromptSet(points=(Point(10, 20),)))
    hand.double(12, 20)
    hand.release(12, 20)
    hand.press(12, 21, quick=True)
    hand.release(12, 21)
    assert hand.intents == [AddPoint(10, 20)]
    hand.click(12, 21)
    assert hand.intents[1:] == [RemovePoint(0)]


def test_double_click_farther_away_is_a_second_point(hand: Hand) -> None:
    hand.click(10, 20)
    hand.double(15, 20)
    hand.release(15, 20)
    assert hand.intents == [AddPoint(10, 20), AddPoint(15, 20)]


def test_escape_ends_a_drag_without_an_intent(hand: Hand) -> None:
    hand.press(10, 20)
    hand.move(60, 60)
    assert hand.result.state.active
    hand.escape()
    assert not hand.result.state.active
    assert hand.overlay.rubber is None
    hand.release(60, 60)
    assert hand.intents == []


def test_a_press_whose_release_got_lost_is_forgotten(hand: Hand) -> None:
    hand.press(10, 20)
    hand.click(70, 80)
    assert hand.intents == [AddPoint(70, 80)]
