from sam2_annotator.ui.controllers.propagate import Leg
from sam2_annotator.values.ids import FrameIndex
from sam2_annotator.values.states import Direction

F = FrameIndex


def leg(direction: Direction, origin: int) -> Leg:
    return Leg(direction, F(origin), 10)


def test_a_leg_reaches_the_ends_of_the_clip() -> None:
    assert (leg(Direction.FORWARD, 4).start, leg(Direction.FORWARD, 4).stop) == (4, 9)
    assert (leg(Direction.BACKWARD, 4).start, leg(Direction.BACKWARD, 4).stop) == (0, 4)
    assert (leg(Direction.BOTH, 4).start, leg(Direction.BOTH, 4).stop) == (0, 9)


def test_what_is_left_of_one_way_is_the_frames_behind_the_finished_one() -> None:
    assert leg(Direction.FORWARD, 4).rest(F(6), falling=False) == (leg(Direction.FORWARD, 7),)
    assert leg(Direction.BACKWARD, 4).rest(F(2), falling=True) == (leg(Direction.BACKWARD, 1),)
    assert leg(Direction.FORWARD, 4).rest(F(9), falling=False) == ()
    assert leg(Direction.BACKWARD, 4).rest(F(0), falling=True) == ()


def test_both_ways_interrupted_on_the_way_on_still_go_back() -> None:
    both = leg(Direction.BOTH, 4)
    assert both.rest(F(6), falling=False) == (leg(Direction.FORWARD, 7), leg(Direction.BACKWARD, 3))
    assert both.rest(F(9), falling=False) == (leg(Direction.BACKWARD, 3),)
    assert both.rest(F(2), falling=True) == (leg(Direction.BACKWARD, 1),)
