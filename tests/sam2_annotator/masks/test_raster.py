"""Drawn shapes against their definition, pixel by pixel."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sam2_annotator.masks import contour, raster, rle

HEIGHT, WIDTH = 23, 31
CENTRES = np.stack(np.meshgrid(np.arange(WIDTH) + 0.5, np.arange(HEIGHT) + 0.5), axis=-1)

places = st.tuples(st.floats(-12, WIDTH + 12), st.floats(-12, HEIGHT + 12))
paths = st.lists(places, min_size=1, max_size=6)
whole = st.tuples(st.integers(1, WIDTH - 1), st.integers(1, HEIGHT - 1))
masks = hnp.arrays(np.bool_, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=16))


def draw(path, size, square):
    mask = raster.stroke(path, size=size, square=square, height=HEIGHT, width=WIDTH)
    return rle.decode(mask)


def distances(path, size, square):
    """How far each pixel's centre is from the way of the brush: as the crow flies, or by the larger axis."""
    centres = [np.array(raster.brush_centre(*place, size)) for place in path]
    nearest = np.full((HEIGHT, WIDTH), np.inf)
    for a, b in zip(centres, centres[1:] or centres, strict=False):
        nearest = np.minimum(nearest, _largest_gap(a, b) if square else _straight(a, b))
    return nearest


def _straight(a, b):
    way = b - a
    t = np.clip(((CENTRES - a) @ way) / max(way @ way, 1e-300), 0, 1)
    return np.linalg.norm(CENTRES - a - t[..., None] * way, axis=-1)


def _largest_gap(a, b):
    """Exact: along the line, the larger of two piecewise linear distances is least at an end or where a piece ends."""
    way = b - a
    best = np.full((HEIGHT, WIDTH), np.inf)
    gap = CENTRES - a
    candidates = [np.zeros((HEIGHT, WIDTH)), np.ones((HEIGHT, WIDTH))]
    for axis in (0, 1):
        if way[axis]:
            candidates.append(gap[..., axis] / way[axis])
    for sign in (1, -1):
        if way[0] - sign * way[1]:
            candidates.append((gap[..., 0] - sign * gap[..., 1]) / (way[0] - sign * way[1]))
    for t in candidates:
        rest = np.abs(gap - np.clip(t, 0, 1)[..., None] * way).max(axis=-1)
        best = np.minimum(best, rest)
    return best


@given(paths, st.integers(1, 40), st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_stroke_sets_what_is_within_half_its_size(path, size, square):
    array, distance = draw(path, size, square), distances(path, size, square)
    assert array[distance < size / 2 - 1e-6].all()
    assert not array[distance > size / 2 + 1e-6].any()


@pytest.mark.parametrize("square", [False, True])
@given(place=places, size=st.integers(1, 40))
def test_a_dab_has_the_rim_it_is_said_to_have(square, place, size):
    assert np.array_equal(draw([place], size, square), distances([place], size, square) <= size / 2)


@pytest.mark.parametrize(("size", "area"), [(1, 1), (2, 4), (3, 9), (4, 12), (5, 21)])
def test_small_round_brushes(size, area):
    assert draw([(10.3, 9.8)], size, False).sum() == area


@given(st.integers(0, WIDTH - 1), st.integers(0, HEIGHT - 1), st.floats(0, 0.999), st.floats(0, 0.999))
def test_the_pixel_under_the_pointer_is_painted(column, row, dx, dy):
    assert draw([(column + dx, row + dy)], 1, False)[row, column]


@given(st.lists(places, min_size=2, max_size=4))
@settings(deadline=None)
def test_the_thinnest_line_has_no_gap(path):
    inside = [(min(max(x, 0), WIDTH - 1), min(max(y, 0), HEIGHT - 1)) for x, y in path]
    parts, _ = cv2.connectedComponents(draw(inside, 1, False).astype(np.uint8), connectivity=8)
    assert parts == 2


@given(paths, st.integers(1, 20), st.booleans())
@settings(deadline=None)
def test_a_stroke_is_the_sum_of_its_parts(path, size, square):
    parts = [draw(path[i : i + 2], size, square) for i in range(max(1, len(path) - 1))]
    assert np.array_equal(draw(path, size, square), np.logical_or.reduce(parts))


def winding(ring):
    """Times a ring goes around each pixel's centre, by the angle it turns through."""
    total = np.zeros((HEIGHT, WIDTH))
    points = np.array(ring, float)
    for a, b in zip(points, np.roll(points, -1, axis=0), strict=True):
        (ax, ay), (bx, by) = (np.moveaxis(p - CENTRES, -1, 0) for p in (a, b))
        total += np.arctan2(ax * by - ay * bx, ax * bx + ay * by)
    return np.round(total / (2 * np.pi)).astype(int)


def near_an_edge(ring):
    points = np.array(ring, float)
    close = np.zeros((HEIGHT, WIDTH), bool)
    for a, b in zip(points, np.roll(points, -1, axis=0), strict=True):
        close |= _straight(a, b) < 1e-6
    return close


@given(st.lists(st.lists(places, min_size=3, max_size=7), min_size=1, max_size=3))
@settings(max_examples=300, deadline=None)
def test_a_polygon_sets_what_its_rings_go_around(rings):
    array = rle.decode(raster.polygon(rings, height=HEIGHT, width=WIDTH))
    clear = ~np.logical_or.reduce([near_an_edge(ring) for ring in rings])
    assert np.array_equal(array[clear], (sum(map(winding, rings)) != 0)[clear])


@given(masks)
@settings(max_examples=200, deadline=None)
def test_the_outline_of_a_mask_gives_the_mask(array):
    mask = rle.encode(array)
    height, width = array.shape
    assert raster.polygon(contour.outline(mask), height=height, width=width) == mask


@given(st.tuples(st.floats(1, WIDTH - 1), st.floats(1, HEIGHT - 1)) | whole)
@settings(deadline=None)
def test_shapes_that_share_an_edge_share_no_pixel(apex):
    """A fan of triangles around a point covers every pixel of the frame once."""
    ring = np.array([(0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)])
    total = np.zeros((HEIGHT, WIDTH), int)
    for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True):
        total += rle.decode(raster.polygon([[apex, a, b]], height=HEIGHT, width=WIDTH))
    assert (total == 1).all()


def test_nothing_comes_of_nothing():
    assert not raster.polygon([], height=5, width=5)
    assert not raster.polygon([[(1, 1), (3, 3)]], height=5, width=5)
    assert not raster.stroke([(1e30, -1e30)], size=500, square=False, height=5, width=5)
