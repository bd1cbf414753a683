"""One pixel, one object."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sam2_annotator.masks import rle
from sam2_annotator.masks.overlap import Layer, settle

arrays = hnp.arrays(np.bool_, (6, 7))
layers = st.lists(
    st.builds(lambda a, z, fixed: Layer(rle.encode(a), z, fixed), arrays, st.integers(0, 6), st.booleans())
)


@given(arrays, layers)
@settings(max_examples=100, deadline=None)
def test_pixels_go_to_the_fixed_then_to_the_higher(array, others):
    changed, left = settle(rle.encode(array), 3, others)
    keepers = [other for other in others if other.fixed or other.z > 3]
    held = np.zeros_like(array)
    for keeper in keepers:
        held |= rle.decode(keeper.mask)
    assert np.array_equal(rle.decode(changed), array & ~held)
    for other, rest in zip(others, left, strict=True):
        expected = other.mask if other in keepers else rle.subtract(other.mask, changed)
        assert rest == expected
