"""Hiera, the hierarchical vision transformer of the image encoder.

Hiera paper (arXiv 2306.00989), section 3; SAM 2 paper (arXiv 2408.00714), section 4, image encoder: windowed attention
with a few global blocks and an absolute position that is a coarse map plus a tiled window.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sam2_core.config import TrunkConfig
from sam2_core.modeling.layers import MLP, Conv2d, LayerNorm, Linear, as_weights
from sam2_core.modeling.position_encoding import KeptTable

_NORM_EPS = 1e-6


class PatchEmbed(nn.Module):
    """Overlapping patches of 7 x 7 at a stride of 4."""

    def __init__(self, embed_dim: int) -> None:
        super().__init__()
        self.proj = Conv2d(3, embed_dim, kernel_size=7, stride=4, padding=3)

    def forward(self, x: Tensor) -> Tensor:
        """(B, 3, S, S) -> (B, S / 4, S / 4, C)."""
        out: Tensor = self.proj(x)
        return out.permute(0, 2, 3, 1)


class MultiScaleAttention(nn.Module):
    """Self-attention over a grid whose queries may be pooled 2 x 2."""

    def __init__(self, dim: int, dim_out: int, num_heads: int, pool: bool) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.pool = pool
        self.qkv = Linear(dim, dim_out * 3)
        self.proj = Linear(dim_out, dim_out)

    def forward(self, x: Tensor) -> Tensor:
        """(B, H, W, C) -> (B, H', W', C_out), H' = H / 2 when pooling."""
        b, h, w, _ = x.shape
        qkv = self.qkv(x).reshape(b, h * w, 3, self.num_heads, -1)
        q, k, v = qkv.unbind(2)  # (B, HW, heads, d)
        if self.pool:
            q = pool_2x2(q.reshape(b, h, w, -1))
            h, w = q.shape[1:3]
            q = q.reshape(b, h * w, self.num_heads, -1)
        x = F.scaled_dot_product_attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2))
        x = x.transpose(1, 2).reshape(b, h, w, -1)
        out: Tensor = self.proj(x)
        return out


class MultiScaleBlock(nn.Module):
    """Attention in windows of `window_size` (0 = global), then an MLP; the first block of a stage pools and widens."""

    def __init__(
        self, dim: int, dim_out: int, *, num_heads: int, mlp_ratio: float, pool: bool, window_size: int
    ) -> None:
        super().__init__()
        self.dim = dim
        self.window_size = window_size
        self.pool = pool
        self.norm1 = LayerNorm(dim, eps=_NORM_EPS)
        self.attn = MultiScaleAttention(dim, dim_out, num_heads, pool)
        self.norm2 = LayerNorm(dim_out, eps=_NORM_EPS)
        self.mlp = MLP(dim_out, int(dim_out * mlp_ratio), dim_out, 2, activation=F.gelu)
        if dim != dim_out:
            self.proj = Linear(dim, dim_out)

    def forward(self, x: Tensor) -> Tensor:
        """(B, H, W, C) -> (B, H', W', C_out)."""
        shortcut = x
        x = self.norm1(x)
        if self.dim != self.attn.proj.out_features:
            shortcut = as_weights(self.proj(x), self.norm1.weight)  # the projection takes the normed input
            if self.pool:
                shortcut = pool_2x2(shortcut)
        height, width = x.shape[1:3]
        if self.window_size:
            x = cut_windows(x, self.window_size)  # (B * windows, w, w, C)
        x = self.attn(x)
        if self.window_size:
            window = self.window_size
            if self.pool:
                window, height, width = window // 2, shortcut.shape[1], shortcut.shape[2]
            x = join_windows(x, window, height, width)
        x = shortcut + x
        out: Tensor = x + self.mlp(self.norm2(x))
        return out


class Hiera(nn.Module):
    """The trunk; gives the last map of each stage. `before_block` is called before every block; it may raise."""

    def __init__(self, config: TrunkConfig) -> None:
        super().__init__()
        dim, heads = config.embed_dim, config.num_heads
        stage_ends = [sum(config.stages[: i + 1]) - 1 for i in range(len(config.stages))]
        self.stage_ends = stage_ends
        self.patch_embed = PatchEmbed(dim)
        self.pos_embed = nn.Parameter(torch.zeros(1, dim, *config.window_pos_embed_bkg_spatial_size))
        self.pos_embed_window = nn.Parameter(torch.zeros(1, dim, config.window_spec[0], config.window_spec[0]))
        self.before_block: Callable[[], None] = _go_on
        self._position = KeptTable()
        self.blocks = nn.ModuleList()
        stage = 0
        for i in range(sum(config.stages)):
            # the first block of a stage still has the window of the stage before
            window = 0 if i in config.global_att_blocks else config.window_spec[stage]
            starts_stage = i - 1 in stage_ends
            dim_out = dim
            if starts_stage:
                stage, dim_out, heads = stage + 1, dim * 2, heads * 2
            self.blocks.append(
                MultiScaleBlock(
                    dim,
                    dim_out,
                    num_heads=heads,
                    mlp_ratio=config.mlp_ratio,
                    pool=starts_stage and stage <= config.q_pool,
                    window_size=window,
                )
            )
            dim = dim_out

    def position(self, height: int, width: int) -> Tensor:
        """Absolute position of a grid, (1, height, width, C): the resized coarse map plus the tiled window."""
        if torch.is_grad_enabled():
            return self._made_position(height, width)
        sources = self.pos_embed, self.pos_embed_window
        return self._position.get((height, width), sources, lambda: self._made_position(height, width).contiguous())

    def _made_position(self, height: int, width: int) -> Tensor:
        window = self.pos_embed_window
        coarse = F.interpolate(self.pos_embed, size=(height, width), mode="bicubic")
        tiled = window.tile(1, 1, height // window.shape[2], width // window.shape[3])
        return (coarse + tiled).permute(0, 2, 3, 1)

    def forward(self, x: Tensor) -> list[Tensor]:
        """(B, 3, S, S) -> four maps (B, C, S / 4, S / 4) ... (B, 8 C, S / 32, S / 32)."""
        x = self.patch_embed(x)
        x = x + self.position(x.shape[1], x.shape[2])
        levels = []
        for i, block in enumerate(self.blocks):
            self.before_block()
            x = block(x)
            if i in self.stage_ends:
                levels.append(x.permute(0, 3, 1, 2))
        return levels


def _go_on() -> None:
    """Nothing asks to stop."""


def pool_2x2(x: Tensor) -> Tensor:
    """Max pooling of (B, H, W, C) by two in both directions."""
    # max_pool2d has given wrong results on MPS for strided views, so the input is made contiguous
    return F.max_pool2d(x.permute(0, 3, 1, 2).contiguous(), kernel_size=2, stride=2).permute(0, 2, 3, 1)


def cut_windows(x: Tensor, size: int) -> Tensor:
    """(B, H, W, C) -> (B * windows, size, size, C); right and bottom are padded with zeros."""
    b, h, w, c = x.shape
    x = F.pad(x, (0, 0, 0, -w % size, 0, -h % size))
    rows, columns = x.shape[1] // size, x.shape[2] // size
    x = x.view(b, rows, size, columns, size, c).permute(0, 1, 3, 2, 4, 5)
    return x.reshape(-1, size, size, c)


def join_windows(windows: Tensor, size: int, height: int, width: int) -> Tensor:
    """Inverse of `cut_windows`: (B * windows, size, size, C) -> (B, height, width, C)."""
    rows, columns = -(-height // size), -(-width // size)
    x = windows.view(-1, rows, columns, size, size, windows.shape[-1]).permute(0, 1, 3, 2, 4, 5)
    return x.reshape(x.shape[0], rows * size, columns * size, -1)[:, :height, :width].contiguous()
