"""Small connected components of masks, by OpenCV: the same result on every device."""

import cv2
import numpy as np
import torch
from torch import Tensor


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


def remove_islands(logits: Tensor, max_area: float, *, threshold: float = 0.0, margin: float = 0.1) -> Tensor:
    """Logits (B, 1, H, W) with small components of the foreground (> threshold) lowered to threshold - margin."""
    if max_area <= 0:
        return logits
    return torch.where(small_components(logits > threshold, max_area), threshold - margin, logits)
