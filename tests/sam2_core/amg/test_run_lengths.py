"""Run lengths, against pycocotools."""

import numpy as np
import pytest
from pycocotools import mask as coco

from sam2_core.amg.run_lengths import decode, encode, from_string, to_string

MASKS = [
    np.zeros((3, 4), bool),
    np.ones((3, 4), bool),
    np.eye(5, 7, dtype=bool),
    ~np.eye(5, 7, dtype=bool),
    np.ones((1, 1), bool),
    np.zeros((1, 1), bool),
    np.random.default_rng(0).random((40, 50)) > 0.5,
    np.pad(np.ones((300, 200), bool), 150),
]


@pytest.mark.parametrize("mask", MASKS)
def test_round_trip(mask):
    runs = encode(mask)
    assert sum(runs) == mask.size
    assert sum(runs[1::2]) == mask.sum()
    assert np.array_equal(decode(runs, mask.shape), mask)


@pytest.mark.parametrize("mask", MASKS)
def test_strings_are_those_of_pycocotools(mask):
    want = coco.encode(np.asfortranarray(mask.astype(np.uint8)))["counts"].decode()
    assert to_string(encode(mask)) == want


def test_from_string_undoes_to_string() -> None:
    rng = np.random.default_rng(3)
    for _ in range(50):
        runs = rng.integers(0, 5000, int(rng.integers(1, 30))).tolist()
        assert from_string(to_string(runs)) == runs


@pytest.mark.parametrize("text", ["\u00e9", " ", "o"])
def test_from_string_refuses_what_is_no_mask(text: str) -> None:
    with pytest.raises(ValueError, match="compressed mask"):
        from_string(text)
