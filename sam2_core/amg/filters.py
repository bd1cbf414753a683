"""What the automatic mask generator asks of a mask. SAM 1 paper (arXiv 2304.02643), appendix B, filtering."""

import torch
from torch import Tensor


def stability_score(logits: Tensor, threshold: float, offset: float) -> Tensor:
    """Area above threshold + offset over area above threshold - offset; (N, H, W) -> (N,), NaN where both are empty."""
    inner = (logits > threshold + offset).sum((-1, -2))
    outer = (logits > threshold - offset).sum((-1, -2))
    return inner / outer


def mask_boxes(masks: Tensor) -> Tensor:
    """Boxes of bool masks (N, H, W): first and last set pixel, (N, 4) xyxy; zeros for an empty mask."""
    rows, columns = masks.any(-1), masks.any(-2)  # (N, H), (N, W)
    x0, x1 = _ends(columns)
    y0, y1 = _ends(rows)
    return torch.stack([x0, y0, x1, y1], dim=-1) * rows.any(-1, keepdim=True)


def _ends(flags: Tensor) -> tuple[Tensor, Tensor]:
    """Index of the first and the last set flag per row, (N, L) -> (N,), (N,)."""
    counts = flags.int()
    return counts.argmax(-1), flags.shape[-1] - 1 - counts.flip(-1).argmax(-1)
