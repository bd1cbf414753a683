"""Boxes and handles."""

import math

from hypothesis import given
from hypothesis import strategies as st

from sam2_annotator.tools.geometry import Edge, clamp_to_image, edges_at, is_inside, point_at, span
from sam2_annotator.values.prompt import Box, Point, PromptSet

numbers = st.floats(-1e6, 1e6)
sizes = st.tuples(st.integers(1, 5000), st.integers(1, 5000))


@given(numbers, numbers, sizes)
def test_clamped_points_lie_on_a_pixel_and_inner_ones_stay(x: float, y: float, size: tuple[int, int]) -> None:
    clamped = clamp_to_image(x, y, size)
    assert is_inside(*clamped, size)
    if is_inside(x, y, size):
        assert clamped == (x, y)


@given(numbers, numbers, numbers, numbers, sizes, st.booleans())
def test_spans_have_an_area_inside_the_image(
    x0: float, y0: float, x1: float, y1: float, size: tuple[int, int], centred: bool
) -> None:
    box = span(x0, y0, x1, y1, size=size, centred=centred)
    if box is not None:
        assert 0 <= box.x0 < box.x1 <= size[0]
        assert 0 <= box.y0 < box.y1 <= size[1]


def test_of_two_points_at_one_place_the_later_is_meant() -> None:
    prompts = PromptSet(points=(Point(5, 5), Point(9, 9), Point(5, 5, positive=False)))
    assert point_at(prompts, 5, 5, scale=4) == 2
    assert point_at(PromptSet(), 5, 5, scale=4) is None


def test_small_boxes_offer_the_nearer_edge() -> None:
    box = Box(10, 10, 12, 40)
    assert edges_at(box, 10.5, 25, scale=1) is Edge.LEFT
    assert edges_at(box, 11.5, 25, scale=1) is Edge.RIGHT
    assert edges_at(box, 11.5, 39, scale=1) == Edge.RIGHT | Edge.BOTTOM
    assert edges_at(box, math.nextafter(2, 0) - 1, 25, scale=1) is Edge.NONE
    assert edges_at(None, 0, 0, scale=1) is Edge.NONE
