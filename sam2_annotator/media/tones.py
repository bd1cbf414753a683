"""Values of more than eight bits as the eight that canvas, model and exports share (decision 0014)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

DARK_SHARE, BRIGHT_SHARE = 0.001, 0.999
_SAMPLE = 1 << 22
_WORD = 1 << 16
_SPREAD = 8

Levels = tuple[float, float]
Deep = NDArray[np.generic]


def levels(pictures: Sequence[Deep]) -> Levels:
    """The values that become 0 and 255: all but the darkest and the brightest thousandth lie between them.

    Counted over all values of all pictures, so that frames of one clip share them; values that are not finite do not
    count. Where nearly all are equal, the smallest and the largest value.
    """
    if all(values.dtype == np.uint16 for values in pictures):
        counts = sum((np.bincount(values.ravel(), minlength=_WORD) for values in pictures), np.zeros(_WORD, np.int64))
        passed = counts.cumsum()
        low = float(np.searchsorted(passed, DARK_SHARE * passed[-1], side="right"))
        high = float(np.searchsorted(passed, BRIGHT_SHARE * passed[-1]))
        present = np.flatnonzero(counts)
        return (low, high) if low < high else (float(present[0]), float(present[-1]))
    sample = np.concatenate([_thinned(values) for values in pictures])
    if not sample.size:
        return 0.0, 0.0
    low, high = map(float, np.quantile(sample, (DARK_SHARE, BRIGHT_SHARE)))
    return (low, high) if low < high else (float(sample.min()), float(sample.max()))


def spread(count: int) -> tuple[int, ...]:
    """At most eight numbers from 0 up to `count`, evenly spread, the first and the last among them."""
    last = min(_SPREAD, count) - 1
    return (0,) if last < 1 else tuple(round(step * (count - 1) / last) for step in range(last + 1))


def to_8_bits(values: Deep, between: Levels) -> NDArray[np.uint8]:
    """`values` stretched so that the levels become 0 and 255; beyond them, and what is not a number, is cut off."""
    if values.dtype == np.uint16:
        shades = _stretched(np.arange(_WORD), between)
        return shades[values.astype(np.uint16, copy=False)]
    return _stretched(values, between)


def _stretched(values: Deep, between: Levels) -> NDArray[np.uint8]:
    low, high = between
    inside = np.clip(np.nan_to_num(values.astype(np.float64), nan=low, posinf=high, neginf=low), low, high)
    return ((inside - low) / ((high - low) or 1.0) * 255.0).round().astype(np.uint8)


def _thinned(values: Deep) -> NDArray[np.float64]:
    """Finite values, at most a few millions of them, evenly taken."""
    flat = values.ravel()
    taken = flat[:: max(1, flat.size // _SAMPLE)].astype(np.float64)
    return taken[np.isfinite(taken)]
