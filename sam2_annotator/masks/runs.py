"""Runs of set pixels as arithmetic on their ends, for masks too large to be unpacked on every change.

`Edges` rise strictly and come in pairs: [e0, e1), [e2, e3), … are set. In a frame, place x * height + y is pixel
(x, y). Time and memory depend on the number of runs alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Edges = NDArray[np.int64]

NONE: Edges = np.empty(0, np.int64)
NONE.setflags(write=False)


def of_counts(counts: Ints) -> Edges:
    """The set runs of run lengths that begin with what is not set."""
    bounds = np.cumsum(counts)
    ends = bounds[1::2]
    return joined(bounds[0::2][: ends.size], ends)


def to_counts(edges: Edges, total: int) -> Ints:
    """Canonical run lengths of `total` places."""
    counts = np.diff(np.concatenate(([0], edges, [total])))
    return counts if counts[-1] else counts[:-1]


def joined(starts: Ints, ends: Ints) -> Edges:
    """Of runs in ascending order that may touch; empty ones are left out."""
    filled = ends > starts
    starts, ends = starts[filled], ends[filled]
    apart = starts[1:] != ends[:-1]
    return _paired(np.concatenate((starts[:1], starts[1:][apart])), np.concatenate((ends[:-1][apart], ends[-1:])))


def merged(starts: Ints, ends: Ints) -> Edges:
    """Of runs in any order that may overlap; empty ones are left out. Places must lie below 2^31."""
    filled = ends > starts
    keys = np.sort(starts[filled] << 31 | ends[filled])  # one sort of numbers is far faster than sorting pairs
    if keys.size == 0:
        return NONE
    starts, ends = keys >> 31, np.maximum.accumulate(keys & 0x7FFFFFFF)
    apart = starts[1:] > ends[:-1]
    return _paired(np.concatenate((starts[:1], starts[1:][apart])), np.concatenate((ends[:-1][apart], ends[-1:])))


def wound(places: Ints, turns: Ints) -> Edges:
    """Where the sum of all `turns` up to a place is not zero. `places` in any order; the turns sum up to zero."""
    places, sums = _sums(places, turns)
    return _changes(places, sums != 0)


def covered(places: Ints, turns: Ints) -> Edges:
    """Where that sum is more than zero."""
    places, sums = _sums(places, turns)
    return _changes(places, sums > 0)


def combine(a: Edges, b: Edges, operation: np.ufunc) -> Edges:
    """A logical operation on both, one that gives False for two Falses."""
    places = np.sort(np.concatenate((a, b)))
    places = places[np.append(places[1:] != places[:-1], True)[: places.size]]  # np.unique is far slower
    inside = operation(np.searchsorted(a, places, "right") & 1 > 0, np.searchsorted(b, places, "right") & 1 > 0)
    return _changes(places, inside)


def split_at_columns(edges: Edges, height: int) -> tuple[Ints, Ints]:
    """Starts and ends of the same places as runs of which none goes over the end of a column."""
    starts, ends = edges[0::2], edges[1::2]
    first, last = starts // height, (ends - 1) // height
    if np.array_equal(first, last):
        return starts, ends
    pieces = last - first + 1
    piece = np.arange(int(pieces.sum())) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    column = np.repeat(first, pieces) + piece
    return (
        np.maximum(np.repeat(starts, pieces), column * height),
        np.minimum(np.repeat(ends, pieces), (column + 1) * height),
    )


def _sums(places: Ints, turns: Ints) -> tuple[Ints, Ints]:
    """Every place once, in order, and the sum of the turns up to it."""
    order = np.argsort(places, kind="stable")
    places, sums = places[order], np.cumsum(turns[order])
    last_there = np.append(places[1:] != places[:-1], True)[: places.size]
    return places[last_there], sums[last_there]


def _changes(places: Ints, inside: NDArray[np.bool_]) -> Edges:
    edges: Edges = places[inside != np.concatenate(([False], inside[:-1]))[: places.size]]
    return edges


def _paired(starts: Ints, ends: Ints) -> Edges:
    return np.column_stack((starts, ends)).ravel()
