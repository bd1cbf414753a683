"""The select tool: topmost first, then below, bands, never a change of a mask."""

import pytest

from sam2_annotator.tools.base import Modifier, ToolContext
from sam2_annotator.tools.select import SelectTool
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.intents import SelectObjects
from sam2_annotator.values.prompt import Box
from support.pointer import Hand

TOP, MIDDLE, BOTTOM = ObjectId(7), ObjectId(5), ObjectId(2)


def stack(x: float, y: float) -> tuple[ObjectId, ...]:
    """Three objects on the left half, one on the lower right, nothing elsewhere."""
    if x < 100:
        return (TOP, MIDDLE, BOTTOM)
    return (BOTTOM,) if y > 50 else ()


@pytest.fixture
def hand() -> Hand:
    return Hand(SelectTool(), ToolContext(scale=1.0, image_size=(200, 100), hit_test=stack, objects_in=lambda box: ()))


def click_and_follow(hand: Hand, x: float, y: float) -> tuple[ObjectId, ...]:
    hand.click(x, y)
    intent = hand.intents[-1]
    assert isinstance(intent, SelectObjects)
    hand.set_context(selection=intent.objects)
    return intent.objects


def test_clicks_at_one_place_go_down_the_stack_and_round(hand: Hand) -> None:
    chosen = [click_and_follow(hand, 50, 50 + i) for i in (0, 1, 2, 1)]
    assert chosen == [(TOP,), (MIDDLE,), (BOTTOM,), (TOP,)]


def test_a_click_elsewhere_begins_at_the_top(hand: Hand) -> None:
    click_and_follow(hand, 50, 50)
    click_and_follow(hand, 50, 50)
    assert click_and_follow(hand, 80, 50) == (TOP,)


def test_an_object_selected_otherwise_is_no_reason_to_cycle(hand: Hand) -> None:
    hand.set_context(selection=(TOP,))
    assert click_and_follow(hand, 50, 50) == (TOP,)


def test_a_click_on_nothing_clears_the_selection(hand: Hand) -> None:
    hand.set_context(selection=(TOP,))
    assert click_and_follow(hand, 150, 10) == ()


def test_shift_adds_and_takes_away(hand: Hand) -> None:
    hand.set_context(selection=(MIDDLE,))
    hand.held = Modifier.SHIFT
    assert click_and_follow(hand, 50, 50) == (MIDDLE, TOP)
    assert click_and_follow(hand, 50, 50) == (MIDDLE,)
    before = len(hand.intents)
    hand.click(150, 10)
    assert len(hand.intents) == before


def test_a_drag_from_nothing_is_a_band(hand: Hand) -> None:
    hand.set_context(selection=(TOP,), objects_in=lambda box: (BOTTOM,) if box == Box(120, 0, 150, 30) else ())
    hand.press(150, 30)
    hand.move(120, -5)
    assert hand.overlay.rubber == Box(120, 0, 150, 30)
    hand.release(120, -5)
    assert hand.intents == [SelectObjects((BOTTOM,))]
    hand.held = Modifier.SHIFT
    hand.drag(150, 30, 120, 0)
    assert hand.intents[1:] == [SelectObjects((TOP, BOTTOM))]


def test_a_drag_on_an_object_does_nothing(hand: Hand) -> None:
    hand.drag(50, 50, 80, 80)
    assert hand.intents == []


def test_the_second_half_of_a_double_click_selects_nothing_new(hand: Hand) -> None:
    click_and_follow(hand, 50, 50)
    hand.double(50, 50)
    hand.release(50, 50)
    assert len(hand.intents) == 1


def test_the_object_under_the_pointer_is_lifted(hand: Hand) -> None:
    hand.move(50, 50)
    assert hand.overlay.hover == TOP
    hand.move(150, 10)
    assert hand.overlay.hover is None
