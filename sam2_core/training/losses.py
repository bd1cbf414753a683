"""Losses of masks, predicted IoUs and object scores: SAM 2 paper (arXiv 2408.00714), appendix on training.

Per object the best of its candidate masks is trained (5 x focal + dice), the predicted IoU of all of them, and the
object score; masks of absent objects are not.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

_GAMMA = 2.0
PARTS = ("focal", "dice", "iou", "presence")


@dataclass(frozen=True, slots=True)
class LossWeights:
    """Weight of each part in the whole."""

    focal: float = 5.0
    dice: float = 1.0
    iou: float = 4.0
    presence: float = 1.0


def object_losses(
    logits: Tensor, ious: Tensor, scores: Tensor, target: Tensor, weights: LossWeights
) -> dict[str, Tensor]:
    """Means over N objects of each part, and their weighted sum as "loss".

    logits (N, K, h, w) of K candidates, ious (N, K) predicted, scores (N, 1) logits of presence, target (N, h, w) bool.
    """
    logits, ious, scores = logits.float(), ious.float(), scores.float()[:, 0]
    true = target.to(logits.dtype)[:, None].expand_as(logits)
    focal, dice = focal_loss(logits, true), dice_loss(logits, true)  # (N, K)
    best = (weights.focal * focal + weights.dice * dice).argmin(1, keepdim=True)
    present = target.flatten(1).any(1).float()
    count = present.sum().clamp(min=1)
    error = (ious - true_ious(logits, true)).square().mean(1)
    parts = {
        "focal": (focal.gather(1, best)[:, 0] * present).sum() / count,
        "dice": (dice.gather(1, best)[:, 0] * present).sum() / count,
        "iou": (error * present).sum() / count,
        "presence": F.binary_cross_entropy_with_logits(scores, present),
    }
    total = torch.stack([getattr(weights, name) * parts[name] for name in PARTS]).sum()
    return {"loss": total, **parts}


def focal_loss(logits: Tensor, true: Tensor) -> Tensor:
    """Mean over the pixels of (N, K, h, w): cross-entropy that counts hard pixels more, inside and outside alike."""
    entropy = F.binary_cross_entropy_with_logits(logits, true, reduction="none")
    chance = logits.sigmoid()
    missing = chance * (1 - true) + (1 - chance) * true
    return (missing**_GAMMA * entropy).flatten(2).mean(-1)


def dice_loss(logits: Tensor, true: Tensor) -> Tensor:
    """One minus the overlap of soft masks, (N, K)."""
    chance, true = logits.sigmoid().flatten(2), true.flatten(2)
    return 1 - (2 * (chance * true).sum(-1) + 1) / (chance.sum(-1) + true.sum(-1) + 1)


@torch.no_grad()
def true_ious(logits: Tensor, true: Tensor) -> Tensor:
    """IoU of each candidate with the target, (N, K); 1 where both are empty."""
    found, wanted = logits.flatten(2) > 0, true.flatten(2) > 0.5
    union = (found | wanted).sum(-1)
    return torch.where(union > 0, (found & wanted).sum(-1) / union.clamp(min=1), 1.0)
