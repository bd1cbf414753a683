"""Masks of objects as a person or another program hands them over to be refined: roughly right."""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

_MOST_CELLS = 3  # by which an edge is off
_MOST_SHIFT = 0.06  # of the grid's side


def damaged(masks: Tensor, generator: torch.Generator) -> Tensor:
    """Masks (N, h, w) bool, each grown, shrunk, moved or without a part of it; one that would vanish stays as it is."""
    kinds = torch.stack(
        [_grown(masks, generator), ~_grown(~masks, generator), _moved(masks, generator), _cut(masks, generator)]
    )
    choice = torch.randint(len(kinds), (len(masks),), generator=generator, device=masks.device)
    chosen = kinds[choice, torch.arange(len(masks), device=masks.device)]
    return torch.where(chosen.flatten(1).any(1)[:, None, None], chosen, masks)


def _grown(masks: Tensor, generator: torch.Generator) -> Tensor:
    cells = 1 + int(torch.randint(_MOST_CELLS, (), generator=generator, device=masks.device))
    return F.max_pool2d(masks.float()[:, None], 2 * cells + 1, stride=1, padding=cells)[:, 0] > 0


def _moved(masks: Tensor, generator: torch.Generator) -> Tensor:
    most = max(1, round(_MOST_SHIFT * masks.shape[-1]))
    far = 1 + torch.randint(most, (2,), generator=generator, device=masks.device)
    sign = 2 * torch.randint(2, (2,), generator=generator, device=masks.device) - 1
    down, right = (far * sign).tolist()
    padded = F.pad(masks, (most, most, most, most))
    top, left = most - down, most - right
    return padded[:, top : top + masks.shape[1], left : left + masks.shape[2]]


def _cut(masks: Tensor, generator: torch.Generator) -> Tensor:
    """What lies on one side of a line through a random place of each mask."""
    count, height, width = masks.shape
    noise = torch.rand(masks.shape, generator=generator, device=masks.device)
    place = (masks * (1 + noise)).flatten(1).argmax(1)
    py, px = torch.div(place, width, rounding_mode="floor"), place % width
    angle = 2 * math.pi * torch.rand(count, generator=generator, device=masks.device)
    y = torch.arange(height, device=masks.device)[None, :, None] - py[:, None, None]
    x = torch.arange(width, device=masks.device)[None, None, :] - px[:, None, None]
    side = x * angle.cos()[:, None, None] + y * angle.sin()[:, None, None]
    return masks & (side >= 0)
