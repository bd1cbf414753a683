"""Between the host and a device, without waiting before one must."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor


def to_device(x: Tensor, device: torch.device) -> Tensor:
    """A host's tensor on a device; on CUDA the host goes on while it travels, and may drop it."""
    if device.type != "cuda" or x.device.type != "cpu":
        return x.to(device)
    return x.pin_memory().to(device, non_blocking=True)


def on_the_way(x: Tensor) -> Callable[[], Tensor]:
    """Start a copy to the host; the function returned waits for it and gives it."""
    if x.device.type != "cuda":
        copy = x.cpu()
        return lambda: copy
    host = torch.empty(x.shape, dtype=x.dtype, pin_memory=True)
    host.copy_(x, non_blocking=True)
    cuda: Any = torch.cuda  # whose types are not told
    arrived = cuda.Event()
    arrived.record(cuda.current_stream(x.device))

    def wait() -> Tensor:
        arrived.synchronize()
        return host

    return wait


def packed(parts: Sequence[Tensor]) -> Tensor:
    """Tensors of B rows each, side by side in one: float32 (B, numbers of a row)."""
    return torch.cat([part.reshape(len(part), -1).float() for part in parts], dim=1)


def unpacked(together: Tensor, shapes: Sequence[tuple[int, ...]]) -> list[Tensor]:
    """What `packed` put together, given the shapes of a row; copies, so that no part keeps the others alive."""
    widths = [int(torch.Size(shape).numel()) for shape in shapes]
    parts = torch.split(together, widths, dim=1)
    return [part.reshape(len(together), *shape).clone() for part, shape in zip(parts, shapes, strict=True)]


def to_host(*parts: Tensor) -> list[Tensor]:
    """Tensors of B rows each as float32 on the host, in one copy."""
    return unpacked(on_the_way(packed(parts))(), [tuple(part.shape[1:]) for part in parts])
