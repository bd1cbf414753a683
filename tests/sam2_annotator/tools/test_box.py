"""The box tool: two clicks or a drag."""

import pytest

from sam2_annotator.tools.base import Button, Modifier, ToolContext
from sam2_annotator.tools.box import BoxTool
from sam2_annotator.values.intents import SetBox
from sam2_annotator.values.prompt import Box
from support.pointer import Hand


@pytest.fixture
def hand() -> Hand:
    return Hand(BoxTool(), ToolContext(scale=2.0, image_size=(200, 100)))


def test_a_drag_is_a_box(hand: Hand) -> None:
    hand.drag(150, 80, 100.5, 20)
    assert hand.intents == [SetBox(100.5, 20, 150, 80)]


def test_two_clicks_are_a_box_that_follows_the_pointer_between_them(hand: Hand) -> None:
    hand.click(10, 20)
    hand.move(60, 70)
    assert hand.overlay.rubber == Box(10, 20, 60, 70)
    assert hand.intents == []
    hand.click(80, 90)
    assert hand.intents == [SetBox(10, 20, 80, 90)]
    hand.move(90, 90)
    assert hand.overlay.rubber is None


def test_a_double_click_sets_one_corner(hand: Hand) -> None:
    hand.click(10, 20)
    hand.double(10.5, 20)
    hand.release(10.5, 20)
    assert hand.intents == []
    assert hand.result.state.active


def test_shift_takes_the_first_corner_as_the_centre(hand: Hand) -> None:
    hand.press(100, 50)
    hand.move(120, 60)
    hand.hold_shift()
    assert hand.overlay.rubber == Box(80, 40, 120, 60)
    hand.let_go_shift()
    assert hand.overlay.rubber == Box(100, 50, 120, 60)
    hand.held = Modifier.SHIFT
    hand.release(120, 60)
    assert hand.intents == [SetBox(80, 40, 120, 60)]


@pytest.mark.parametrize("abort", ["right", "escape"])
def test_the_first_corner_can_be_taken_back(hand: Hand, abort: str) -> None:
    hand.click(10, 20)
    if abort == "right":
        hand.press(50, 50, Button.RIGHT)
    else:
        hand.escape()
    hand.move(60, 60)
    assert hand.overlay.rubber is None
    assert not hand.result.state.active
    assert hand.intents == []


def test_crosshair_goes_with_the_pointer(hand: Hand) -> None:
    hand.move(12, 34)
    assert hand.overlay.crosshair == (12, 34)
    hand.press(12, 34)
    hand.move(50, 60)
    assert hand.overlay.crosshair == (50, 60)


def test_a_box_outside_the_picture_is_dropped(hand: Hand) -> None:
    hand.drag(210, 10, 250, 90)
    assert hand.intents == []
