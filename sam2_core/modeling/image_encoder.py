"""Image encoder, run once per picture or frame: SAM 2 paper (arXiv 2408.00714), section 4, image encoder."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from sam2_core.config import ModelConfig
from sam2_core.modeling.fpn_neck import FpnNeck
from sam2_core.modeling.hiera import Hiera


@dataclass(frozen=True, slots=True)
class ImageFeatures:
    """What the rest of the model needs of B images.

    embedding: (B, D, S / 16, S / 16), without memory and without `no_mem_embed`.
    high_res: (B, D / 8, S / 4, S / 4) and (B, D / 4, S / 8, S / 8) for the mask decoder.
    """

    embedding: Tensor
    high_res: tuple[Tensor, Tensor]

    def of(self, index: int) -> "ImageFeatures":
        """Features of one image of the batch, batch size 1."""
        s0, s1 = self.high_res
        one = slice(index, index + 1)
        return ImageFeatures(self.embedding[one], (s0[one], s1[one]))

    def copy(self) -> "ImageFeatures":
        """The same in memory of its own."""
        s0, s1 = self.high_res
        return ImageFeatures(self.embedding.clone(), (s0.clone(), s1.clone()))

    @classmethod
    def joined(cls, several: Sequence["ImageFeatures"]) -> "ImageFeatures":
        """Features of several images as one batch."""
        if len(several) == 1:
            return several[0]
        s0, s1 = (torch.cat([features.high_res[i] for features in several]) for i in (0, 1))
        return cls(torch.cat([features.embedding for features in several]), (s0, s1))


class ImageEncoder(nn.Module):
    """Trunk and neck."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.trunk = Hiera(config.trunk)
        self.neck = FpnNeck(config.neck)

    def forward(self, images: Tensor) -> list[Tensor]:
        """(B, 3, S, S) -> three maps (B, D, S / 4, S / 4), (B, D, S / 8, S / 8), (B, D, S / 16, S / 16)."""
        levels: list[Tensor] = self.neck(self.trunk(images))
        return levels
