"""Deep values become eight bits: robust against single pixels, the same for all frames of a clip."""

import numpy as np
import pytest

from sam2_annotator.media import tones


def test_a_thousandth_at_either_end_does_not_count():
    values = np.arange(10_000, dtype=np.uint16)
    assert tones.levels([values]) == (10.0, 9989.0)


@pytest.mark.parametrize("dtype", [np.uint16, np.int32, np.float32])
def test_the_ways_of_counting_agree(dtype):
    values = np.random.default_rng(0).integers(0, 5000, 50_000).astype(np.uint16)
    low, high = tones.levels([values.astype(dtype)])
    assert low == pytest.approx(5, abs=2)
    assert high == pytest.approx(4995, abs=2)


def test_a_few_values_of_their_own_keep_their_range():
    values = np.zeros((100, 100), np.uint16)
    values[0, 0] = 7
    assert tones.levels([values]) == (0.0, 7.0)
    assert tones.to_8_bits(values, (0.0, 7.0))[0, :2].tolist() == [255, 0]


def test_several_pictures_share_their_levels():
    dark, bright = np.full((9, 9), 10, np.uint16), np.full((9, 9), 20, np.uint16)
    between = tones.levels([dark, bright])
    assert between == (10.0, 20.0)
    assert tones.to_8_bits(dark, between).max() == 0
    assert tones.to_8_bits(bright, between).min() == 255


def test_equal_values_become_black():
    flat = np.full((3, 3), 500, np.uint16)
    assert tones.to_8_bits(flat, tones.levels([flat])).max() == 0


@pytest.mark.parametrize(("count", "expected"), [(1, (0,)), (2, (0, 1)), (8, tuple(range(8)))])
def test_few_pages_are_all_looked_at(count, expected):
    assert tones.spread(count) == expected


def test_of_many_pages_eight_are_looked_at():
    chosen = tones.spread(1000)
    assert len(chosen) == 8
    assert (chosen[0], chosen[-1]) == (0, 999)
