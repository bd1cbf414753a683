"""Where the number tags go."""

import time

from hypothesis import given
from hypothesis import strategies as st

from sam2_annotator.ui.canvas.tag_layout import GAP, MOST, place_tags

CANVAS = (800.0, 600.0)
boxes = st.builds(
    lambda x, y, w, h: (x, y, x + w, y + h),
    st.floats(-100, 900),
    st.floats(-100, 700),
    st.floats(1, 900),
    st.floats(1, 900),
)


def test_a_tag_sits_on_the_middle_of_the_top_edge() -> None:
    assert place_tags([(100, 200, 300, 400)], [(60, 18)], CANVAS) == [(170, 200 - 18 - GAP)]


def test_a_tag_stays_on_the_part_that_shows() -> None:
    place = place_tags([(-500, -500, 100, 5000)], [(60, 18)], CANVAS)[0]
    assert place == (20, GAP)


def test_objects_out_of_sight_have_none() -> None:
    assert place_tags([(900, 10, 950, 50), (-50, 10, 0, 50)], [(60, 18)] * 2, CANVAS) == [None, None]


@given(st.lists(boxes, max_size=12))
def test_tags_lie_inside_the_canvas_and_beside_each_other(shapes: list[tuple[float, float, float, float]]) -> None:
    places = place_tags(shapes, [(60, 18)] * len(shapes), CANVAS)
    shown = [place for place in places if place is not None]
    for x, y in shown:
        assert 0 <= x <= CANVAS[0] - 60
        assert 0 <= y <= CANVAS[1] - 18
    for i, (x, y) in enumerate(shown):
        for other_x, other_y in shown[:i]:
            assert abs(x - other_x) >= 60 or abs(y - other_y) >= 18


def test_two_hundred_tags_are_placed_between_two_frames() -> None:
    shapes = [(x, y, x + 50, y + 50) for x in range(0, 800, 40) for y in range(0, 600, 60)]
    start = time.perf_counter()
    place_tags(shapes, [(60, 18)] * len(shapes), CANVAS)
    assert time.perf_counter() - start < 0.5


def test_of_very_many_objects_the_first_have_tags() -> None:
    places = place_tags([(10.0, 10.0, 20.0, 20.0)] * 3000, [(40.0, 16.0)] * 3000, (800.0, 600.0))
    assert sum(place is not None for place in places) == MOST
    assert None not in places[:MOST]
