"""Image features of training pictures, which parts of the model learn, and the penalty on large embeddings."""

from collections.abc import Sequence

import torch
from torch import Tensor

from sam2_core.errors import TrainingError
from sam2_core.modeling.image_encoder import ImageFeatures
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.ops.upload import MEAN, STD

PARTS = {
    "trunk": ("image_encoder.trunk.",),
    "neck": ("image_encoder.neck.",),
    "decoder": ("sam_mask_decoder.", "no_mem_embed"),
    "prompts": ("sam_prompt_encoder.",),
    "memory": ("memory_", "maskmem_", "no_obj_", "no_mem_pos", "obj_ptr_", "mask_downsample"),
}


def train_only(model: SAM2Base, parts: Sequence[str]) -> None:
    """Let the named parts learn and nothing else.

    Raises:
        TrainingError: nothing would learn.
    """
    wanted = tuple(prefix for part in parts for prefix in PARTS[part])
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name.startswith(wanted))
    if not any(p.requires_grad for p in model.parameters()):
        raise TrainingError("Nothing of the model would learn; name parts with --train.")


def encoded(model: SAM2Base, images: Tensor) -> ImageFeatures:
    """Features of uint8 images (B, S, S, 3), without memory; what does not learn is computed without gradients."""
    whole = any(p.requires_grad for p in model.image_encoder.parameters())
    with torch.set_grad_enabled(whole and torch.is_grad_enabled()):
        return model.forward_image(normalised(images))


def normalised(images: Tensor) -> Tensor:
    """uint8 (B, S, S, 3) -> the model's input (B, 3, S, S) float32."""
    x = images.permute(0, 3, 1, 2).float() / 255
    return (x - x.new_tensor(MEAN)[:, None, None]) / x.new_tensor(STD)[:, None, None]


def spread_penalty(embedding: Tensor) -> Tensor:
    """How far the mean square of an embedding exceeds 1; its scale is otherwise free and would grow."""
    return (embedding.float().square().mean() - 1).clamp(min=0)


def of_objects(features: ImageFeatures, picture: Tensor) -> ImageFeatures:
    """Features of the pictures (N,) that N objects are in, one row per object."""
    s0, s1 = features.high_res
    return ImageFeatures(features.embedding[picture], (s0[picture], s1[picture]))
