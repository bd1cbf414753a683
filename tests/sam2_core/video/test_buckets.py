"""Batch sizes for any number of objects."""

import pytest

from sam2_core.video.buckets import buckets, slices


@pytest.mark.parametrize(
    ("count", "wanted"),
    [
        (1, [(1, 1)]),
        (2, [(2, 2)]),
        (3, [(3, 4)]),
        (5, [(4, 4), (1, 1)]),
        (6, [(6, 8)]),
        (9, [(8, 8), (1, 1)]),
        (11, [(8, 8), (3, 4)]),
        (16, [(16, 16)]),
        (40, [(16, 16), (16, 16), (8, 8)]),
    ],
)
def test_buckets(count: int, wanted: list[tuple[int, int]]) -> None:
    assert buckets(count, 16) == wanted


@pytest.mark.parametrize("limit", [1, 2, 3, 8])
def test_buckets_stay_within_the_limit_and_lose_nobody(limit: int) -> None:
    for count in range(1, 40):
        parts = buckets(count, limit)
        assert sum(taken for taken, _ in parts) == count
        assert all(0 < taken <= size <= limit for taken, size in parts)
        assert len({size for _, size in parts}) <= 4


def test_slices() -> None:
    assert slices(5, 2) == [(2, 2), (2, 2), (1, 1)]
