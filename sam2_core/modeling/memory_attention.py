"""Memory attention: conditions a frame on memories and pointers. SAM 2 paper (arXiv 2408.00714), section 4."""

from torch import Tensor, nn
from torch.nn import functional as F

from sam2_core.config import MemoryAttentionConfig
from sam2_core.modeling.attention import RotaryAttention
from sam2_core.modeling.layers import LayerNorm, Linear
from sam2_core.modeling.memory_kernels import Kernel, wide

POSITION_WEIGHT = 0.1


class MemoryAttentionLayer(nn.Module):
    """Self-attention, cross-attention to the memory and an MLP, each after a norm and added to its input."""

    def __init__(self, config: MemoryAttentionConfig) -> None:
        super().__init__()
        dim, heads, theta = config.d_model, config.num_heads, config.rope_theta
        self.self_attn = RotaryAttention(dim, heads, theta=theta)
        self.cross_attn_image = RotaryAttention(dim, heads, theta=theta, kv_in_dim=config.kv_in_dim)
        self.linear1 = Linear(dim, config.dim_feedforward)
        self.linear2 = Linear(config.dim_feedforward, dim)
        self.norm1 = LayerNorm(dim)
        self.norm2 = LayerNorm(dim)
        self.norm3 = LayerNorm(dim)

    def forward(
        self,
        x: Tensor,
        memory: Tensor,
        memory_pos: Tensor,
        *,
        grid: tuple[int, int],
        num_ptr_tokens: int,
        kernel: Kernel = wide,
    ) -> Tensor:
        """x (B, HW, C), memory and its position (B, N, kv_in_dim) -> (B, HW, C)."""
        y = self.norm1(x)
        q, k = self.self_attn.turned(y, y, grid=grid, unturned_keys=0)
        x = x + wide(self.self_attn, q, k, y)
        y = self.norm2(x)
        keys = memory + memory_pos  # positions go to the keys alone
        q, k = self.cross_attn_image.turned(y, keys, grid=grid, unturned_keys=num_ptr_tokens)
        x = x + kernel(self.cross_attn_image, q, k, memory)
        out: Tensor = x + self.linear2(F.relu(self.linear1(self.norm3(x))))
        return out


class MemoryAttention(nn.Module):
    """The layers and a last norm; tokens come first, as in the published package."""

    def __init__(self, config: MemoryAttentionConfig) -> None:
        super().__init__()
        self.layers = nn.ModuleList(MemoryAttentionLayer(config) for _ in range(config.num_layers))
        self.norm = LayerNorm(config.d_model)

    def forward(
        self,
        current: Tensor,
        current_pos: Tensor,
        memory: Tensor,
        memory_pos: Tensor,
        num_ptr_tokens: int,
        *,
        grid: tuple[int, int],
        kernel: Kernel = wide,
    ) -> Tensor:
        """Current frame conditioned on its memory.

        current (HW, B, C) with position (HW, B or 1, C); memory and memory_pos (N, B, kv_in_dim), whole grids first and
        the `num_ptr_tokens` pointer tokens last; grid (h, w) -> (HW, B, C) float32.
        """
        x = (current + POSITION_WEIGHT * current_pos).transpose(0, 1)
        memory, memory_pos = memory.to(x.dtype).transpose(0, 1), memory_pos.to(x.dtype).transpose(0, 1)
        for layer in self.layers:
            x = layer(x, memory, memory_pos, grid=grid, num_ptr_tokens=num_ptr_tokens, kernel=kernel)
        out: Tensor = self.norm(x).transpose(0, 1)
        return out
