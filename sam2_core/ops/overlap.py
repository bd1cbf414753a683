"""Objects that must not share pixels."""

import torch
from torch import Tensor

_SUPPRESSED = -10.0


def keep_apart(logits: Tensor) -> Tensor:
    """Logits (N, 1, H, W) of N objects; where several compete only the largest keeps its value, others get <= -10.

    On ties the first object wins; a single object is left as it is.
    """
    if len(logits) == 1:
        return logits
    winner = logits.argmax(dim=0, keepdim=True)  # (1, 1, H, W)
    mine = winner == torch.arange(len(logits), device=logits.device)[:, None, None, None]
    return torch.where(mine, logits, logits.clamp(max=_SUPPRESSED))
