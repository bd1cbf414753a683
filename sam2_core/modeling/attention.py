"""Attention with separate projections, plain and with rotary positions.

Plain: mask decoder, SAM 1 paper (arXiv 2304.02643), appendix A. Rotary: memory attention, SAM 2 paper (arXiv
2408.00714), section 4.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sam2_core.modeling.layers import Linear
from sam2_core.modeling.position_encoding import rotary_table, rotate


class Attention(nn.Module):
    """Attention at embedding_dim / downsample_rate channels."""

    def __init__(
        self, embedding_dim: int, num_heads: int, *, downsample_rate: int = 1, kv_in_dim: int | None = None
    ) -> None:
        super().__init__()
        inner = embedding_dim // downsample_rate
        kv_in_dim = embedding_dim if kv_in_dim is None else kv_in_dim
        self.num_heads = num_heads
        self.head_dim = inner // num_heads
        self.q_proj = Linear(embedding_dim, inner)
        self.k_proj = Linear(kv_in_dim, inner)
        self.v_proj = Linear(kv_in_dim, inner)
        self.out_proj = Linear(inner, embedding_dim)

    def heads(self, x: Tensor) -> Tensor:
        """Projected tokens (B, N, heads * d) -> (B, heads, N, d)."""
        return x.reshape(*x.shape[:2], self.num_heads, -1).transpose(1, 2)

    def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """Projected queries, keys and values (B, heads, N, d) -> (B, Nq, C)."""
        out: Tensor = self.out_proj(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))
        return out

    def forward(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """(B, Nq, C), (B, Nk, Ckv), (B, Nk, Ckv) -> (B, Nq, C); what all have in common, batch 1, is projected once."""
        q, k, v = (self.heads(p) for p in (self.q_proj(q), self.k_proj(k), self.v_proj(v)))
        batch = max(len(q), len(k), len(v))
        # kernels differ in what they do with repeated memory, so it is not left to them
        q, k, v = (x if len(x) == batch else x.expand(batch, -1, -1, -1).contiguous() for x in (q, k, v))
        return self.attend(q, k, v)


class RotaryAttention(Attention):
    """Attention whose queries and keys are turned by their place in the grid; the last keys may stay unturned."""

    def __init__(self, embedding_dim: int, num_heads: int, *, theta: float, kv_in_dim: int | None = None) -> None:
        super().__init__(embedding_dim, num_heads, kv_in_dim=kv_in_dim)
        self.theta = theta

    def turned(self, q: Tensor, k: Tensor, *, grid: tuple[int, int], unturned_keys: int) -> tuple[Tensor, Tensor]:
        """Queries and keys, projected and turned, (B, heads, N, d); queries fill the grid (h, w) row by row, keys are
        whole grids and then `unturned_keys` more."""
        q, k = self.heads(self.q_proj(q)), self.heads(self.k_proj(k))
        cos, sin = rotary_table(self.head_dim, grid[1], grid[0], self.theta, q.device)
        q = rotate(q, cos, sin)
        turned = k.shape[2] - unturned_keys
        return q, torch.cat([rotate(k[:, :, :turned], cos, sin), k[:, :, turned:]], dim=2)
