"""Feature pyramid over the trunk's four levels: SAM 2 paper (arXiv 2408.00714), section 4, image encoder."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sam2_core.config import NeckConfig
from sam2_core.modeling.layers import Conv2d


class Lateral(nn.Module):
    """A 1 x 1 convolution; a module of its own because checkpoints name it `convs.#.conv`."""

    def __init__(self, channels: int, d_model: int) -> None:
        super().__init__()
        self.conv = Conv2d(channels, d_model, kernel_size=1)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) -> (B, d_model, H, W)."""
        out: Tensor = self.conv(x)
        return out


class FpnNeck(nn.Module):
    """Lateral convolutions; only the levels named in the configuration add what comes from the coarser level."""

    def __init__(self, config: NeckConfig) -> None:
        super().__init__()
        self.convs = nn.ModuleList(Lateral(c, config.d_model) for c in config.backbone_channel_list)
        self.top_down_levels = config.fpn_top_down_levels
        self.scalp = config.scalp

    def forward(self, levels: list[Tensor]) -> list[Tensor]:
        """Levels from fine to coarse -> (B, d_model, h, w) per level, without the coarsest `scalp` levels."""
        last = len(self.convs) - 1
        out: list[Tensor] = []
        coarser: Tensor | None = None
        for i in range(last, -1, -1):
            x = self.convs[last - i](levels[i])  # convs count from coarse to fine
            if coarser is not None and i in self.top_down_levels:
                x = x + F.interpolate(coarser.to(torch.float32), scale_factor=2.0, mode="nearest")
            out.insert(0, x)
            coarser = x
        return out[: len(out) - self.scalp]
