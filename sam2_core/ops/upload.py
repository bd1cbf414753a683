"""Pictures on their way to a device, which does the arithmetic: bytes travel, floats are made where they are needed.

A GPU also brings frames to the model's size itself, as Pillow does on the host but for rounding at the edge of a unit;
on the host that takes longer than a GPU takes to track a frame.
"""

import functools
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional as F

MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)


def uploaded(pixels: npt.NDArray[Any], device: torch.device) -> Tensor:
    """A copy of an array, uint8 or float32, on a device; on CUDA the host goes on while it travels."""
    if device.type != "cuda":
        return torch.tensor(pixels, device=device)  # arrays from callers may be read-only
    dtype = torch.uint8 if pixels.dtype == np.uint8 else torch.float32
    host = torch.empty(pixels.shape, dtype=dtype, pin_memory=True)
    host.numpy()[...] = pixels
    return host.to(device, non_blocking=True)


def shrinks(device: torch.device) -> bool:
    """Whether a device brings frames to the model's size itself; MPS has no antialiased bicubic filter."""
    return device.type == "cuda"


def shrunk(pixels: Tensor, side: int) -> Tensor:
    """uint8 (1, 3, H, W) -> whole numbers in float32 (1, 3, side, side), as Pillow's bicubic filter gives them."""
    x = pixels.float()
    for size in ((x.shape[-2], side), (side, side)):  # first the rows, which become whole numbers, then the columns
        x = F.interpolate(x, size=size, mode="bicubic", align_corners=False, antialias=True).round_().clamp_(0, 255)
    return x


def normalised(x: Tensor) -> Tensor:
    """Pictures (B, 3, H, W) of 0..1 as the model takes them."""
    mean, std = _statistics(x.device)
    return (x - mean) / std


@functools.lru_cache(maxsize=8)
def _statistics(device: torch.device) -> tuple[Tensor, Tensor]:
    """Mean and deviation of the channels, (3, 1, 1) each; kept, since making them would wait for a GPU."""
    with torch.inference_mode(False):
        mean, std = (torch.tensor(numbers, device=device).view(3, 1, 1) for numbers in (MEAN, STD))
    return mean, std
