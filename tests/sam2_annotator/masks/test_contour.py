"""Outlines: exact around every shape, holes and touching corners included."""

import itertools

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sam2_annotator.masks import contour, rle

masks = hnp.arrays(np.bool_, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=16))


def fill(loops, shape):
    """Pixels inside by the non-zero winding rule: +1 for each clockwise loop around the pixel, -1 for the others."""
    winding = np.zeros((shape[0], shape[1] + 1), dtype=int)
    for loop in loops:
        for (x, y0), (_, y1) in zip(loop, np.roll(loop, -1, axis=0), strict=True):
            winding[min(y0, y1) : max(y0, y1), x] += 1 if y1 < y0 else -1
    return np.cumsum(winding, axis=1)[:, :-1]


def signed_area(loop):
    x, y = loop.astype(int).T
    return int((x * np.roll(y, -1) - y * np.roll(x, -1)).sum()) // 2


@given(masks)
@settings(max_examples=300, deadline=None)
def test_filling_the_loops_gives_the_mask(array):
    loops = contour.outline(rle.encode(array))
    assert np.array_equal(fill(loops, array.shape), array.astype(int))
    assert sum(signed_area(loop) for loop in loops) == array.sum()


@given(masks)
@settings(max_examples=200, deadline=None)
def test_one_outer_loop_per_part_that_turns_at_every_vertex(array):
    loops = contour.outline(rle.encode(array))
    parts, _ = cv2.connectedComponents(array.astype(np.uint8), connectivity=4)
    assert sum(signed_area(loop) > 0 for loop in loops) == parts - 1
    for loop in loops:
        steps = np.diff(np.vstack((loop, loop[:1])), axis=0)
        assert ((steps == 0).sum(axis=1) == 1).all()
        assert ((steps[1:] == 0) != (steps[:-1] == 0)).all()


def test_a_rectangle_away_from_the_origin():
    array = np.zeros((20, 30), dtype=bool)
    array[5:9, 12:20] = True
    loops = contour.outline(rle.encode(array))
    assert [loop.tolist() for loop in loops] == [[[12, 5], [20, 5], [20, 9], [12, 9]]]
    assert loops[0].dtype == np.int32


def test_a_hole_runs_the_other_way():
    array = np.ones((5, 5), dtype=bool)
    array[2, 2] = False
    outer, hole = contour.outline(rle.encode(array))
    assert signed_area(outer) == 25
    assert signed_area(hole) == -1


@pytest.mark.parametrize("flipped", [False, True])
def test_pixels_that_touch_by_a_corner_are_two_parts(flipped):
    array = np.eye(2, dtype=bool)
    loops = contour.outline(rle.encode(array[:, ::-1] if flipped else array))
    assert [signed_area(loop) for loop in loops] == [1, 1]


def test_an_empty_mask_has_no_outline():
    assert contour.outline(rle.empty(4, 4)) == []


@given(hnp.arrays(np.bool_, st.tuples(st.integers(3, 12), st.integers(3, 12))))
@settings(max_examples=300, deadline=None)
def test_the_lines_of_a_part_are_its_edges_to_what_is_not_set(padded):
    """As unit edges: those of the part's own pixels, whatever lies around."""
    found = []
    for line, closed in contour.outline_of_part(padded):
        points = np.vstack((line, line[:1])) if closed else line
        assert len(points) >= 2
        for a, b in zip(points[:-1].tolist(), points[1:].tolist(), strict=True):
            steps = max(abs(a[0] - b[0]), abs(a[1] - b[1]))
            places = [tuple(np.array(a) + (np.array(b) - a) * i // steps) for i in range(steps + 1)]
            found += [tuple(sorted(pair)) for pair in itertools.pairwise(places)]
    expected = []
    for y, x in np.argwhere(padded[1:-1, 1:-1]).tolist():
        for dy, dx, edge in (
            (-1, 0, ((x, y), (x + 1, y))),
            (1, 0, ((x, y + 1), (x + 1, y + 1))),
            (0, -1, ((x, y), (x, y + 1))),
            (0, 1, ((x + 1, y), (x + 1, y + 1))),
        ):
            if not padded[y + 1 + dy, x + 1 + dx]:
                expected.append(edge)
    assert sorted(found) == sorted(expected)
