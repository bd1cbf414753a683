"""The memory encoder with the channels innermost: channel norms are layer norms then, and its linear layers run in
blocks."""

from typing import cast

import torch
from torch import Tensor
from torch.nn import functional as F

from sam2_core.modeling.fast import rows
from sam2_core.modeling.layers import LayerNorm2d
from sam2_core.modeling.memory_encoder import ConvNeXtBlock, MemoryEncoder

_MANY_CHANNELS = 16  # with fewer, a norm over the innermost axis is slower than one over planes


def encode(encoder: MemoryEncoder, features: Tensor, masks: Tensor) -> Tensor:
    """As `MemoryEncoder`, one object after the other."""
    pixels = encoder.pix_feat_proj(_channels_last(features))
    maps = [_one(encoder, pixels[i % len(pixels)][None], mask) for i, mask in enumerate(torch.split(masks, 1))]
    return torch.cat(maps) if len(maps) > 1 else maps[0]


def _one(encoder: MemoryEncoder, pixels: Tensor, mask: Tensor) -> Tensor:
    x = mask
    for layer in encoder.mask_downsampler.encoder:
        if isinstance(layer, LayerNorm2d) and len(layer.weight) >= _MANY_CHANNELS:
            x = _normed(layer, _channels_last(x))
        else:
            x = layer(x)
    x = pixels + x
    for block in encoder.fuser.layers:
        x = _fused(cast(ConvNeXtBlock, block), x)
    out: Tensor = encoder.out_proj(x)
    return out


def _fused(block: ConvNeXtBlock, x: Tensor) -> Tensor:
    y = _rows(_normed(block.norm, block.dwconv(x)))
    out = _rows(x)
    # the scale of the branch is that of the rows of its last layer
    weight, bias = (block.gamma[:, None] * block.pwconv2.weight).t(), block.gamma * block.pwconv2.bias
    scratch = rows.Scratch(y)
    for part in rows.blocks(len(y)):
        inner = rows.linear(y[part], block.pwconv1, scratch)
        rows.activate_(inner, gelu=True)
        out[part].add_(bias).addmm_(inner, weight)
    return out.view(1, *x.shape[2:], -1).permute(0, 3, 1, 2)


def _normed(norm: LayerNorm2d, x: Tensor) -> Tensor:
    inner = x.permute(0, 2, 3, 1)
    return F.layer_norm(inner, (inner.shape[-1],), norm.weight, norm.bias, norm.eps).permute(0, 3, 1, 2)


def _rows(x: Tensor) -> Tensor:
    """(1, C, h, w) with the channels innermost -> (HW, C)."""
    return x.permute(0, 2, 3, 1).reshape(-1, x.shape[1])


def _channels_last(x: Tensor) -> Tensor:
    return x.contiguous(memory_format=torch.channels_last)
