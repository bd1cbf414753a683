"""Pixel boxes: (x0, y0, x1, y1), integers, right and bottom exclusive; (0, 0, 0, 0) is the empty box."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PixelBox = tuple[int, int, int, int]
EMPTY: PixelBox = (0, 0, 0, 0)


def tight(array: NDArray[np.bool_]) -> PixelBox:
    """The smallest box around the set pixels of a bool (H, W) array; EMPTY when there are none."""
    rows = np.flatnonzero(array.any(axis=1))
    if rows.size == 0:
        return EMPTY
    y0, y1 = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(array[y0:y1].any(axis=0))
    return int(columns[0]), y0, int(columns[-1]) + 1, y1


def union(a: PixelBox, b: PixelBox) -> PixelBox:
    """The smallest box holding both; an empty box adds nothing."""
    if is_empty(a):
        return b
    if is_empty(b):
        return a
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def intersection(a: PixelBox, b: PixelBox) -> PixelBox:
    """What both cover; EMPTY when that is nothing."""
    box = max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])
    return EMPTY if is_empty(box) else box


def is_empty(box: PixelBox) -> bool:
    """True when the box covers no pixel."""
    return box[2] <= box[0] or box[3] <= box[1]


def xywh(box: PixelBox) -> tuple[float, float, float, float]:
    """[x, y, width, height] as COCO writes it."""
    x0, y0, x1, y1 = box
    return float(x0), float(y0), float(x1 - x0), float(y1 - y0)
