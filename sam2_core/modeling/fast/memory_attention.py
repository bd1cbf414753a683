"""Memory attention that reads memories at their own width.

Values are 64 wide and projected to the width of the features before attention. Since the weights of a query sum to one,
softmax(S) (X Wv + bv) Wo + bo = (softmax(S) X) (Wv Wo) + (bv Wo + bo): the plain module's numbers for a good two thirds
of the work. PyTorch's attention on a CPU wants values as wide as keys, so the blocks of scores are walked through here.
"""

from typing import cast

import torch
from torch import Tensor
from torch.nn import functional as F

from sam2_core.modeling.attention import RotaryAttention
from sam2_core.modeling.fast import rows
from sam2_core.modeling.memory_attention import POSITION_WEIGHT, MemoryAttention, MemoryAttentionLayer
from sam2_core.modeling.position_encoding import rotary_table, rotate

_QUERIES, _KEYS = 512, 4096  # of one block of scores, 8 MB; other shapes gained less
_SAFE_SCORE = 60.0  # exp(60) and sums of it are far from the limits of float32


def serves(attention: MemoryAttention) -> bool:
    """Whether `attend` can stand in; it can for all published models."""
    layers = [cast(MemoryAttentionLayer, layer) for layer in attention.layers]
    return all(layer.cross_attn_image.num_heads == 1 for layer in layers)


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
    x = (current + POSITION_WEIGHT * current_pos).transpose(0, 1).contiguous()  # (1 or B, HW, C)
    values = memory.transpose(0, 1).contiguous()  # (B, N, 64)
    keys = (memory + memory_pos).transpose(0, 1)
    scratch = rows.Scratch(x)
    for module in attention.layers:
        layer = cast(MemoryAttentionLayer, module)
        y = layer.norm1(x)
        x = x + layer.self_attn.turned(y, y, y, grid=grid, unturned_keys=0)
        if len(x) < len(values):  # up to here there was nothing of the objects in it
            x = x.expand(len(values), -1, -1).contiguous()
        for own, own_keys, own_values in zip(x, keys, values, strict=True):
            _add_cross(
                layer.cross_attn_image, own, rows.normed(layer.norm2, own), own_keys, own_values, grid, num_ptr_tokens
            )
        rows.add_mlp(x.flatten(0, 1), layer.norm3, layer.linear1, layer.linear2, scratch, gelu=False)
    out: Tensor = attention.norm(x).transpose(0, 1)
    return out


def _add_cross(
    attn: RotaryAttention,
    x: Tensor,
    queries: Tensor,
    keys: Tensor,
    values: Tensor,
    grid: tuple[int, int],
    unturned_keys: int,
) -> None:
    """Add to x (HW, C) its attention to keys and values (N, 64)."""
    cos, sin = rotary_table(attn.head_dim, grid[1], grid[0], attn.theta, x.device)
    q = rotate(attn.q_proj(queries), cos, sin) * attn.head_dim**-0.5
    k = attn.k_proj(keys)
    turned = len(k) - unturned_keys
    k[:turned] = rotate(k[:turned], cos, sin)
    seen = _seen(q, k, values)
    # made anew each time: two small products, and nothing that could outlive the weights
    merged = attn.out_proj.weight @ attn.v_proj.weight  # (C, 64)
    bias = F.linear(attn.v_proj.bias, attn.out_proj.weight, attn.out_proj.bias)
    x.add_(bias).addmm_(seen, merged.t())


def _seen(q: Tensor, k: Tensor, values: Tensor) -> Tensor:
    """softmax(q k^T) values for scaled queries (N, C), keys (M, C) and values (M, V)."""
    out = values.new_empty(len(q), values.shape[1])
    scores = q.new_empty(min(_QUERIES, len(q)) * min(_KEYS, len(k)))
    safe = float(q.norm(dim=-1).max() * k.norm(dim=-1).max()) <= _SAFE_SCORE
    for part in rows.blocks(len(q), _QUERIES):
        some = q[part]
        total = some.new_zeros(len(some), 1)
        top = some.new_full((len(some), 1), -torch.inf)
        acc = out[part].zero_()
        for at in rows.blocks(len(k), _KEYS):
            block = scores[: len(some) * (at.stop - at.start)].view(len(some), -1)
            torch.mm(some, k[at].t(), out=block)
            if not safe:  # keep exponentials in range by the largest score so far
                higher = torch.maximum(top, block.amax(-1, keepdim=True))
                fade = (top - higher).exp_()
                top = higher
                total *= fade
                acc *= fade
                block -= top
            block.exp_()
            total += block.sum(-1, keepdim=True)
            acc.addmm_(block, values[at])
        acc /= total
    return out
