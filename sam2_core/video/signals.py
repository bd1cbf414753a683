"""Numbers of a decoded frame: what a policy decides by and a reviewer sorts by."""

from itertools import combinations
from math import isqrt

import torch
from torch import Tensor

from sam2_core.video.policy import Box, FrameRecord


def numbers(candidates: Tensor, ious: Tensor, best: Tensor, scores: Tensor) -> Tensor:
    """A row of numbers per object of a batch, float32 (B, (K + 1)**2 + 7), on the device.

    candidates (B, K, s, s) logits, ious (B, K), best (B,): the chosen one, scores (B, 1).
    """
    over = (candidates > 0).flatten(2).float()  # (B, K, N)
    cells = over.shape[2]
    shared = over @ over.transpose(1, 2)  # (B, K, K) cells in both
    own = torch.diagonal(shared, dim1=1, dim2=2)
    union = own[:, :, None] + own[:, None] - shared
    overlaps = torch.where(union > 0, shared / union.clamp(min=1), 1.0)
    rows = torch.arange(len(best), device=best.device)
    chosen = candidates[rows, best]  # (B, s, s)
    firm, soft = ((chosen > limit).sum((1, 2)) for limit in (1, -1))
    parts = [
        ious[rows, best][:, None],
        scores,
        (own[rows, best] / cells)[:, None],
        (firm / soft.clamp(min=1))[:, None],
        _boxes(chosen > 0),
        ious,
        own / cells,
        overlaps.flatten(1),
    ]
    return torch.cat([part.float() for part in parts], dim=1)


def records(frame: int, candidates: Tensor, ious: Tensor, best: Tensor, scores: Tensor) -> list[FrameRecord]:
    """One record per object of a batch, as in `numbers`; the host waits for them."""
    return [record(frame, row) for row in numbers(candidates, ious, best, scores).tolist()]


def record(frame: int, row: list[float]) -> FrameRecord:
    """The record that a row of `numbers` gives."""
    count = isqrt(len(row) - 7) - 1
    iou, score, area, stability, x0, y0, x1, y1, *rest = row
    box: Box | None = (x0, y0, x1, y1) if area > 0 else None
    ious, areas, overlaps = rest[:count], rest[count : 2 * count], rest[2 * count :]
    pairs = tuple(overlaps[i * count + j] for i, j in combinations(range(count), 2))
    return FrameRecord(frame, iou, score, area, box, stability, tuple(ious), tuple(areas), pairs)


def _boxes(masks: Tensor) -> Tensor:
    """(B, 4): x0, y0, x1, y1 of masks (B, h, w) in 0..1."""
    ends = []
    for side in (1, 2):  # columns, then rows
        hit = masks.any(dim=side).float()  # (B, n)
        ends.append((hit.argmax(1) / hit.shape[1], 1 - hit.flip(1).argmax(1) / hit.shape[1]))
    (x0, x1), (y0, y1) = ends
    return torch.stack([x0, y0, x1, y1], dim=1)
