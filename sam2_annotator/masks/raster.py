"""From drawn shapes to masks, never by way of a whole frame of pixels.

Coordinates are those of `values.prompt`: pixel (i, j) covers [i, i+1) x [j, j+1). A pixel belongs to a shape when its
centre does, the rim of a brush included; what lies beyond the frame is left out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sam2_annotator.masks import rle, runs
from sam2_annotator.values.mask import Mask

Place = tuple[float, float]
Floats = NDArray[np.float64]
Spans = tuple[runs.Ints, runs.Ints, runs.Ints]  # column, first row, end row

_FAR = 1e7  # px; hands do not reach there, and numbers stay exact


def brush_centre(x: float, y: float, size: int) -> Place:
    """Where a brush of this diameter sits so that it covers whole pixels: on one, or between four if `size` is even."""
    if size % 2:
        return math.floor(x) + 0.5, math.floor(y) + 0.5
    return math.floor(x + 0.5) + 0.0, math.floor(y + 0.5) + 0.0


def stroke(path: Sequence[Place], *, size: int, square: bool, height: int, width: int) -> Mask:
    """What a brush leaves on a frame when its centre goes along a line of image points, one or more.

    A round brush sets what is at most `size` / 2 px from the line, a square one what its upright square passes over;
    its centre goes from one `brush_centre` to the next.
    """
    points = np.clip(np.asarray(path, np.float64), -_FAR, _FAR)
    centres = np.floor(points) + 0.5 if size % 2 else np.floor(points + 0.5)
    moved = np.append(True, (centres[1:] != centres[:-1]).any(axis=1))
    centres = centres[moved]
    spans = [_dabs(centres, size, square), _sweeps(centres, size / 2, square, width)]
    column, first, end = (np.concatenate(parts) for parts in zip(*spans, strict=True))
    inside = (column >= 0) & (column < width)
    start_of_column = column[inside] * height
    first, end = np.clip(first[inside], 0, height), np.clip(end[inside], 0, height)
    return rle.of_edges(runs.merged(start_of_column + first, start_of_column + end), height, width)


def polygon(rings: Sequence[ArrayLike], *, height: int, width: int) -> Mask:
    """What closed rings of image points, each (N, 2), go around: places where the windings do not cancel out.

    A ring inside another one that runs the other way makes a hole. A centre right on an edge belongs to the pixels
    right of it or below it, so shapes that share an edge share no pixel.
    """
    places, turns = [runs.NONE], [runs.NONE]
    for ring in rings:
        points = np.clip(np.asarray(ring, np.float64).reshape(-1, 2), -_FAR, _FAR)
        (xa, ya), (xb, yb) = points.T, np.roll(points, -1, axis=0).T
        turn = np.where(xb > xa, 1, -1)
        # From the left end always, so that an edge walked the other way is rounded alike.
        (xa, xb), (ya, yb) = (np.where(xb > xa, (p, q), (q, p)) for p, q in ((xa, xb), (ya, yb)))
        first, end = (np.clip(np.ceil(x - 0.5), 0, width).astype(np.int64) for x in (xa, xb))
        edge, column = _columns(first, end)
        slope = (yb - ya)[edge] / (xb - xa)[edge]
        y = ya[edge] + (column + 0.5 - xa[edge]) * slope
        row = np.clip(np.ceil(y - 0.5), 0, height).astype(np.int64)
        places.append(column * height + row)
        turns.append(turn[edge])
    return rle.of_edges(runs.wound(np.concatenate(places), np.concatenate(turns)), height, width)


def _columns(first: runs.Ints, end: runs.Ints) -> tuple[runs.Ints, runs.Ints]:
    """Every whole number from `first` up to `end` of every pair, and the pair it comes from."""
    counts = np.maximum(end - first, 0)
    source = np.repeat(np.arange(counts.size), counts)
    place = np.arange(source.size) - np.repeat(np.cumsum(counts) - counts, counts)
    return source, first[source] + place


def _dabs(centres: Floats, size: int, square: bool) -> Spans:
    """Rows the brush covers in each column where it stands at these centres."""
    reach, place = size / 2, np.arange(size) + 0.5
    half = np.full(size, reach) if square else np.sqrt(reach**2 - (place - reach) ** 2)
    corner = (centres - reach).astype(np.int64)
    column = corner[:, :1] + np.arange(size)
    first = corner[:, 1:] + np.ceil(reach - half - 0.5).astype(np.int64)
    end = corner[:, 1:] + np.floor(reach + half - 0.5).astype(np.int64) + 1
    return column.ravel(), first.ravel(), end.ravel()


def _sweeps(centres: Floats, reach: float, square: bool, width: int) -> Spans:
    """Rows between the places where the brush stands, column by column: those of a slanted strip within a second one.

    Both strips are y >= low - slope * x and y <= high - slope * x; infinite where a strip is upright.
    """
    x0, y0 = centres[:-1].T
    x1, y1 = centres[1:].T
    dx, dy = x1 - x0, y1 - y0
    length = np.hypot(dx, dy)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(dx == 0, 0.0, -dy / dx)  # along the way
        broad = np.where(dx == 0, np.inf, reach * ((abs(dx) + abs(dy)) if square else length) / abs(dx))
        across = np.where((dy == 0) | square, 0.0, dx / dy)  # from one place to the other
    middle = y0 + slope * x0
    if square:
        left, right = np.minimum(x0, x1) - reach, np.maximum(x0, x1) + reach
        low, high = np.minimum(y0, y1) - reach, np.maximum(y0, y1) + reach
    else:
        bulge = reach * abs(dy) / length
        left, right = np.minimum(x0, x1) - bulge, np.maximum(x0, x1) + bulge
        ends = np.sort((y0 + across * x0, y1 + across * x1), axis=0)
        low, high = np.where(dy == 0, -np.inf, ends[0]), np.where(dy == 0, np.inf, ends[1])
    from_column = np.clip(np.ceil(left - 0.5), 0, width).astype(np.int64)
    to_column = np.clip(np.floor(right - 0.5) + 1, 0, width).astype(np.int64)
    segment, column = _columns(from_column, to_column)
    x = column + 0.5
    along, between = slope[segment] * x, across[segment] * x
    top = np.maximum((middle - broad)[segment] - along, low[segment] - between)
    bottom = np.minimum((middle + broad)[segment] - along, high[segment] - between)
    first, last = np.ceil(top - 0.5).astype(np.int64), np.floor(bottom - 0.5).astype(np.int64)
    return column, first, np.maximum(last + 1, first)
