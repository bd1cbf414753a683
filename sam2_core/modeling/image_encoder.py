"""Image encoder, run once per picture or frame: SAM 2 paper (arXiv 2408.00714), section 4, image encoder."""

from dataclasses import dataclass

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
