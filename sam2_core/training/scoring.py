"""Measures of masks, and the places an oracle clicks; all masks are bool (H, W).

J and F: DAVIS (Perazzi et al., CVPR 2016), region and boundary measures.
"""

import math

import cv2
import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Click = tuple[tuple[int, int], int]  # (x, y) and 1 for foreground, 0 for background
_BORDER_REACH = 0.008  # of the picture's diagonal: how far borders may lie apart and still agree


def iou(a: Bools, b: Bools) -> float:
    """Intersection over union (J); 1 when both are empty."""
    union = int((a | b).sum())
    return int((a & b).sum()) / union if union else 1.0


def boundary_f(found: Bools, true: Bools) -> float:
    """F of the borders: harmonic mean of the shares of each border that lies near the other; 1 when both are empty."""
    reach = math.ceil(_BORDER_REACH * math.hypot(*true.shape))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    edges = [border(mask) for mask in (found, true)]
    if not edges[0].any() or not edges[1].any():
        return float(not edges[0].any() and not edges[1].any())
    near = [cv2.dilate(edge.astype(np.uint8), disc) > 0 for edge in edges]
    precision = float((edges[0] & near[1]).sum() / edges[0].sum())
    recall = float((edges[1] & near[0]).sum() / edges[1].sum())
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def border(mask: Bools) -> Bools:
    """Pixels that differ from their right, lower or diagonal neighbour."""
    edge = np.zeros_like(mask)
    edge[:, :-1] |= mask[:, :-1] ^ mask[:, 1:]
    edge[:-1] |= mask[:-1] ^ mask[1:]
    edge[:-1, :-1] |= mask[:-1, :-1] ^ mask[1:, 1:]
    return edge


def largest_part(mask: Bools) -> Bools:
    """The largest 8-connected part of a mask that is not empty."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    largest: Bools = labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    return largest


def deepest_pixel(mask: Bools) -> tuple[int, int]:
    """(x, y) of the pixel farthest from the outside; the picture's edge counts as outside."""
    depth = cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    y, x = np.unravel_index(int(depth.argmax()), depth.shape)
    return int(x) - 1, int(y) - 1


def click_on(mask: Bools) -> Click:
    """The first click on an object that is there."""
    return deepest_pixel(largest_part(mask)), 1


def correction(found: Bools, true: Bools) -> Click | None:
    """The next click: in the larger of the missed and the wrong region; None where the mask is right."""
    missed, wrong = true & ~found, found & ~true
    positive = int(missed.sum()) >= int(wrong.sum())
    region = missed if positive else wrong
    return (deepest_pixel(largest_part(region)), int(positive)) if region.any() else None


def box_of(mask: Bools) -> tuple[float, float, float, float]:
    """Box xyxy of a mask that is not empty: pixel indices of its outermost pixels."""
    columns, rows = np.flatnonzero(mask.any(0)), np.flatnonzero(mask.any(1))
    return float(columns[0]), float(rows[0]), float(columns[-1]), float(rows[-1])
