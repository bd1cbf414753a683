"""Object pointers: one vector per object and frame, kept beside the memory maps.

SAM 2 paper (arXiv 2408.00714), section 4, memory bank.
"""

from torch import Tensor


def mix_absent(pointer: Tensor, present: Tensor, no_obj_ptr: Tensor) -> Tensor:
    """Pointer (B, C) where the object is present (B, 1), else `no_obj_ptr` (1, C)."""
    weight = present.to(pointer.dtype)
    return weight * pointer + (1 - weight) * no_obj_ptr


def split_pointers(pointers: Tensor, memory_dim: int) -> Tensor:
    """Pointers (P, B, C) as memory tokens (P * C / memory_dim, B, memory_dim), the tokens of one pointer together."""
    count, batch, dim = pointers.shape
    tokens = pointers.reshape(count, batch, dim // memory_dim, memory_dim).permute(0, 2, 1, 3)
    return tokens.reshape(-1, batch, memory_dim)
