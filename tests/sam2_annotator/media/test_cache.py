"""Frames kept within a limit."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sam2_annotator.media.cache import FrameCache


def frame(size):
    return np.zeros(size, np.uint8)


def test_the_one_not_asked_for_longest_goes_first():
    cache = FrameCache(30)
    for number in range(3):
        cache.put(number, frame(10))
    assert cache.get(0) is not None
    cache.put(3, frame(10))
    assert cache.get(1) is None
    assert all(cache.get(number) is not None for number in (0, 2, 3))


def test_a_frame_over_the_limit_is_not_held():
    cache = FrameCache(30)
    cache.put(0, frame(31))
    assert cache.get(0) is None
    assert cache.bytes == 0


def test_clear_forgets_everything():
    cache = FrameCache(30)
    cache.put(0, frame(10))
    cache.clear()
    assert cache.get(0) is None
    assert cache.bytes == 0


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 40))))
def test_bytes_are_those_held_and_never_over_the_limit(puts):
    cache = FrameCache(50)
    for number, size in puts:
        cache.put(number, frame(size))
        held = [found.nbytes for key in range(6) if (found := cache.get(key)) is not None]
        assert sum(held) == cache.bytes <= 50
