"""Morphology against the plainest ways to do the same on whole arrays."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sam2_annotator.masks import morphology, rle

shapes = hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=14)
sparse = hnp.arrays(np.bool_, shapes)
full = shapes.map(lambda shape: np.ones(shape, dtype=bool))


@st.composite
def blocky(draw):
    """A few rectangles set or cleared: thick parts with holes, which single random pixels hardly ever make."""
    array = np.zeros((draw(st.integers(1, 40)), draw(st.integers(1, 40))), dtype=bool)
    for _ in range(draw(st.integers(1, 6))):
        y, x = draw(st.integers(0, array.shape[0] - 1)), draw(st.integers(0, array.shape[1] - 1))
        array[y : y + draw(st.integers(1, 25)), x : x + draw(st.integers(1, 25))] ^= True
    return array


arrays = st.one_of(sparse, full, blocky())
EDGES = ((0, 1), (1, 0), (0, -1), (-1, 0))
EDGES_AND_CORNERS = (*EDGES, (1, 1), (1, -1), (-1, 1), (-1, -1))


def flooded(array, steps):
    """Sets of (y, x) that hang together: the largest first, equal ones by top and left edge."""
    left = set(zip(*map(np.ndarray.tolist, np.nonzero(array)), strict=True))
    found = []
    while left:
        start = min(left)
        left.remove(start)
        part, border = {start}, [start]
        while border:
            y, x = border.pop()
            near = {(y + dy, x + dx) for dy, dx in steps} & left
            left -= near
            part |= near
            border += near
        found.append(part)
    return sorted(found, key=rank)


def rank(part):
    return -len(part), min(y for y, _ in part), min(x for _, x in part)


def drawn(shape, pixels):
    array = np.zeros(shape, dtype=bool)
    for place in pixels:
        array[place] = True
    return array


def holes_of(array):
    """Parts of what is not set that do not reach the frame's edge."""
    height, width = array.shape
    return [
        part for part in flooded(~array, EDGES) if not any(y in (0, height - 1) or x in (0, width - 1) for y, x in part)
    ]


@given(arrays, st.one_of(st.none(), st.integers(0, 12)))
@settings(max_examples=80, deadline=None)
def test_holes_up_to_a_size_are_filled(array, max_area):
    wanted = [hole for hole in holes_of(array) if max_area is None or len(hole) <= max_area]
    expected = array | drawn(array.shape, set().union(*wanted))
    assert morphology.fill_holes(rle.encode(array), max_area) == rle.encode(expected)


@given(arrays, st.integers(0, 12))
@settings(max_examples=80, deadline=None)
def test_small_parts_go_but_never_the_largest(array, max_area):
    found = flooded(array, EDGES_AND_CORNERS)
    assume(len({rank(part) for part in found}) == len(found))
    kept = [part for part in found if len(part) > max_area or part is found[0]]
    assert morphology.remove_specks(rle.encode(array), max_area) == rle.encode(drawn(array.shape, set().union(*kept)))
    assert morphology.keep_largest(rle.encode(array)) == rle.encode(drawn(array.shape, set().union(*found[:1])))


@given(arrays)
@settings(max_examples=80, deadline=None)
def test_parts_are_the_largest_first_and_make_up_the_mask(array):
    found = flooded(array, EDGES_AND_CORNERS)
    assume(len({rank(part) for part in found}) == len(found))
    assert morphology.parts(rle.encode(array)) == tuple(rle.encode(drawn(array.shape, part)) for part in found)


@given(arrays, st.integers(-5, 5))
@settings(max_examples=80, deadline=None)
def test_growing_and_shrinking_is_round(array, pixels):
    height, width = array.shape
    changing = ~array if pixels < 0 else array
    y, x = np.mgrid[:height, :width]
    near = np.zeros_like(array)
    for at_y, at_x in zip(*np.nonzero(changing), strict=True):
        near |= (y - at_y) ** 2 + (x - at_x) ** 2 <= pixels**2
    expected = ~near if pixels < 0 else near
    assert morphology.grow(rle.encode(array), pixels) == rle.encode(expected)


@given(arrays, st.integers(0, 4))
@settings(max_examples=80, deadline=None)
def test_smoothing_is_the_vote_of_the_square_around(array, radius):
    height, width = array.shape
    expected = np.zeros_like(array)
    steps = range(-radius, radius + 1)
    for y in range(height):
        for x in range(width):
            votes = sum(
                bool(array[min(max(y + dy, 0), height - 1), min(max(x + dx, 0), width - 1)])
                for dy in steps
                for dx in steps
            )
            expected[y, x] = 2 * votes > len(steps) ** 2
    assert morphology.smooth(rle.encode(array), radius) == rle.encode(expected)


@given(arrays, st.integers(-45, 45), st.integers(-45, 45))
@settings(max_examples=80, deadline=None)
def test_moving_cuts_off_what_leaves_the_frame(array, dx, dy):
    expected = drawn(
        array.shape,
        [
            (y + dy, x + dx)
            for y, x in zip(*np.nonzero(array), strict=True)
            if 0 <= y + dy < array.shape[0] and 0 <= x + dx < array.shape[1]
        ],
    )
    assert morphology.moved(rle.encode(array), dx, dy) == rle.encode(expected)


@given(arrays, shapes)
@settings(max_examples=80, deadline=None)
def test_resizing_takes_the_pixel_under_each_centre(array, shape):
    expected = np.zeros(shape, dtype=bool)
    for y in range(shape[0]):
        for x in range(shape[1]):
            source = int((y + 0.5) * array.shape[0] / shape[0]), int((x + 0.5) * array.shape[1] / shape[1])
            expected[y, x] = array[source]
    assert morphology.resized(rle.encode(array), *shape) == rle.encode(expected)


@given(arrays, st.integers(2, 4))
def test_enlarging_and_reducing_by_a_whole_number_gives_the_mask_back(array, times):
    mask = rle.encode(array)
    larger = morphology.resized(mask, array.shape[0] * times, array.shape[1] * times)
    assert larger.area == mask.area * times**2
    assert morphology.resized(larger, *array.shape) == mask


@pytest.mark.parametrize(
    "change",
    [
        morphology.fill_holes,
        morphology.keep_largest,
        lambda mask: morphology.remove_specks(mask, 9),
        lambda mask: morphology.grow(mask, 3),
        lambda mask: morphology.grow(mask, -3),
        lambda mask: morphology.smooth(mask, 2),
        lambda mask: morphology.moved(mask, 1, 1),
    ],
)
def test_an_empty_mask_stays_empty(change):
    assert change(rle.empty(20, 30)) == rle.empty(20, 30)
    assert morphology.parts(rle.empty(20, 30)) == ()
    assert morphology.resized(rle.empty(20, 30), 5, 7) == rle.empty(5, 7)


def test_a_picture_wide_object_does_not_shrink_away_from_the_frame():
    whole = rle.encode(np.ones((20, 30), dtype=bool))
    assert morphology.grow(whole, -6) == whole
    assert morphology.smooth(whole, 6) == whole


def test_a_diagonal_hair_is_one_part_and_closes_a_hole():
    ring = np.zeros((9, 9), dtype=bool)
    for y, x in ((1, 4), (2, 3), (3, 2), (4, 1), (5, 2), (6, 3), (7, 4), (6, 5), (5, 6), (4, 7), (3, 6), (2, 5)):
        ring[y, x] = True
    mask = rle.encode(ring)
    assert len(morphology.parts(mask)) == 1
    assert morphology.fill_holes(mask).area == 25


def test_a_large_brush_on_a_large_frame_is_exact():
    dot = np.zeros((1500, 2000), dtype=bool)
    dot[700, 900] = True
    y, x = np.mgrid[:1500, :2000]
    disc = (y - 700) ** 2 + (x - 900) ** 2 <= 500**2
    grown = morphology.grow(rle.encode(dot), 500)
    assert grown == rle.encode(disc)
    assert morphology.grow(grown, -500) == rle.encode(dot)


def test_thousands_of_parts_come_apart_and_are_cleaned():
    dots = np.zeros((400, 400), dtype=bool)
    dots[::4, ::4] = True
    dots[200:203, 200:203] = True
    mask = rle.encode(dots)
    found = morphology.parts(mask)
    assert len(found) == 10_000
    assert found[0].area == 9
    assert morphology.keep_largest(mask) == found[0]
