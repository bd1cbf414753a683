"""Run-length masks against pycocotools, and everything a hostile file may say."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from pycocotools import mask as oracle

from sam2_annotator.masks import boxes, rle

shapes = hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=24)
arrays = hnp.arrays(np.bool_, shapes)


@st.composite
def blocky(draw):
    """Long runs: a few rectangles set or cleared in an array of up to 300 x 300."""
    array = np.zeros((draw(st.integers(1, 300)), draw(st.integers(1, 300))), dtype=bool)
    for _ in range(draw(st.integers(0, 4))):
        y, x = draw(st.integers(0, array.shape[0] - 1)), draw(st.integers(0, array.shape[1] - 1))
        array[y : y + draw(st.integers(1, 300)), x : x + draw(st.integers(1, 300))] ^= True
    return array


masks = st.one_of(arrays, blocky())


@given(masks)
@settings(max_examples=300, deadline=None)
def test_the_whole_frame_agrees_with_the_oracle(array):
    mask = rle.encode(array)
    size, counts = rle.to_coco(mask)
    expected = oracle.encode(np.asfortranarray(array.astype(np.uint8)))
    assert size == list(expected["size"])
    assert counts == expected["counts"].decode()
    assert mask.area == oracle.area(expected)
    assert list(boxes.xywh(mask.box)) == oracle.toBbox(expected).tolist()
    assert np.array_equal(rle.decode(mask), array)
    assert rle.from_coco(size, counts) == mask
    assert rle.from_coco(size, rle.string_to_counts(counts).tolist()) == mask


@given(masks)
@settings(max_examples=100, deadline=None)
def test_a_crop_is_the_box_of_the_array(array):
    mask = rle.encode(array)
    x0, y0, x1, y1 = mask.box
    assert np.array_equal(rle.crop(mask), array[y0:y1, x0:x1])
    assert bool(mask) == array.any()


@given(st.data(), shapes)
@settings(max_examples=150, deadline=None)
def test_set_algebra(data, shape):
    a, b = (data.draw(hnp.arrays(np.bool_, shape)) for _ in range(2))
    first, second = rle.encode(a), rle.encode(b)
    assert rle.union(first, second) == rle.encode(a | b)
    assert rle.intersect(first, second) == rle.encode(a & b)
    assert rle.subtract(first, second) == rle.encode(a & ~b)
    assert rle.difference(first, second) == rle.encode(a ^ b)


@given(st.data(), masks)
@settings(max_examples=150, deadline=None)
def test_a_part_of_the_frame(data, array):
    padded = np.pad(array, 3)
    x0, y0 = data.draw(st.integers(-3, array.shape[1])), data.draw(st.integers(-3, array.shape[0]))
    x1, y1 = data.draw(st.integers(x0, array.shape[1] + 3)), data.draw(st.integers(y0, array.shape[0] + 3))
    part = rle.within(rle.encode(array), (x0, y0, x1, y1))
    assert np.array_equal(part, padded[y0 + 3 : y1 + 3, x0 + 3 : x1 + 3])


@given(st.lists(st.integers(0, rle.MAX_PIXELS), min_size=1, max_size=40))
def test_strings_round_trip(counts):
    string = rle.counts_to_string(np.array(counts))
    assert rle.string_to_counts(string).tolist() == counts
    assert rle.string_to_counts(string.decode()).tolist() == counts


@given(st.binary(max_size=40))
def test_random_bytes_never_do_more_than_raise(raw):
    try:
        counts = rle.string_to_counts(raw)
    except ValueError:
        return
    assert counts.dtype == np.int64


def test_every_integer_type_and_order_means_the_same():
    array = np.zeros((7, 5), dtype=np.uint8)
    array[2:5, 1:4] = 255
    array[3, 2] = 1
    expected = rle.encode(array.astype(bool))
    assert rle.encode(array) == expected
    assert rle.encode(np.asfortranarray(array)) == expected
    assert rle.encode(array.astype(np.int64).tolist()) == expected


def test_masks_of_four_thousand_columns_and_full_frames():
    array = np.ones((2160, 3840), dtype=bool)
    mask = rle.encode(array)
    assert mask.area == array.size
    assert rle.to_coco(mask)[1] == oracle.encode(np.asfortranarray(array.astype(np.uint8)))["counts"].decode()
    assert rle.from_coco(*rle.to_coco(mask)) == mask


def test_zero_lengths_inside_are_merged():
    clean = rle.from_coco([4, 5], [6, 2, 12])
    assert rle.from_coco([4, 5], [6, 1, 0, 1, 12, 0]) == clean
    assert rle.from_coco([4, 5], [3, 0, 3, 2, 12]) == clean
    assert rle.from_coco([4, 5], [20, 0]) == rle.empty(4, 5)


def test_padded_groups_are_read():
    padded = b"P" * 12 + b"0"  # zero written with 13 groups
    assert rle.string_to_counts(padded).tolist() == [0]
    minus_one = b"0" + b"o" * 12 + b"O"
    assert rle.string_to_counts(minus_one).tolist() == [0, -1]


HOSTILE = {
    "too short": ([4, 5], [6, 2], "sum up to 8"),
    "too long": ([4, 5], [6, 2, 13], "sum up to 21"),
    "empty string": ([4, 5], "", "sum up to 0"),
    "empty list": ([4, 5], [], "sum up to 0"),
    "zero size": ([0, 0], [6, 2], "sides go from"),
    "zero height": ([0, 5], [], "sides go from"),
    "negative size": ([-4, -5], [20], "sides go from"),
    "huge size": ([400000, 500000], [1], "sides go from"),
    "too many pixels": ([65535, 65535], [65535 * 65535], "at most"),
    "size of one": ([20], [20], "size is"),
    "size of three": ([4, 5, 1], [20], "size is"),
    "size of floats": ([4.0, 5.0], [20], "size is"),
    "size is text": ("45", [20], "size is"),
    "no size": (None, [20], "size is"),
    "negative length": ([4, 5], [6, -2, 16], "negative"),
    "negative length in a string": ([4, 5], rle.counts_to_string(np.array([6, -2, 16])), "negative"),
    "float length": ([4, 5], [6.0, 2.0, 12.0], "whole numbers"),
    "not a number": ([4, 5], [float("nan")], "whole numbers"),
    "text lengths": ([4, 5], ["6", "2", "12"], "whole numbers"),
    "true as a length": ([1, 1], [True], "whole numbers"),
    "nested list": ([4, 5], [[6, 2, 12]], "whole numbers"),
    "polygon of a record": ([4, 5], {"counts": [20]}, "compressed string or a list"),
    "number for counts": ([4, 5], 20, "compressed string or a list"),
    "no counts": ([4, 5], None, "compressed string or a list"),
    "huge length": ([4, 5], [10**30], "out of range"),
    "huge length in a string": ([4, 5], "o" * 12 + "7", "out of range"),
    "length near the end of 64 bits": ([4, 5], "P" * 12 + "8", "out of range"),
    "cut off": ([4, 5], "P", "cut off"),
    "endless group": ([4, 5], "P" * 13 + "0", "more than 13"),
    "below the alphabet": ([4, 5], "/", "outside '0'"),
    "above the alphabet": ([4, 5], "p", "outside '0'"),
    "not ASCII": ([4, 5], "6é", "outside ASCII"),
    "surrogate": ([4, 5], "6\ud800", "outside ASCII"),
    "raw bytes": ([4, 5], b"\xff\xfe", "outside '0'"),
}


@pytest.mark.parametrize(("size", "counts", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_masks_end_as_one_reason(size, counts, reason):
    with pytest.raises(ValueError, match=reason):
        rle.from_coco(size, counts)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"height": 400000, "width": 500000}, "sides go from"),
        ({"box": (0, 0, 50, 50)}, "leaves the frame"),
        ({"box": (-1, 0, 2, 2)}, "leaves the frame"),
        ({"box": (1, 1, 4, 4)}, "sum up to"),
        ({"counts": b"P"}, "cut off"),
    ],
)
def test_a_damaged_stored_mask_is_refused(changes, reason):
    array = np.zeros((10, 10), dtype=bool)
    array[2:4, 2:6] = True
    with pytest.raises(ValueError, match=reason):
        rle.decode(replace(rle.encode(array), **changes))


@pytest.mark.parametrize(
    "array", [np.zeros((3, 3)), np.zeros((3, 3, 1), bool), np.zeros((0, 4), bool), np.zeros(4, bool)]
)
def test_encode_refuses_what_is_no_mask(array):
    with pytest.raises(ValueError, match=r"mask"):
        rle.encode(array)


def test_masks_of_two_frames_do_not_combine():
    for operation in (rle.union, rle.intersect, rle.subtract):
        with pytest.raises(ValueError, match="different frames"):
            operation(rle.empty(4, 5), rle.empty(5, 4))


@given(arrays, st.integers(-30, 30), st.integers(-30, 30), shapes)
@settings(max_examples=150, deadline=None)
def test_pixels_are_placed_in_a_frame_as_far_as_they_lie_in_it(array, left, top, shape):
    height, width = shape
    expected = np.zeros(shape, dtype=bool)
    for y, x in zip(*np.nonzero(array), strict=True):
        if 0 <= y + top < height and 0 <= x + left < width:
            expected[y + top, x + left] = True
    assert rle.place(array, left=left, top=top, height=height, width=width) == rle.encode(expected)
