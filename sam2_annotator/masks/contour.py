"""Outlines of masks along pixel edges: exact, with integer vertices.

A loop has the set pixels on its right when walked with y down, so outer loops run clockwise on the screen and holes
anticlockwise; where two pixels touch by a corner alone the walk turns right, which keeps parts 4-connected and no
loop crosses itself (it may touch itself in such a corner).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sam2_annotator.masks import rle
from sam2_annotator.values.mask import Mask

Loop = NDArray[np.int32]


def outline(mask: Mask) -> list[Loop]:
    """Closed loops around all parts and holes, each int32 (N, 2) of (x, y) in frame coordinates.

    The last vertex joins the first; there are none on straight lines. Loops come in the order of their top edges.
    """
    if not mask:
        return []
    corner = np.array(mask.box[:2], np.int32)
    return [loop + corner for loop in _loops(rle.crop(mask))]


def outline_of_part(padded: NDArray[np.bool_]) -> list[tuple[Loop, bool]]:
    """The outline of a part of a mask, as lines and whether each is closed: where it meets what is not set.

    `padded` is bool (h + 2, w + 2), the part with the pixels around it. Lines are int32 (N, 2) of (x, y), (0, 0) being
    the part's corner; an open one ends where the mask goes on beyond the part.
    """
    loops = _loops(padded[1:-1, 1:-1])
    around = (padded[0, 1:-1], padded[-1, 1:-1], padded[1:-1, 0], padded[1:-1, -1])  # above, below, left, right
    if not any(side.any() for side in around):
        return [(loop, True) for loop in loops]
    return [line for loop in loops for line in _visible(loop, around)]


def _visible(loop: Loop, around: tuple[NDArray[np.bool_], ...]) -> Iterator[tuple[Loop, bool]]:
    """A loop around a part without the stretches along which the mask goes on."""
    width, height = around[0].size, around[2].size
    (xa, ya), (xb, yb) = loop.T, np.roll(loop, -1, axis=0).T
    sides = ((ya == yb) & (ya == 0), (ya == yb) & (ya == height), (xa == xb) & (xa == 0), (xa == xb) & (xa == width))
    breaks: list[int] = []
    for side, beyond in zip(sides, around, strict=True):
        for edge in np.flatnonzero(side).tolist():
            axis = 0 if ya[edge] == yb[edge] else 1
            low, high = sorted((int(loop[edge, axis]), int(loop[(edge + 1) % len(loop), axis])))
            hidden = beyond[low:high]
            if hidden.any():
                breaks.append(edge)
                shown = np.flatnonzero(np.diff(np.concatenate(([True], hidden, [True]))))
                for start, end in (shown.reshape(-1, 2) + low).tolist():
                    line = np.repeat(loop[edge : edge + 1], 2, axis=0)
                    line[:, axis] = start, end
                    yield line, False
    if not breaks:
        yield loop, True
        return
    breaks.sort()
    for start, end in zip(breaks, [*breaks[1:], breaks[0] + len(loop)], strict=True):
        if end - start > 1:
            yield loop[np.arange(start + 1, end + 1) % len(loop)], False


def _loops(pixels: NDArray[np.bool_]) -> list[Loop]:
    """Closed loops around the pixels of a bool (h, w) array."""
    corners, is_east, partner = _corners(pixels)
    # Corners come row by row, so 2j and 2j + 1 are the two ends of horizontal edge j.
    first = np.arange(0, len(corners), 2) + ~is_east
    last = first ^ 1
    edges = np.stack((corners[first], corners[last]), axis=1).astype(np.int32)  # (edge, end, xy)
    following = (partner[last] // 2).tolist()
    return [edges[cycle].reshape(-1, 2) for cycle in _cycles(following)]


def _corners(pixels: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """Every turn of every loop around the pixels of a bool (h, w) array, row by row.

    Returns corners (N, 2) as (x, y), for each horizontal edge (N / 2) whether it is walked to the right, and for each
    corner the number of the other end of its vertical edge (N). A place where two pixels touch by a corner is two
    corners: first that of the edge to the left, then that of the edge to the right.
    """
    padded = np.pad(pixels, 1)
    nw, ne, sw, se = padded[:-1, :-1], padded[:-1, 1:], padded[1:, :-1], padded[1:, 1:]
    left, right = nw ^ sw, ne ^ se
    turns = (left | right) & ((nw ^ ne) | (sw ^ se))
    place = np.flatnonzero(turns)
    place = np.repeat(place, 1 + (left & right).ravel()[place])
    y, x = np.divmod(place, turns.shape[1])
    is_set_below_right = se[y, x]

    is_second = np.concatenate(([False], place[1:] == place[:-1]))
    is_lower = is_second == is_set_below_right  # of the two corners at one place; of no effect elsewhere
    down_the_columns = np.lexsort((is_lower, y, x))
    partner = np.empty_like(place)
    partner[down_the_columns[0::2]] = down_the_columns[1::2]
    partner[down_the_columns[1::2]] = down_the_columns[0::2]
    return np.column_stack((x, y)), is_set_below_right[0::2], partner


def _cycles(following: list[int]) -> Iterator[list[int]]:
    """The cycles of a permutation, in the order of their smallest member."""
    seen = bytearray(len(following))
    for start in range(len(following)):
        if seen[start]:
            continue
        cycle = []
        edge = start
        while not seen[edge]:
            seen[edge] = 1
            cycle.append(edge)
            edge = following[edge]
        yield cycle
