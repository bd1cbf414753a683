"""Distillation: the features of a larger model, where a person has one, as a further aim of the image encoder.

A 1 x 1 convolution brings the embedding to the teacher's width; the loss is one minus the cosine between the two at
each place. It trains along with the model and is not exported.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.training.features import normalised


class Distiller(nn.Module):
    """The teacher, which does not learn, and the projection to it, which does."""

    def __init__(self, teacher: SAM2Base, student_dim: int) -> None:
        super().__init__()
        self.project = nn.Conv2d(student_dim, teacher.hidden_dim, kernel_size=1)
        self._teacher = (teacher.eval(),)  # in a tuple, so that it is no part of this module

    def forward(self, embedding: Tensor, images: Tensor) -> Tensor:
        """Mean loss. embedding (B, D, h, w) of uint8 images (B, S, S, 3)."""
        found = self.project(embedding.float())
        wanted = F.interpolate(self.wanted(images), size=found.shape[-2:], mode="bilinear", align_corners=False)
        return 1 - F.cosine_similarity(found, wanted, dim=1).mean()

    @torch.no_grad()
    def wanted(self, images: Tensor) -> Tensor:
        """The teacher's embedding (B, D, h, w) float32 of images that are brought to its size."""
        (teacher,) = self._teacher
        x = normalised(images)
        side = teacher.image_size
        x = F.interpolate(x, size=(side, side), mode="bilinear", align_corners=False, antialias=True)
        embedding: Tensor = teacher.forward_image(x).embedding.float()
        return embedding
