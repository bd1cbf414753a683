"""Bilinear enlargement along one axis after the other, on a CPU several times as fast as in one go.

Same sums in the same order as `F.interpolate(mode="bilinear", align_corners=False)`, so the difference is one unit in
the last place: along the rows first, in the few rows there are, then between rows, which are long and in one piece.
"""

import functools

import torch
from torch import Tensor

_ROWS = 64  # of the result at a time; they stay in the processor's cache


def serves(x: Tensor, size: tuple[int, int]) -> bool:
    """Whether `enlarged` can be used for x (B, C, h, w), and pays: a mask of a large picture."""
    height, width = size
    pays = height >= x.shape[-2] and width >= x.shape[-1] and height * width > 4 * x.shape[-2] * x.shape[-1]
    return pays and x.device.type == "cpu" and x.dtype == torch.float32 and not x.requires_grad


def enlarged(x: Tensor, size: tuple[int, int]) -> Tensor:
    """(B, C, h, w) float32 -> (B, C, height, width)."""
    height, width = size
    out = x.new_empty(*x.shape[:2], height, width)
    left, right, share = _steps(x.shape[-1], width)
    above, below, part = _steps(x.shape[-2], height)
    share, part = share[:, None], part[:, None]
    for plane, drawn in zip(x.flatten(0, 1), out.flatten(0, 1), strict=True):
        columns = plane.t().contiguous()  # (w, h), to take columns in one piece
        wide = _between(columns, left, right, share).t().contiguous()  # (h, width)
        for start in range(0, height, _ROWS):
            rows = slice(start, start + _ROWS)
            _between(wide, above[rows], below[rows], part[rows], out=drawn[rows])
    return out


def _between(rows: Tensor, first: Tensor, second: Tensor, share: Tensor, out: Tensor | None = None) -> Tensor:
    """first * (1 - share) + second * share, for rows (n, w) named by index."""
    some = torch.index_select(rows, 0, first) if out is None else torch.index_select(rows, 0, first, out=out)
    return some.mul_(1 - share).addcmul_(rows.index_select(0, second), share)


@functools.lru_cache(maxsize=32)
def _steps(length: int, new_length: int) -> tuple[Tensor, Tensor, Tensor]:
    """For each new place the two old ones it lies between, and how far it is from the first (0..1)."""
    with torch.inference_mode(False):
        scale = (torch.tensor(length, dtype=torch.float32) / new_length).double()  # a float32, as PyTorch takes it
        place = ((torch.arange(new_length, dtype=torch.float64) + 0.5) * scale - 0.5).float().clamp(min=0)
        first = place.long().clamp(max=length - 1)
        return first, (first + 1).clamp(max=length - 1), place - first
