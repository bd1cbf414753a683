"""Ways to attend to a memory: the same numbers, and the quickest that gives them is taken."""

import time

import pytest
import torch

from golden.units import rand
from sam2_core.config import MemoryAttentionConfig
from sam2_core.modeling import memory_kernels, paths
from sam2_core.modeling.attention import RotaryAttention
from sam2_core.modeling.memory_attention import MemoryAttention

CPU = torch.device("cpu")
GRID = (24, 24)  # more queries than a block holds


@pytest.fixture(autouse=True)
def fresh() -> None:
    memory_kernels.quickest.cache_clear()


def attended(heads: int, kernel: memory_kernels.Kernel, dtype: torch.dtype) -> torch.Tensor:
    torch.manual_seed(1)
    attn = RotaryAttention(32, heads, theta=10000.0, kv_in_dim=16).to(dtype)
    queries, memory = rand("q", (2, 576, 32)).to(dtype), rand("m", (2, 2 * 576 + 8, 16)).to(dtype)
    with torch.no_grad():
        q, k = attn.turned(queries, memory, grid=GRID, unturned_keys=8)
        return kernel(attn, q, k, memory).float()


@pytest.mark.parametrize("heads", [1, 2])
@pytest.mark.parametrize("kernel", memory_kernels.CANDIDATES, ids=lambda kernel: kernel.__name__)
def test_kernels_give_the_same(kernel: memory_kernels.Kernel, heads: int) -> None:
    wanted = attended(heads, memory_kernels.wide, torch.float32)
    torch.testing.assert_close(attended(heads, kernel, torch.float32), wanted, rtol=0, atol=1e-6)
    half = attended(heads, kernel, torch.bfloat16)
    assert float((half - wanted).norm() / wanted.norm()) < 0.02


def test_the_quickest_right_kernel_is_taken_and_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def slow(*args: torch.Tensor) -> torch.Tensor:
        tried.append("slow")
        time.sleep(0.02)
        return memory_kernels.wide(*args)

    def quick(*args: torch.Tensor) -> torch.Tensor:
        return memory_kernels.narrow(*args)

    def wrong(attn: RotaryAttention, q: torch.Tensor, *rest: torch.Tensor) -> torch.Tensor:
        return q[:, 0] * 0

    def missing(*args: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("No available kernel. Aborting execution.")

    monkeypatch.setattr(memory_kernels, "CANDIDATES", (slow, quick, wrong, missing))
    for _ in range(2):
        assert memory_kernels.quickest(CPU, torch.float32, 1, 32, 16, 64) is quick
    assert len(tried) == 1 + memory_kernels._ROUNDS


def test_a_gpu_takes_the_kernel_of_its_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr(memory_kernels, "quickest", lambda *key: asked.append(key) or memory_kernels.blocks)
    attention = MemoryAttention(MemoryAttentionConfig(d_model=32, num_layers=1, dim_feedforward=64, kv_in_dim=16))
    with torch.no_grad():
        assert paths._memory_kernel(attention, CPU) is memory_kernels.wide
        assert paths._memory_kernel(attention, torch.device("cuda")) is memory_kernels.blocks
    assert paths._memory_kernel(attention, torch.device("cuda")) is memory_kernels.wide  # gradients are wanted
    assert asked == [(torch.device("cuda"), torch.float32, 1, 32, 16)]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device; this machine has none")
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_kernel_is_found_on_cuda(dtype: torch.dtype) -> None:
    assert memory_kernels.quickest(torch.device("cuda"), dtype, 1, 256, 64) in memory_kernels.CANDIDATES
