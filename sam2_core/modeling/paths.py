"""Which code computes the four parts of the model: its plain modules, or `modeling.fast`, which gives the same numbers.

The plain modules are the reference: they train, and run at every precision on every device. The fast ones serve
inference on a CPU: in float32, and the image encoder and memory attention also with weights in half precision, which
`modeling.precision` chooses. This is the one place that chooses modules; `SAM2Base.fast_paths`, given as `allowed`,
switches the fast ones off.
"""

from typing import cast

import torch
from torch import Tensor, nn

from sam2_core.modeling import memory_kernels
from sam2_core.modeling.fast import decoder as fast_decoder
from sam2_core.modeling.fast import encoder as fast_encoder
from sam2_core.modeling.fast import memory_attention as fast_memory_attention
from sam2_core.modeling.fast import memory_encoder as fast_memory_encoder
from sam2_core.modeling.image_encoder import ImageEncoder
from sam2_core.modeling.mask_decoder import DecoderOutput, MaskDecoder
from sam2_core.modeling.memory_attention import MemoryAttention, MemoryAttentionLayer
from sam2_core.modeling.memory_encoder import MemoryEncoder


def encode_image(
    encoder: ImageEncoder, decoder: MaskDecoder, images: Tensor, *, allowed: bool
) -> tuple[Tensor, Tensor, Tensor]:
    """Images (B, 3, S, S) -> the two fine levels as the mask decoder reads them, and the level of stride 16."""
    if allowed and _fast(images) and fast_encoder.serves(encoder.trunk, encoder.neck):
        return fast_encoder.encode(encoder.trunk, encoder.neck, decoder.conv_s0, decoder.conv_s1, images)
    s0, s1, embedding = encoder(images)
    return decoder.conv_s0(s0), decoder.conv_s1(s1), embedding


def decode(
    decoder: MaskDecoder,
    embedding: Tensor,
    image_pe: Tensor,
    sparse: Tensor,
    dense: Tensor,
    high_res: tuple[Tensor, Tensor],
    *,
    multimask_output: bool,
    allowed: bool,
) -> DecoderOutput:
    """As `MaskDecoder`."""
    decode_all = fast_decoder.decode_all if allowed and _fast(embedding) and _exact(decoder) else MaskDecoder.decode_all
    out = decode_all(decoder, embedding, image_pe, sparse, dense, high_res)
    return decoder.chosen(out, multimask_output=multimask_output)


def attend(
    attention: MemoryAttention,
    current: Tensor,
    current_pos: Tensor,
    memory: Tensor,
    memory_pos: Tensor,
    num_ptr_tokens: int,
    *,
    grid: tuple[int, int],
    allowed: bool,
) -> Tensor:
    """As `MemoryAttention`; current and its position (HW, 1, C) are the same for all B objects of the memory."""
    if allowed and _fast(current) and fast_memory_attention.serves(attention):
        return fast_memory_attention.attend(
            attention, current, current_pos, memory, memory_pos, num_ptr_tokens, grid=grid
        )
    batch = memory.shape[1]
    current, current_pos = current.expand(-1, batch, -1), current_pos.expand(-1, batch, -1)
    kernel = _memory_kernel(attention, current.device) if allowed else memory_kernels.wide
    out: Tensor = attention(current, current_pos, memory, memory_pos, num_ptr_tokens, grid=grid, kernel=kernel)
    return out


def encode_memory(encoder: MemoryEncoder, features: Tensor, masks: Tensor, *, allowed: bool) -> Tensor:
    """As `MemoryEncoder`."""
    if allowed and _fast(features) and _exact(encoder):
        return fast_memory_encoder.encode(encoder, features, masks)
    out: Tensor = encoder(features, masks)
    return out


def _memory_kernel(attention: MemoryAttention, device: torch.device) -> memory_kernels.Kernel:
    """What the device is quickest with; as published on a CPU, where gradients are wanted and under autocast."""
    if device.type not in ("cuda", "mps") or torch.is_grad_enabled() or torch.is_autocast_enabled(device.type):
        return memory_kernels.wide
    cross = cast(MemoryAttentionLayer, attention.layers[0]).cross_attn_image
    dtype, kv_in_dim = cross.k_proj.weight.dtype, cross.k_proj.in_features
    return memory_kernels.quickest(device, dtype, cross.num_heads, cross.head_dim, kv_in_dim)


def _exact(part: nn.Module) -> bool:
    """Whether all weights are float32; on a CPU some are not in a model that came from a GPU."""
    return all(weight.dtype == torch.float32 for weight in part.parameters())


def _fast(x: Tensor) -> bool:
    """On a CPU, with float32 input and without gradients: fast modules write in place."""
    return (
        x.device.type == "cpu"
        and x.dtype == torch.float32
        and not torch.is_grad_enabled()
        and not torch.is_autocast_enabled("cpu")
    )
