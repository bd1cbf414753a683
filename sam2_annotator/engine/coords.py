"""Document coordinates to the coordinates of the model's API; the only place that knows the difference.

The document counts continuously: pixel i covers [i, i+1), its centre is i + 0.5. The published API takes pixel
indices: its pixel i has its centre at i.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sam2_annotator.values.prompt import Box, Point

_HALF_PIXEL = 0.5


def point_arrays(points: Sequence[Point]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int32]]:
    """Coordinates (N, 2) float32, x before y, in pixel indices, and labels (N,) int32, 1 positive and 0 negative."""
    coordinates = np.array([(point.x, point.y) for point in points], np.float32).reshape(-1, 2) - _HALF_PIXEL
    labels = np.array([int(point.positive) for point in points], np.int32)
    return coordinates.astype(np.float32), labels


def box_array(box: Box) -> npt.NDArray[np.float32]:
    """(4,) float32, xyxy in pixel indices."""
    return (np.array((box.x0, box.y0, box.x1, box.y1), np.float32) - _HALF_PIXEL).astype(np.float32)
