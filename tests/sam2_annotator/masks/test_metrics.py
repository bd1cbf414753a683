"""Figures about masks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sam2_annotator.masks import metrics, rle


@given(st.data(), hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12))
@settings(deadline=None)
def test_iou_is_that_of_the_pixels(data, shape):
    a, b = (data.draw(hnp.arrays(np.bool_, shape)) for _ in range(2))
    expected = (a & b).sum() / (a | b).sum() if (a | b).any() else 1.0
    assert metrics.iou(rle.encode(a), rle.encode(b)) == pytest.approx(expected)


def test_the_deepest_point_is_the_middle_of_the_thickest_part():
    array = np.zeros((40, 60), dtype=bool)
    array[10:12, 5:50] = True
    array[20:31, 30:41] = True
    assert metrics.deepest_point(array) == (35.5, 25.5)


def test_the_border_of_the_picture_is_background():
    assert metrics.deepest_point(np.ones((5, 9), dtype=bool))[1] == 2.5
    assert metrics.deepest_point(np.ones((1, 1), dtype=bool)) == (0.5, 0.5)


def test_an_empty_mask_has_no_deepest_point():
    with pytest.raises(ValueError, match="empty"):
        metrics.deepest_point(np.zeros((4, 4), dtype=bool))
