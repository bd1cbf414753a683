"""Pixel boxes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sam2_annotator.masks import boxes

arrays = hnp.arrays(np.bool_, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12))
edges = st.integers(0, 8)
pixel_boxes = st.tuples(edges, edges, edges, edges)


def cover(box):
    array = np.zeros((8, 8), dtype=bool)
    array[box[1] : box[3], box[0] : box[2]] = True
    return array


@given(arrays)
def test_tight_holds_all_pixels_and_no_empty_border(array):
    x0, y0, x1, y1 = boxes.tight(array)
    inside = array[y0:y1, x0:x1]
    assert inside.sum() == array.sum()
    if array.any():
        assert inside[0].any()
        assert inside[-1].any()
        assert inside[:, 0].any()
        assert inside[:, -1].any()
    else:
        assert (x0, y0, x1, y1) == boxes.EMPTY


@given(pixel_boxes, pixel_boxes)
def test_union_and_intersection_are_those_of_the_pixels(a, b):
    assert boxes.is_empty(a) == (not cover(a).any())
    assert np.array_equal(cover(boxes.intersection(a, b)), cover(a) & cover(b))
    joined = boxes.union(a, b)
    if not (boxes.is_empty(a) and boxes.is_empty(b)):
        assert joined == boxes.tight(cover(a) | cover(b))


def test_xywh_is_a_list_of_plain_floats():
    assert boxes.xywh((6, 4, 7, 5)) == (6.0, 4.0, 1.0, 1.0)
    assert all(type(value) is float for value in boxes.xywh((6, 4, 7, 5)))
