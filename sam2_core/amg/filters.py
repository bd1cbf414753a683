"""What the automatic mask generator asks of a mask. SAM 1 paper (arXiv 2304.02643), appendix B, filtering."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Rules:
    """The generator's options of the same names; a stability_score_thresh of 0 lets everything pass."""

    mask_threshold: float
    stability_score_offset: float
    stability_score_thresh: float
    box_nms_thresh: float


def stability_score(logits: Tensor, threshold: float, offset: float) -> npt.NDArray[np.float64]:
    """Area above threshold + offset over area above threshold - offset; (N, H, W) -> (N,), NaN where both are empty."""
    inner, outer = (areas(logits, threshold + way) for way in (offset, -offset))
    score = np.full(len(inner), np.nan)
    np.divide(inner, outer, out=score, where=outer > 0)
    return score


def areas(logits: Tensor, threshold: float) -> npt.NDArray[np.int64]:
    """Pixels above the threshold, (N, H, W) -> (N,)."""
    if logits.device.type == "cpu":
        return np.array([np.count_nonzero(above(plane, threshold)) for plane in logits], dtype=np.int64)
    counts: npt.NDArray[np.int64] = torch.count_nonzero(logits > threshold, dim=(-2, -1)).cpu().numpy()
    return counts


def above(logits: Tensor, threshold: float) -> npt.NDArray[np.bool_]:
    """Where float32 logits are above the threshold, on the host."""
    if logits.device.type == "cpu":  # NumPy compares seven times as fast here
        host: npt.NDArray[np.bool_] = logits.numpy() > np.float32(threshold)
        return host
    flags: npt.NDArray[np.bool_] = (logits > threshold).cpu().numpy()
    return flags


def mask_box(mask: npt.NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """First and last set pixel of a mask (H, W) in both directions, xyxy; zeros for an empty one."""
    x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
    return x, y, x + max(width - 1, 0), y + max(height - 1, 0)
