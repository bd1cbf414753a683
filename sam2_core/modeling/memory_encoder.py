"""Memory encoder: fuses a frame's features with its mask. SAM 2 paper (arXiv 2408.00714), section 4, memory encoder."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sam2_core.config import MemoryEncoderConfig
from sam2_core.modeling.layers import Conv2d, LayerNorm2d, Linear

_LAYER_SCALE = 1e-6


class MaskDownsampler(nn.Module):
    """Brings a mask to a sixteenth of its size in four strided convolutions, then to the width of the features."""

    def __init__(self, embed_dim: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for channels in (1, 4, 16, 64):
            layers += [
                Conv2d(channels, channels * 4, kernel_size=3, stride=2, padding=1),
                LayerNorm2d(channels * 4),
                nn.GELU(),
            ]
        layers.append(Conv2d(256, embed_dim, kernel_size=1))
        self.encoder = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        """(B, 1, S, S) -> (B, embed_dim, S / 16, S / 16)."""
        out: Tensor = self.encoder(x)
        return out


class ConvNeXtBlock(nn.Module):
    """Depthwise convolution and an inverted bottleneck, ConvNeXt paper (arXiv 2201.03545), section 2."""

    def __init__(self, dim: int, kernel: int) -> None:
        super().__init__()
        self.dwconv = Conv2d(dim, dim, kernel_size=kernel, padding=kernel // 2, groups=dim)
        self.norm = LayerNorm2d(dim)
        self.pwconv1 = Linear(dim, 4 * dim)
        self.pwconv2 = Linear(4 * dim, dim)
        self.gamma = nn.Parameter(_LAYER_SCALE * torch.ones(dim))

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) -> the same shape."""
        y = self.norm(self.dwconv(x)).permute(0, 2, 3, 1)  # (B, H, W, C)
        y = self.gamma * self.pwconv2(F.gelu(self.pwconv1(y)))
        out: Tensor = x + y.permute(0, 3, 1, 2)
        return out


class Fuser(nn.Module):
    """A row of ConvNeXt blocks."""

    def __init__(self, dim: int, kernel: int, num_layers: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(ConvNeXtBlock(dim, kernel) for _ in range(num_layers))

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) -> the same shape."""
        for layer in self.layers:
            x = layer(x)
        return x


class MemoryEncoder(nn.Module):
    """Frame features and mask to a memory map."""

    def __init__(self, config: MemoryEncoderConfig) -> None:
        super().__init__()
        self.mask_downsampler = MaskDownsampler(config.mask_downsampler_embed_dim)
        self.pix_feat_proj = Conv2d(config.in_dim, config.in_dim, kernel_size=1)
        self.fuser = Fuser(config.in_dim, config.fuser_kernel, config.fuser_layers)
        self.out_proj = Conv2d(config.in_dim, config.out_dim, kernel_size=1)

    def forward(self, features: Tensor, masks: Tensor) -> Tensor:
        """features (1 or B, C, h, w) and scaled masks (B, 1, 16h, 16w) -> (B, out_dim, h, w)."""
        x = self.pix_feat_proj(features) + self.mask_downsampler(masks)
        out: Tensor = self.out_proj(self.fuser(x))
        return out
