"""Places the number tags of objects: at their top, inside the canvas, aside of each other (INTERACTION VIS-3)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

GAP = 3.0
MOST = 400  # more than a screen has room for
_ROWS = (0, -1, 1, -2, 2, -3, 3, -4, 4)  # rows to try, in pill heights, before moving sideways
_COLUMNS = (0, 1, -1, 2, -2)  # in pill widths

Place = tuple[float, float]
Rect = tuple[float, float, float, float]


def place_tags(
    boxes: Sequence[Rect],
    sizes: Sequence[tuple[float, float]],
    viewport: tuple[float, float],
    beside: Sequence[Rect] = (),
) -> list[Place | None]:
    """Top left corners of the tags of objects with these boxes (x0, y0, x1, y1), all in canvas px.

    A tag sits on the top edge of the visible part of its box. Earlier tags keep their place, later ones move to
    the nearest free one. None for objects outside the viewport (width, height), and for those after the first MOST.
    `beside` are tags that stay where they are, as (x0, y0, x1, y1).
    """
    taken: NDArray[np.float64] = np.array(beside, np.float64).reshape(-1, 4)
    most = len(taken) + MOST
    places: list[Place | None] = []
    for box, (width, height) in zip(boxes, sizes, strict=True):
        x0, x1 = max(box[0], 0.0), min(box[2], viewport[0])
        y0, y1 = max(box[1], 0.0), min(box[3], viewport[1])
        if x0 >= x1 or y0 >= y1 or len(taken) >= most:
            places.append(None)
            continue
        tries = _tries((x0 + x1 - width) / 2, y0 - height - GAP, width, height, viewport)
        rects = np.hstack((tries, tries + np.array((width, height))))
        free = ~_overlap(rects, _within(taken, rects)).any(axis=1)
        best = int(np.argmax(free)) if free.any() else 0
        taken = np.vstack((taken, rects[best]))
        places.append((float(tries[best, 0]), float(tries[best, 1])))
    return places


def _tries(left: float, top: float, width: float, height: float, viewport: tuple[float, float]) -> NDArray[np.float64]:
    """Corners to try, nearest first, float64 (N, 2), all inside the viewport as far as it is large enough."""
    offsets = np.array([(column, row) for column in _COLUMNS for row in _ROWS], dtype=float)
    corners = (left, top) + offsets * (width + GAP, height + GAP)
    high = np.maximum(np.subtract(viewport, (width, height)) - GAP, GAP)
    return np.clip(corners, GAP, high)


def _within(taken: NDArray[np.float64], rects: NDArray[np.float64]) -> NDArray[np.float64]:
    """Those that meet the rectangle around N others: all that one of these can share area with."""
    low, high = rects[:, :2].min(axis=0), rects[:, 2:].max(axis=0)
    meeting = (taken[:, :2] < high).all(axis=1) & (taken[:, 2:] > low).all(axis=1)
    return np.asarray(taken[meeting])


def _overlap(rects: NDArray[np.float64], taken: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of N rectangles share area with which of M others, bool (N, M)."""
    a, b = rects[:, None, :], taken[None, :, :]
    return np.asarray((a[..., :2] < b[..., 2:]).all(axis=2) & (b[..., :2] < a[..., 2:]).all(axis=2))
