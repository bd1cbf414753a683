"""Figures about masks."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from sam2_annotator.masks import boxes, rle
from sam2_annotator.values.mask import Mask


def iou(a: Mask, b: Mask) -> float:
    """Intersection over union, 0..1; 1 when both are empty. Raises ValueError for masks of different frames."""
    common = rle.intersect(a, b).area
    total = a.area + b.area - common
    return common / total if total else 1.0


def deepest_point(array: NDArray[np.bool_]) -> tuple[float, float]:
    """Centre of the pixel that lies farthest inside a bool (H, W) array, (x, y) in continuous image coordinates.

    What is outside the array counts as background. Raises ValueError when nothing is set.
    """
    x0, y0, x1, y1 = box = boxes.tight(array)
    if boxes.is_empty(box):
        raise ValueError("an empty mask has no deepest point")
    padded = np.pad(array[y0:y1, x0:x1], 1).astype(np.uint8)
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    y, x = np.unravel_index(int(depth.argmax()), depth.shape)
    return float(x) - 0.5 + x0, float(y) - 0.5 + y0
