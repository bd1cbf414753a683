"""Small connected components of masks, by OpenCV: the same result on every device."""

import cv2
import numpy as np
import torch
from torch import Tensor

_CLEAN_MARGIN = 10.0


def small_components(mask: Tensor, max_area: float) -> Tensor:
    """Pixels of the 8-connected components of at most `max_area` pixels; bool (B, 1, H, W) -> bool (B, 1, H, W)."""
    planes = mask[:, 0].cpu().numpy().astype(np.uint8)
    small = np.zeros(planes.shape, dtype=bool)
    for plane, out in zip(planes, small, strict=True):
        _, labels, stats, _ = cv2.connectedComponentsWithStats(plane, connectivity=8)
        wanted = stats[:, cv2.CC_STAT_AREA] <= max_area
        wanted[0] = False  # label 0 is what is not set in the mask
        out[:] = wanted[labels]
    return torch.from_numpy(small)[:, None].to(mask.device)


def fill_holes(logits: Tensor, max_area: float, *, threshold: float = 0.0, margin: float = 0.1) -> Tensor:
    """Logits (B, 1, H, W) with small components of the background (<= threshold) raised to threshold + margin."""
    if max_area <= 0:
        return logits
    return torch.where(small_components(logits <= threshold, max_area), threshold + margin, logits)


def clean_up(logits: Tensor, *, max_hole_area: float, max_island_area: float, threshold: float) -> Tensor:
    """Logits (B, C, H, W) with small holes raised to threshold + 10 and small islands lowered to threshold - 10.

    Both are found in the logits as given; areas are in their pixels, 0 switches a step off.
    """
    planes = logits.flatten(0, 1)[:, None]  # (B * C, 1, H, W)
    cleaned = fill_holes(planes, max_hole_area, threshold=threshold, margin=_CLEAN_MARGIN)
    if max_island_area > 0:
        islands = small_components(planes > threshold, max_island_area)
        cleaned = torch.where(islands, threshold - _CLEAN_MARGIN, cleaned)
    return cleaned.reshape(logits.shape)
