"""Which weights are in half precision in a model that computes in it.

They are those of products, linear layers and convolutions, in the parts below; they are turned once, and each layer
turns its input (`layers.as_weights`), so no autocast is needed. All else stays in float32: prompts and their codes,
position maps and rotary tables, norms and residual sums, the heads of the decoder's tokens, pointers, scores, logits.
The patch embedding and the neck do too, since rounding there moves masks most (docs/decisions/0080).
"""

import torch
from torch import nn

_PRODUCTS = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)
_EVERYWHERE = ("image_encoder.trunk.blocks", "memory_attention")
# on a CPU these are a few hundredths of a frame, and in float32 they track closer
_ON_GPUS = ("memory_encoder", "sam_mask_decoder.transformer", "sam_mask_decoder.output_upscaling")


def turn_weights(model: nn.Module, dtype: torch.dtype, device: torch.device) -> None:
    """Bring the products of a model that is on that device to `dtype`, in place."""
    names = _EVERYWHERE if device.type == "cpu" else _EVERYWHERE + _ON_GPUS
    for name in names:
        for module in model.get_submodule(name).modules():
            if isinstance(module, _PRODUCTS):
                module.to(dtype)
