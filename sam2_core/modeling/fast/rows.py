"""Layers on rows of tokens in blocks that stay in the processor's cache, in place where they can."""

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional as F

ROWS = 2048  # tokens at a time: 1024 and 2048 were equally fast, 4096 a tenth slower


def blocks(count: int, size: int = ROWS) -> Iterator[slice]:
    """Slices of at most `size` that cover 0..count."""
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))


class Scratch:
    """Memory for one intermediate result at a time, used again: pages fresh from the system cost more than the copy."""

    def __init__(self, like: Tensor) -> None:
        self._flat = like.new_empty(0)

    def take(self, *shape: int) -> Tensor:
        """A tensor of that shape with any content; what was taken before may be overwritten."""
        size = math.prod(shape)
        if size > len(self._flat):
            self._flat = self._flat.new_empty(size)
        return self._flat[:size].view(shape)


def normed(norm: nn.LayerNorm, rows: Tensor, ahead_of: nn.Linear | None = None) -> Tensor:
    """Layer norm of rows (N, C) in their precision; in that of the layer which it is `ahead_of`, if one is given."""
    out = F.layer_norm(rows, norm.normalized_shape, norm.weight, norm.bias, norm.eps)
    return out if ahead_of is None else out.to(ahead_of.weight.dtype)


def linear(x: Tensor, layer: nn.Linear, scratch: Scratch) -> Tensor:
    """A linear layer of x (N, C_in), in scratch memory: (N, C_out)."""
    return torch.addmm(layer.bias, x, layer.weight.t(), out=scratch.take(len(x), layer.out_features))


def add_linear(rows: Tensor, x: Tensor, layer: nn.Linear) -> None:
    """Add a linear layer of x (N, C_in) to rows (N, C_out), which stay in float32 where the layer is in half."""
    if x.dtype == rows.dtype:
        rows.add_(layer.bias).addmm_(x, layer.weight.t())
    else:
        rows.add_(F.linear(x, layer.weight, layer.bias))


def add_mlp(
    rows: Tensor, norm: nn.LayerNorm, first: nn.Linear, second: nn.Linear, scratch: Scratch, *, gelu: bool
) -> None:
    """Add second(activation(first(norm(rows)))) to rows (N, C), block by block."""
    for part in blocks(len(rows)):
        some = rows[part]
        inner = linear(normed(norm, some, first), first, scratch)
        activate_(inner, gelu=gelu)
        add_linear(some, inner, second)


def activate_(x: Tensor, *, gelu: bool) -> None:
    """GELU (exact) or ReLU in place."""
    if gelu:
        torch.ops.aten.gelu_(x)
    else:
        x.relu_()
