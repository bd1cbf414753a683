"""The mask decoder with its image side kept token by token.

Few tokens meet thousands of image tokens, so projections of the image are absorbed into the tokens' side:
scores are (q Wk) image^T and outputs (P image) Wv, and the image itself is never projected. A transposed convolution of
kernel 2 and stride 2 is a linear layer whose outputs are four pixels; only finished masks are put in row-major order.
"""

import math
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sam2_core.modeling.attention import Attention
from sam2_core.modeling.fast import rows
from sam2_core.modeling.layers import LayerNorm2d
from sam2_core.modeling.mask_decoder import DecoderOutput, MaskDecoder
from sam2_core.modeling.two_way_transformer import TwoWayAttentionBlock, TwoWayTransformer

_PROMPTS = 8  # decoded together; each holds the image's tokens once, 4 MB at 1024 pixels
_ROWS = 1024  # image tokens at a time
_FEW_TOKENS = 16  # absorbing costs less than projecting the image below this many tokens of a prompt


def decode_all(
    decoder: MaskDecoder,
    embedding: Tensor,
    image_pe: Tensor,
    sparse: Tensor,
    dense: Tensor,
    high_res: tuple[Tensor, Tensor],
) -> DecoderOutput:
    """As `MaskDecoder.decode_all`."""
    parts = []
    for part in rows.blocks(len(sparse), _PROMPTS):
        own = [x[part] if len(x) > 1 else x for x in (embedding, dense, *high_res)]
        parts.append(_some(decoder, own[0], image_pe, sparse[part], own[1], (own[2], own[3])))
    if len(parts) == 1:
        return parts[0]
    return DecoderOutput(
        torch.cat([p.masks for p in parts]),
        torch.cat([p.ious for p in parts]),
        torch.cat([p.tokens for p in parts]),
        torch.cat([p.object_score_logits for p in parts]),
    )


def _some(
    decoder: MaskDecoder,
    embedding: Tensor,
    image_pe: Tensor,
    sparse: Tensor,
    dense: Tensor,
    high_res: tuple[Tensor, Tensor],
) -> DecoderOutput:
    height, width = embedding.shape[-2:]
    image = _channels_last(embedding) + _channels_last(dense)  # (1 or B, h, w, C)
    image = image.reshape(len(image), height * width, -1)
    place = _channels_last(image_pe).reshape(height * width, -1)
    tokens = decoder.with_own_tokens(sparse)
    if tokens.shape[1] < _FEW_TOKENS:
        hs, image = _transformed(decoder.transformer, image, place, tokens)
    else:
        whole = image.transpose(1, 2).view(len(image), -1, height, width).expand(len(tokens), -1, -1, -1)
        hs, image = decoder.transformer(whole, image_pe, tokens)
    masks = decoder.hyper_weights(hs)  # (B, K, C / 8)
    out = image.new_empty(*masks.shape[:2], 4 * height, 4 * width)
    for i, weights in enumerate(masks):
        s0, s1 = (_channels_last(level)[i % len(level)] for level in high_res)
        _draw(decoder, image[i].view(height, width, -1), s0, s1, weights, out[i])
    return decoder.scored(out, hs)


def _channels_last(x: Tensor) -> Tensor:
    return x.permute(0, 2, 3, 1)


def _transformed(transformer: TwoWayTransformer, image: Tensor, place: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor]:
    """image (1 or B, HW, C), its positions (HW, C) and tokens (B, N, C) -> tokens and image (B, HW, C)."""
    token_pos = tokens
    scratch = rows.Scratch(image)
    for layer in transformer.layers:
        placed = _placed(image, place, scratch)
        tokens, image = _layer(cast(TwoWayAttentionBlock, layer), tokens, image, token_pos, placed)
    placed = _placed(image, place, scratch)
    update = _to_image(transformer.final_attn_token_to_image, tokens + token_pos, image, placed)
    return transformer.norm_final_attn(tokens + update), image


def _placed(image: Tensor, place: Tensor, scratch: rows.Scratch) -> Tensor:
    return torch.add(image, place, out=scratch.take(*image.shape))


def _layer(
    layer: TwoWayAttentionBlock, tokens: Tensor, image: Tensor, token_pos: Tensor, placed: Tensor
) -> tuple[Tensor, Tensor]:
    tokens = layer.among_tokens(tokens, token_pos)
    tokens = tokens + _to_image(layer.cross_attn_token_to_image, tokens + token_pos, image, placed)
    tokens = layer.through_mlp(tokens)
    return tokens, _to_tokens(layer.cross_attn_image_to_token, layer.norm4, image, placed, tokens + token_pos, tokens)


def _to_image(attn: Attention, queries: Tensor, image: Tensor, placed: Tensor) -> Tensor:
    """Attention of tokens (B, N, C) to the image (1 or B, HW, C), keys with positions: (B, N, C).

    The bias of the keys adds the same to all scores of a query and falls out of the softmax; that of the values is
    added once, since the weights of a query sum to one.
    """
    scale = 1 / math.sqrt(attn.head_dim)
    absorbed = _absorbed(attn.heads(attn.q_proj(queries)) * scale, attn.k_proj.weight)  # (B, heads * N, C)
    seen = torch.empty_like(absorbed)
    for i, wanted in enumerate(absorbed):
        weights = (wanted @ placed[i % len(placed)].t()).softmax(-1)  # (heads * N, HW)
        torch.mm(weights, image[i % len(image)], out=seen[i])
    per_head = seen.view(len(seen), attn.num_heads, -1, seen.shape[-1])  # (B, heads, N, C)
    values = per_head @ attn.v_proj.weight.view(attn.num_heads, attn.head_dim, -1).transpose(1, 2)  # (B, heads, N, d)
    out: Tensor = attn.out_proj(values.transpose(1, 2).flatten(2) + attn.v_proj.bias)
    return out


def _to_tokens(
    attn: Attention, norm: nn.LayerNorm, image: Tensor, placed: Tensor, keys: Tensor, values: Tensor
) -> Tensor:
    """norm(image + attention of the image to tokens (B, N, C)): (B, HW, C)."""
    heads, scale = attn.num_heads, 1 / math.sqrt(attn.head_dim)
    k, v = attn.heads(attn.k_proj(keys)) * scale, attn.heads(attn.v_proj(values))  # (B, heads, N, d)
    absorbed = _absorbed(k, attn.q_proj.weight)  # (B, heads * N, C)
    offsets = (k @ attn.q_proj.bias.view(heads, -1, 1)).flatten(1)  # (B, heads * N)
    # a token's share of the output; the bias, since weights sum to one in each head, in equal shares of the heads
    shares = v @ attn.out_proj.weight.t().view(heads, attn.head_dim, -1)  # (B, heads, N, C)
    shares = (shares + attn.out_proj.bias / heads).flatten(1, 2)
    out = image.new_empty(len(keys), *image.shape[1:])
    for i in range(len(keys)):
        whole, at = image[i % len(image)], placed[i % len(placed)]
        for part in rows.blocks(len(whole), _ROWS):
            scores = torch.addmm(offsets[i], at[part], absorbed[i].t())  # (rows, heads * N)
            weights = scores.view(len(scores), heads, -1).softmax(-1).flatten(1)
            some = torch.addmm(whole[part], weights, shares[i], out=out[i, part])
            some.copy_(rows.normed(norm, some))
    return out


def _absorbed(x: Tensor, weight: Tensor) -> Tensor:
    """Projections (B, heads, N, d) brought through a weight (heads * d, C) to (B, heads * N, C)."""
    heads, dim = x.shape[1], x.shape[3]
    return (x @ weight.view(heads, dim, -1)).flatten(1, 2)


def _draw(decoder: MaskDecoder, image: Tensor, s0: Tensor, s1: Tensor, weights: Tensor, out: Tensor) -> None:
    """Write K masks into out (K, 4h, 4w).

    image (h, w, C); s0 (4h, 4w, C / 8) and s1 (2h, 2w, C / 4) of the fine levels; weights (K, C / 8). Each enlargement
    gives the pixels cell by cell, and the sum with the fine level puts them in rows.
    """
    conv1, norm, _, conv2, _ = decoder.output_upscaling
    conv1, norm, conv2 = cast(nn.ConvTranspose2d, conv1), cast(LayerNorm2d, norm), cast(nn.ConvTranspose2d, conv2)
    height, width = image.shape[:2]
    to_fine, to_finest = _linear(conv1), _linear(conv2)
    for part in rows.blocks(height, max(1, _ROWS // width)):
        x = _enlarged(image[part], to_fine, s1[2 * part.start : 2 * part.stop])
        x = F.layer_norm(x, x.shape[-1:], norm.weight, norm.bias, norm.eps)
        rows.activate_(x, gelu=True)
        x = _enlarged(x, to_finest, s0[4 * part.start : 4 * part.stop])
        rows.activate_(x, gelu=True)
        drawn = x.flatten(0, 1) @ weights.t()  # (pixels, K)
        out[:, 4 * part.start : 4 * part.stop] = drawn.view(*x.shape[:2], -1).permute(2, 0, 1)


def _enlarged(x: Tensor, layer: tuple[Tensor, Tensor], fine: Tensor) -> Tensor:
    """The transposed convolution of x (h, w, C) plus the fine level (2h, 2w, C'), of its shape."""
    height, width, dim = x.shape
    weight, bias = layer
    cells = torch.addmm(bias, x.view(-1, dim), weight).view(height, width, 2, 2, -1)
    placed = fine.view(height, 2, width, 2, -1)
    out = x.new_empty(placed.shape)
    return torch.add(cells.transpose(1, 2), placed, out=out).view(fine.shape)


def _linear(conv: nn.ConvTranspose2d) -> tuple[Tensor, Tensor]:
    """Weight (C_in, 4 * C_out) and bias of the linear layer that gives the 2 x 2 pixels, row by row, channels last."""
    assert conv.bias is not None
    return conv.weight.permute(0, 2, 3, 1).flatten(1), conv.bias.repeat(4)
