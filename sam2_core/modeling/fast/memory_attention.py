"""Memory attention that reads memories at their own width.

Values are 64 wide and projected to the width of the features before attention. Since the weights of a query sum to one,
softmax(S) (X Wv + bv) Wo + bo = (softmax(S) X) (Wv Wo) + (bv Wo + bo): the plain module's numbers for a good two thirds
of the work. PyTorch's attention on a CPU wants values as wide as keys, so the blocks of scores are walked through here.

Rotary positions turn channels in pairs (2i, 2i + 1). Both sides of a dot product may be reordered alike, so the rows of
the projections are: first channels of all pairs, then second ones, and a turn is four passes over whole halves.
"""

import math
from collections.abc import Iterator
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sam2_core.modeling.attention import RotaryAttention
from sam2_core.modeling.fast import rows
from sam2_core.modeling.memory_attention import POSITION_WEIGHT, MemoryAttention, MemoryAttentionLayer
from sam2_core.modeling.position_encoding import rotary_table

_KEYS, _QUERIES = 1024, 512  # of one block of scores, 2 MB; blocks of 8 MB took a tenth longer
_SAFE_SCORE = 86.0  # 2**86 and sums of it are far from the limits of float32


def serves(attention: MemoryAttention) -> bool:
    """Whether `attend` can stand in; it can for all published models."""
    layers = [cast(MemoryAttentionLayer, layer) for layer in attention.layers]
    return all(attn.num_heads == 1 for layer in layers for attn in (layer.self_attn, layer.cross_attn_image))


def attend(
    attention: MemoryAttention,
    current: Tensor,
    current_pos: Tensor,
    memory: Tensor,
    memory_pos: Tensor,
    num_ptr_tokens: int,
    *,
    grid: tuple[int, int],
) -> Tensor:
    """As `MemoryAttention`; current and current_pos may have a batch of 1 where they are the same for all objects."""
    weight = cast(MemoryAttentionLayer, attention.layers[0]).linear1.weight
    scratch, dtype = rows.Scratch(weight), weight.dtype
    x = (current + POSITION_WEIGHT * current_pos).transpose(0, 1).contiguous()  # (1 or B, HW, C) float32
    values = memory.transpose(0, 1).contiguous().to(dtype)  # (B, N, 64)
    keys = (memory + memory_pos).transpose(0, 1).contiguous().to(dtype)
    add = _add_cross if dtype == torch.float32 else _add_cross_in_half
    for module in attention.layers:
        layer = cast(MemoryAttentionLayer, module)
        for own in x:
            _add_self(layer.self_attn, own, rows.normed(layer.norm1, own, layer.self_attn.q_proj), grid)
        if len(x) < len(values):  # up to here there was nothing of the objects in it
            x = x.expand(len(values), -1, -1).contiguous()
        for own, own_keys, own_values in zip(x, keys, values, strict=True):
            queries = rows.normed(layer.norm2, own, layer.cross_attn_image.q_proj)
            add(layer.cross_attn_image, own, queries, own_keys, own_values, grid, num_ptr_tokens)
        rows.add_mlp(x.flatten(0, 1), layer.norm3, layer.linear1, layer.linear2, scratch, gelu=False)
    out: Tensor = attention.norm(x).transpose(0, 1)
    return out


class _Turned:
    """A projection of tokens that are then turned by their place; the first channels of all pairs come first."""

    def __init__(self, attn: RotaryAttention, layer: nn.Linear, grid: tuple[int, int], scale: float = 1.0) -> None:
        self._weight = _halves(layer.weight * scale).t()
        self._bias = _halves(layer.bias * scale)
        self._table = rotary_table(attn.head_dim, grid[1], grid[0], attn.theta, layer.weight.device)

    def __call__(self, x: Tensor, start: int | None) -> Tensor:
        """Tokens x (N, C_in), the first at place `start` of the grid, or without places: (N, C)."""
        projected = torch.addmm(self._bias, x, self._weight)
        if start is None:
            return projected
        cos, sin = (part[start : start + len(x)] for part in self._table)
        y = projected.float()
        out = torch.empty_like(y)
        (first, second), (a, b) = y.chunk(2, dim=-1), out.chunk(2, dim=-1)
        torch.mul(first, cos, out=a).addcmul_(second, sin, value=-1)
        torch.mul(second, cos, out=b).addcmul_(first, sin)
        return out.to(projected.dtype)


def _halves(x: Tensor) -> Tensor:
    """Rows 0, 2, 4 ... and then 1, 3, 5 ..."""
    return torch.cat([x[0::2], x[1::2]])


def _add_self(attn: RotaryAttention, x: Tensor, y: Tensor, grid: tuple[int, int]) -> None:
    """Add to x (HW, C) the attention of y among itself."""
    q, k = (_Turned(attn, layer, grid)(y, 0) for layer in (attn.q_proj, attn.k_proj))
    v = attn.v_proj(y)
    seen = F.scaled_dot_product_attention(q[None, None], k[None, None], v[None, None])
    rows.add_linear(x, seen[0, 0], attn.out_proj)


def _add_cross(
    attn: RotaryAttention,
    x: Tensor,
    queries: Tensor,
    keys: Tensor,
    values: Tensor,
    grid: tuple[int, int],
    unturned_keys: int,
) -> None:
    """Add to x (HW, C) the attention of queries (HW, C) to keys and values (N, 64): whole grids and unturned ones."""
    # powers of two take half as long as those of e
    q = _Turned(attn, attn.q_proj, grid, math.log2(math.e) * attn.head_dim**-0.5)(queries, 0)
    turned = _Turned(attn, attn.k_proj, grid)
    parts = _key_blocks(len(keys) - unturned_keys, unturned_keys, grid[0] * grid[1])
    seen = _seen(q, ((turned(keys[part], start), values[part]) for part, start in parts), values.shape[1])
    # made anew each time: two small products, and nothing that could outlive the weights
    merged = attn.out_proj.weight @ attn.v_proj.weight  # (C, 64)
    bias = F.linear(attn.v_proj.bias, attn.out_proj.weight, attn.out_proj.bias)
    x.add_(bias).addmm_(seen, merged.t())


def _add_cross_in_half(
    attn: RotaryAttention,
    x: Tensor,
    queries: Tensor,
    keys: Tensor,
    values: Tensor,
    grid: tuple[int, int],
    unturned_keys: int,
) -> None:
    """As `_add_cross`; in half precision torch's own kernel is as quick at full width, and sums in float32."""
    q, turned = _Turned(attn, attn.q_proj, grid)(queries, 0), _Turned(attn, attn.k_proj, grid)
    parts = _key_blocks(len(keys) - unturned_keys, unturned_keys, grid[0] * grid[1])
    k = torch.cat([turned(keys[part], start) for part, start in parts])
    v = attn.v_proj(values)
    seen = F.scaled_dot_product_attention(q[None, None], k[None, None], v[None, None])
    rows.add_linear(x, seen[0, 0], attn.out_proj)


def _key_blocks(turned: int, unturned: int, grid: int) -> Iterator[tuple[slice, int | None]]:
    """Slices of the keys, each with the place of its first one in its grid."""
    for start in range(0, turned, grid):
        for part in rows.blocks(grid, _KEYS):
            yield slice(start + part.start, start + part.stop), part.start
    for part in rows.blocks(unturned, _KEYS):
        yield slice(turned + part.start, turned + part.stop), None


def _seen(q: Tensor, blocks: Iterator[tuple[Tensor, Tensor]], width: int) -> Tensor:
    """Values averaged with weights 2**(q k^T), from queries (N, C) and blocks of keys (M, C) and values (M, width)."""
    longest = q.norm(dim=-1).max()
    scores = q.new_empty(min(_QUERIES, len(q)) * _KEYS)
    out, total = q.new_zeros(len(q), width), q.new_zeros(len(q), 1)
    top: Tensor | None = None  # largest score of each query so far, once powers could leave the range without it
    for number, (keys, values) in enumerate(blocks):
        if top is None and float(longest * keys.norm(dim=-1).max()) > _SAFE_SCORE:
            top = q.new_full((len(q), 1), 0.0 if number else -torch.inf)
        for part in rows.blocks(len(q), _QUERIES):
            some = q[part]
            block = scores[: len(some) * len(keys)].view(len(some), -1)
            torch.mm(some, keys.t(), out=block)
            if top is not None:
                higher = torch.maximum(top[part], block.amax(-1, keepdim=True))
                fade = (top[part] - higher).exp2_()
                top[part] = higher
                total[part] *= fade
                out[part] *= fade
                block -= higher
            block.exp2_()
            total[part] += block.sum(-1, keepdim=True)
            out[part].addmm_(block, values)
    return out.div_(total)
