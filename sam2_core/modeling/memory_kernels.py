"""Ways to attend to a memory; which is the quickest depends on the device and is found by trial.

Memory values are 64 wide and are projected before attention. The weights of a query sum to one, so the projection can
as well follow: softmax(S) (X Wv + b) Wo = (softmax(S) X) (Wv Wo) + (b Wo + bo), which is a third less arithmetic, where
a device has a kernel for values that are narrower than keys. On a CPU `fast.memory_attention` does its own.
"""

import functools
import logging
import time
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from sam2_core.modeling.attention import Attention

# (attention, queries (B, heads, N, d), keys (B, heads, M, d), values (B, M, C_kv)) -> (B, N, C)
Kernel = Callable[[Attention, Tensor, Tensor, Tensor], Tensor]
_QUERIES = 512  # of a block: 59 MB of float32 scores of a full memory at 1024
_TOKENS, _MEMORIES = 4096, 7 * 4096 + 64  # of the trial, a frame with a full memory at 1024
_ROUNDS = 5
_ALIKE = {torch.float32: 1e-3, torch.bfloat16: 3e-2, torch.float16: 1e-2}  # relative to `wide` in float32


def wide(attn: Attention, q: Tensor, k: Tensor, values: Tensor) -> Tensor:
    """Values projected first, as published."""
    return attn.attend(q, k, attn.heads(attn.v_proj(values)))


def narrow(attn: Attention, q: Tensor, k: Tensor, values: Tensor) -> Tensor:
    """Values as they are, by a kernel of PyTorch's."""
    raw = values.to(q.dtype)[:, None].expand(-1, q.shape[1], -1, -1)
    return _merged(attn, F.scaled_dot_product_attention(q, k, raw))


def blocks(attn: Attention, q: Tensor, k: Tensor, values: Tensor) -> Tensor:
    """Values as they are, by two products for a block of queries, with float32 scores."""
    keys, raw = k.transpose(-1, -2), values.to(q.dtype)[:, None]
    seen = [
        ((part * attn.head_dim**-0.5) @ keys).softmax(-1, dtype=torch.float32).to(q.dtype) @ raw
        for part in torch.split(q, _QUERIES, dim=2)
    ]
    return _merged(attn, torch.cat(seen, dim=2))


def _merged(attn: Attention, seen: Tensor) -> Tensor:
    """Averaged values (B, heads, N, C_kv) through both projections at once: (B, N, C)."""
    heads, dim = attn.num_heads, attn.head_dim
    per_head = attn.v_proj.weight.view(heads, dim, -1)  # (heads, d, C_kv)
    out = attn.out_proj.weight.view(-1, heads, dim).permute(1, 0, 2)  # (heads, C, d)
    # made anew each time: two small products, and nothing that could outlive the weights
    weight = (out @ per_head).permute(1, 0, 2).flatten(1)  # (C, heads * C_kv)
    bias = F.linear(attn.v_proj.bias, attn.out_proj.weight, attn.out_proj.bias)
    return F.linear(seen.transpose(1, 2).flatten(2), weight, bias)


CANDIDATES: tuple[Kernel, ...] = (wide, narrow, blocks)


@functools.lru_cache(maxsize=16)
def quickest(
    device: torch.device, dtype: torch.dtype, heads: int, width: int, kv_in_dim: int, memories: int = _MEMORIES
) -> Kernel:
    """The quickest kernel of those that give the right numbers here, tried once in a process: some tens of
    milliseconds on a GPU."""
    with torch.inference_mode(), torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        attn = Attention(heads * width, heads, kv_in_dim=kv_in_dim)
        tokens = min(_TOKENS, memories)
        q, k = (torch.randn(1, heads, n, width) for n in (tokens, memories))
        values = torch.randn(1, memories, kv_in_dim)
        wanted = wide(attn.to(device), *(x.to(device) for x in (q, k, values)))
        inputs = [x.to(device, dtype) for x in (q, k, values)]
        attn.to(dtype)
        taken = {kernel: _seconds(kernel, attn, inputs, wanted) for kernel in CANDIDATES}
    best = min(taken, key=lambda kernel: taken[kernel])
    told = " ".join(f"{kernel.__name__}={1000 * seconds:.2f}" for kernel, seconds in taken.items())
    logging.getLogger(__name__).info("memory kernel device=%s chosen=%s ms: %s", device, best.__name__, told)
    return best


def _seconds(kernel: Kernel, attn: Attention, inputs: list[Tensor], wanted: Tensor) -> float:
    """The shortest time of some; infinite where the kernel fails or is wrong."""
    try:
        q, k, values = inputs
        found = kernel(attn, q, k, values).float()
        if float((found - wanted).norm() / wanted.norm()) > _ALIKE[inputs[0].dtype]:
            return float("inf")
        times = []
        for _ in range(_ROUNDS):
            _wait(wanted.device)
            began = time.perf_counter()
            kernel(attn, q, k, values)
            _wait(wanted.device)
            times.append(time.perf_counter() - began)
        return min(times)
    except RuntimeError:  # no such kernel here, or no memory for it
        return float("inf")


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
