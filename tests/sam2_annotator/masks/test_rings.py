"""Outlines that are edited."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sam2_annotator.masks import rings, rle

masks = hnp.arrays(np.bool_, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=16))
tolerances = st.sampled_from([0.0, 0.7, 2.0, 5.0])


def blob() -> np.ndarray:
    """A disc of radius 30 with a hole of radius 8 in it, and a small square apart."""
    y, x = np.mgrid[:100, :120] + 0.5
    far = np.hypot(x - 50, y - 50)
    array = (far < 30) & (far > 8)
    array[80:90, 100:110] = True
    return array


@given(masks, tolerances)
@settings(deadline=None)
def test_untouched_rings_are_the_mask(array, tolerance):
    mask = rle.encode(array)
    found = rings.rings(mask, tolerance)
    assert all(len(ring.points) >= 3 and not ring.touched for ring in found)
    assert rings.reshape(mask, [(ring.exact, ring.line()) for ring in found]) == mask
    for ring in found:
        assert set(ring.points) <= set(ring.exact)
        assert ring.line()[0] in ring.exact


def test_fewer_vertices_for_more_tolerance_and_never_far_off():
    mask = rle.encode(blob())
    counts = []
    for tolerance in (0, 0.7, 2, 5):
        outer = rings.rings(mask, tolerance)[0]
        counts.append(len(outer.points))
        shape = np.array(outer.points, np.float32)
        off = [abs(cv2.pointPolygonTest(shape, place, True)) for place in outer.exact]
        assert max(off) <= tolerance + 1e-3
    assert counts == sorted(counts, reverse=True)
    assert counts[2] < counts[0] / 3


def test_holes_are_told_from_parts():
    assert sorted(ring.hole for ring in rings.rings(rle.encode(blob()), 0.7)) == [False, False, True]


def test_a_moved_vertex_changes_the_edge_beside_it_alone():
    array = blob()
    mask = rle.encode(array)
    outer = rings.rings(mask, 0.7)[0]
    right = max(range(len(outer.points)), key=lambda i: outer.points[i][0])
    moved = outer.moved(right, (95.0, 50.0))
    assert moved.touched
    changed = rle.decode(rings.reshape(mask, [(outer.exact, moved.line())]))
    assert changed[50, 90]
    different = changed != array
    assert not different[:, :75].any()
    assert different[:, 75:].any()


def test_a_hole_that_goes_is_filled_and_a_part_that_goes_is_gone():
    array = blob()
    mask = rle.encode(array)
    found = rings.rings(mask, 0.7)
    (hole,) = (ring for ring in found if ring.hole)
    square, outer = sorted((ring for ring in found if not ring.hole), key=lambda ring: len(ring.exact))
    filled = rle.decode(rings.reshape(mask, [(hole.exact, ())]))
    assert filled[50, 50]
    assert filled.sum() > array.sum()
    without = rle.decode(rings.reshape(mask, [(square.exact, ())]))
    assert not without[85, 105]
    assert np.array_equal(without[:, :95], array[:, :95])
    alone = rle.decode(rings.reshape(mask, [(outer.exact, ())]))
    assert np.array_equal(alone[:, 95:], array[:, 95:])
    assert not alone[:, :95].any()


def test_a_ring_of_two_vertices_goes():
    array = np.zeros((10, 10), bool)
    array[2:5, 2:5] = True
    (ring,) = rings.rings(rle.encode(array), 0.7)
    assert len(ring.points) == 4
    three = ring.removed(0)
    assert len(three.points) == 3
    gone = three.removed(1)
    assert gone.points == ()
    assert gone.line() == ()


def test_a_removed_vertex_leaves_a_straight_line():
    array = np.zeros((10, 10), bool)
    array[2:8, 2:8] = True
    (ring,) = rings.rings(rle.encode(array), 0.7)
    corner = ring.points.index((2.0, 2.0))
    cut = rle.decode(rings.reshape(rle.encode(array), [(ring.exact, ring.removed(corner).line())]))
    assert not cut[2, 2]
    assert cut[7, 7]
    assert 15 <= cut.sum() <= 21


@pytest.mark.parametrize("place", [0, 2])
def test_a_vertex_more(place):
    array = np.zeros((10, 10), bool)
    array[2:5, 2:5] = True
    (ring,) = rings.rings(rle.encode(array), 0.7)
    more = ring.inserted(place, (9.0, 9.0))
    assert more.points[place] == (9.0, 9.0)
    assert len(more.points) == len(more.stretches) == 5
    assert sum(stretch is None for stretch in more.stretches) == 2
