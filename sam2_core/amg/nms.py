"""Suppression of boxes that overlap a better one."""

import numpy as np
import numpy.typing as npt


def keep_best(boxes: npt.NDArray[np.float64], scores: npt.NDArray[np.float64], iou_threshold: float) -> list[int]:
    """Indices of the boxes (N, 4) xyxy that stay, by falling score (stable on ties); the others overlap one more."""
    order = np.argsort(-scores, kind="stable")
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    alive = np.ones(len(boxes), dtype=bool)
    kept = []
    for i in order:
        if not alive[i]:
            continue
        kept.append(int(i))
        size = np.minimum(boxes[i, 2:], boxes[:, 2:]) - np.maximum(boxes[i, :2], boxes[:, :2])
        shared = size.clip(min=0).prod(axis=1)
        union = area[i] + area - shared
        alive &= shared <= iou_threshold * union
    return kept
