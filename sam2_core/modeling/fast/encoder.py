"""The image encoder with its tokens kept in window order, block by block.

What differs from the plain modules, none of it in the result: no window is cut, padded or joined; windows that reach
beyond the grid attend to their real tokens and to one token that stands for all padded ones; pooling is a maximum over
slabs; the convolutions of the two fine levels are composed with those of the mask decoder that read them, since nothing
else does.
"""

import itertools
import math
from dataclasses import dataclass
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sam2_core.modeling.fast import rows
from sam2_core.modeling.fast.windows import Layout, Windows, window_layout
from sam2_core.modeling.fpn_neck import FpnNeck
from sam2_core.modeling.hiera import Hiera, MultiScaleAttention, MultiScaleBlock


@dataclass(frozen=True, slots=True)
class _Level:
    """Last tokens of a stage (N, C) and their order."""

    tokens: Tensor
    layout: Layout


@dataclass(frozen=True, slots=True)
class _Run:
    """Consecutive blocks that share an order: windows of `window` before the first pooling."""

    blocks: tuple[MultiScaleBlock, ...]
    window: int

    @property
    def poolings(self) -> int:
        return sum(block.pool for block in self.blocks)


def serves(trunk: Hiera, neck: FpnNeck) -> bool:
    """Whether `encode` can stand in for this trunk and neck; it can for all published sizes."""
    fine_levels_are_lateral = not {0, 1} & set(neck.top_down_levels) and len(neck.convs) == 4 and neck.scalp == 1
    return fine_levels_are_lateral and _runs(trunk) is not None


def encode(
    trunk: Hiera, neck: FpnNeck, conv_s0: nn.Conv2d, conv_s1: nn.Conv2d, images: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Images (B, 3, S, S) -> conv_s0 and conv_s1 of the two fine levels and the level of stride 16, as (B, C, h, w)
    with the channels innermost in memory."""
    maps = [_one(trunk, neck, conv_s0, conv_s1, image) for image in torch.split(images, 1)]
    if len(maps) == 1:
        return maps[0]
    s0, s1, embedding = (torch.cat(same) for same in zip(*maps, strict=True))
    return s0, s1, embedding


def _one(
    trunk: Hiera, neck: FpnNeck, conv_s0: nn.Conv2d, conv_s1: nn.Conv2d, image: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    fine, middle, coarse, coarsest = _levels(trunk, image)
    laterals = [lateral.get_submodule("conv") for lateral in reversed(neck.convs)]  # from fine to coarse
    convs = [cast(nn.Conv2d, conv) for conv in laterals]
    s0 = _as_map(fine, F.linear(fine.tokens, *_composed(conv_s0, convs[0])))
    s1 = _as_map(middle, F.linear(middle.tokens, *_composed(conv_s1, convs[1])))
    embedding = _as_map(coarse, F.linear(coarse.tokens, convs[2].weight.flatten(1), convs[2].bias))
    if 2 in neck.top_down_levels:
        top = _as_map(coarsest, F.linear(coarsest.tokens, convs[3].weight.flatten(1), convs[3].bias))
        channels, height, width = top.shape[1:]
        cells = embedding.permute(0, 2, 3, 1).view(height, 2, width, 2, channels)
        cells += top.permute(0, 2, 3, 1).view(height, 1, width, 1, channels)
    return s0, s1, embedding


def _as_map(level: _Level, tokens: Tensor) -> Tensor:
    """Tokens (N, C) in the order of `level` -> (1, C, h, w), channels innermost."""
    layout = level.layout
    return layout.row_major(tokens).view(1, layout.height, layout.width, -1).permute(0, 3, 1, 2)


def _composed(outer: nn.Conv2d, inner: nn.Conv2d) -> tuple[Tensor, Tensor]:
    """Weight (C_out, C_in) and bias of two 1 x 1 convolutions in a row. Made anew for every image, which takes a
    thousandth of its time, so that it cannot outlive the weights."""
    weight = outer.weight.flatten(1).double()
    bias = weight @ _bias(inner).double() + _bias(outer).double()
    return (weight @ inner.weight.flatten(1).double()).float(), bias.float()


def _bias(conv: nn.Conv2d) -> Tensor:
    assert conv.bias is not None
    return conv.bias


def _levels(trunk: Hiera, image: Tensor) -> list[_Level]:
    """The last tokens of each stage of one image (1, 3, S, S)."""
    runs = _runs(trunk)
    assert runs is not None, "the trunk is not one this module serves"
    grid = trunk.patch_embed(image.contiguous(memory_format=torch.channels_last))  # (1, h, w, C)
    height, width = grid.shape[1:3]
    x = grid.add_(trunk.position(height, width)).reshape(height * width, -1)
    levels: list[_Level] = []
    layout: Layout | None = None
    number = itertools.count()
    scratch = rows.Scratch(cast(MultiScaleBlock, trunk.blocks[0]).attn.qkv.weight)
    for run in runs:
        halvings, window = run.poolings, run.window
        if layout is not None:
            x = layout.row_major(x)
        layout = window_layout(height, width, window, halvings)
        x = layout.arranged(x)
        for block in run.blocks:
            trunk.before_block()
            if block.window_size == 0:
                _global_block(block, x, scratch)
            elif block.pool:
                x = _pooling_block(block, x, layout, scratch)
                height, width, window, halvings = height // 2, width // 2, window // 2, halvings - 1
                layout = window_layout(height, width, window, halvings)
            else:
                _window_block(block, x, layout, scratch)
            if next(number) in trunk.stage_ends:
                # the tokens are written in place from here on, unless the next block makes new ones by pooling
                levels.append(_Level(x, layout))
    return levels


def _runs(trunk: Hiera) -> list[_Run] | None:
    """The blocks cut where the window changes otherwise than by pooling; None where an order does not serve.

    It does not where a stage ends without pooling, a global block comes first or pools, or a window is odd and pools.
    """
    runs: list[_Run] = []
    window = 0
    blocks = [cast(MultiScaleBlock, block) for block in trunk.blocks]
    for i, block in enumerate(blocks):
        size = block.window_size
        if (size == 0 and (i == 0 or block.pool)) or (block.pool and size % 2):
            return None
        if i in trunk.stage_ends and i + 1 < len(blocks) and not blocks[i + 1].pool:
            return None
        if size and size != window:
            runs.append(_Run((), size))
            window = size
        runs[-1] = _Run((*runs[-1].blocks, block), runs[-1].window)
        if block.pool:
            window //= 2
    return runs


def _window_block(block: MultiScaleBlock, x: Tensor, layout: Layout, scratch: rows.Scratch) -> None:
    """A block of windowed attention and MLP, written over x (N, C)."""
    for part, windows in _parts(layout):
        some = x[part]
        y = rows.normed(block.norm1, some, block.attn.qkv)
        rows.add_linear(some, _attended(block.attn, y, windows, scratch), block.attn.proj)
        _add_mlp(block, some, scratch)


def _pooling_block(block: MultiScaleBlock, x: Tensor, layout: Layout, scratch: rows.Scratch) -> Tensor:
    """A block that pools the queries and widens: (N, C) -> (N / 4, C_out)."""
    out = x.new_empty(len(x) // 4, block.attn.proj.out_features)
    for part, windows in _parts(layout):
        y = rows.normed(block.norm1, x[part], block.attn.qkv)
        some = out[part.start // 4 : part.stop // 4]
        wide = rows.linear(y, block.proj, scratch).view(windows.count, 4, windows.tokens // 4, -1)
        _pooled(wide, out=some.view(windows.count, windows.tokens // 4, -1))
        rows.add_linear(some, _attended(block.attn, y, windows, scratch), block.attn.proj)
        _add_mlp(block, some, scratch)
    return out


def _global_block(block: MultiScaleBlock, x: Tensor, scratch: rows.Scratch) -> None:
    """A block whose attention sees the whole grid, written over x (N, C)."""
    attn = block.attn
    qkv = scratch.take(len(x), attn.qkv.out_features)
    for part in rows.blocks(len(x)):
        y = rows.normed(block.norm1, x[part], attn.qkv)
        torch.addmm(attn.qkv.bias, y, attn.qkv.weight.t(), out=qkv[part])
    q, k, v = qkv.view(1, len(x), 3, attn.num_heads, -1).transpose(1, 3).unbind(2)  # (1, heads, N, d)
    y = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(len(x), -1)
    rows.add_linear(x, y, attn.proj)
    _add_mlp(block, x, scratch)


def _add_mlp(block: MultiScaleBlock, x: Tensor, scratch: rows.Scratch) -> None:
    first, second = block.mlp.layers
    rows.add_mlp(x, block.norm2, cast(nn.Linear, first), cast(nn.Linear, second), scratch, gelu=True)


def _parts(layout: Layout) -> list[tuple[slice, Windows]]:
    """The windows in parts of about `rows.ROWS` tokens."""
    parts = []
    for group in layout.groups:
        for some in rows.blocks(group.count, max(1, rows.ROWS // group.tokens)):
            start, stop = (group.start + i * group.tokens for i in (some.start, some.stop))
            parts.append((slice(start, stop), Windows(start, some.stop - some.start, group.tokens, group.padding)))
    return parts


def _attended(attn: MultiScaleAttention, y: Tensor, windows: Windows, scratch: rows.Scratch) -> Tensor:
    """Attention inside windows of normed tokens (N, C), before its last projection: (N or N / 4, C_out)."""
    qkv = rows.linear(y, attn.qkv, scratch).view(windows.count, windows.tokens, 3, attn.num_heads, -1)
    q, k, v = qkv.unbind(2)  # (windows, tokens, heads, d)
    if attn.pool:
        q = _pooled(q.view(windows.count, 4, windows.tokens // 4, attn.num_heads, -1))
    mask = None
    if windows.padding:
        # A padded token is zero before the linear layer, so its key and value are the biases. One such token whose
        # score is raised by log(n) weighs in the softmax as n of them do.
        bias = attn.qkv.bias.view(3, 1, 1, attn.num_heads, -1).expand(-1, windows.count, -1, -1, -1)
        k, v = torch.cat([k, bias[1]], dim=1), torch.cat([v, bias[2]], dim=1)
        mask = torch.zeros(q.shape[1], windows.tokens + 1)  # float32 also beside half precision
        mask[:, -1] = math.log(windows.padding)
    q, k, v = (part.transpose(1, 2) for part in (q, k, v))
    out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return out.transpose(1, 2).reshape(-1, attn.proj.in_features)


def _pooled(slabs: Tensor, out: Tensor | None = None) -> Tensor:
    """Maximum over the four slabs of (windows, 4, ...)."""
    a, b, c, d = slabs.unbind(1)
    return torch.maximum(torch.maximum(a, b), torch.maximum(c, d), out=out)
