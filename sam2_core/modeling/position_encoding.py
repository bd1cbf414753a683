"""Position encodings: sine in two and one dimensions, random Fourier features, axial rotary embedding.

Sine: Transformer in the form of DETR (arXiv 2005.12872, appendix A.4). Fourier: SAM 1 (arXiv 2304.02643, appendix A,
prompt encoder). Rotary: SAM 2 (arXiv 2408.00714, section 4, memory attention).

Tables depend on sizes alone. They are made in float32 on the device where they are needed and kept per size; being made
outside inference mode, they can also be used where gradients are wanted.
"""

import functools
import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

TWO_PI = 2 * math.pi


@functools.lru_cache(maxsize=16)
def sine_table(features: int, height: int, width: int, device: torch.device) -> Tensor:
    """Sine encoding of a grid, (1, features, height, width): the y half first, sines and cosines interleaved."""
    with torch.inference_mode(False), torch.no_grad():
        return torch.cat(
            [
                _sine_axis(features // 2, height, device)[:, :, None].expand(-1, -1, width),
                _sine_axis(features // 2, width, device)[:, None, :].expand(-1, height, -1),
            ]
        )[None]


def _sine_axis(features: int, length: int, device: torch.device) -> Tensor:
    """(features, length); positions count from 1 and are scaled to 0..2 pi."""
    place = torch.arange(1, length + 1, dtype=torch.float32, device=device)
    place = place / (place[-1:] + 1e-6) * TWO_PI
    angle = place[None] / _periods(features, device)[:, None]
    return torch.stack([angle[0::2].sin(), angle[1::2].cos()], dim=1).flatten(0, 1)


def _periods(features: int, device: torch.device) -> Tensor:
    index = torch.arange(features, dtype=torch.float32, device=device)
    exponent: Tensor = 2 * torch.div(index, 2, rounding_mode="floor") / features
    return 10000.0**exponent


def sine_1d(positions: Tensor, features: int) -> Tensor:
    """Sine encoding of numbers, (N,) -> (N, features): all sines, then all cosines."""
    angle = positions.float()[:, None] / _periods(features // 2, positions.device)
    return torch.cat([angle.sin(), angle.cos()], dim=-1)  # (N, features)


@functools.lru_cache(maxsize=16)
def rotary_table(dim: int, width: int, height: int, theta: float, device: torch.device) -> tuple[Tensor, Tensor]:
    """Cosines and sines (height * width, dim / 2) of the axial rotation, row-major; half turns by x, half by y."""
    with torch.inference_mode(False), torch.no_grad():
        index = torch.arange(0, dim, 4, dtype=torch.float32, device=device)[: dim // 4]
        speed = 1.0 / (theta ** (index / dim))
        place = torch.arange(height * width, dtype=torch.float32, device=device)
        x = place % width
        y = torch.div(place, width, rounding_mode="floor")
        angle = torch.cat([torch.outer(x, speed), torch.outer(y, speed)], dim=-1)
        return angle.cos(), angle.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn channel pairs (2i, 2i + 1) of x (..., tokens, dim); a shorter table is repeated along the tokens."""
    pairs = x.float().reshape(*x.shape[:-1], -1, 2)  # (..., tokens, dim / 2, 2)
    repeats = x.shape[-2] // cos.shape[0]
    if repeats != 1:
        cos, sin = cos.repeat(repeats, 1), sin.repeat(repeats, 1)
    a, b = pairs[..., 0], pairs[..., 1]
    return torch.stack([a * cos - b * sin, a * sin + b * cos], dim=-1).flatten(-2).to(x.dtype)


class KeptTable:
    """The table last made from parameters and a size, for as long as they are the same.

    Parameters are compared by value with a copy, so no way of changing them leaves a stale table behind. On a device
    whose answer the host would have to wait for, the table is made anew each time.
    """

    def __init__(self) -> None:
        self._kept: tuple[tuple[int, int], list[Tensor], Tensor] | None = None

    def get(self, size: tuple[int, int], sources: Sequence[Tensor], make: Callable[[], Tensor]) -> Tensor:
        """The table for `size` and `sources`; where they are new ones, `make` gives it."""
        if sources[0].device.type != "cpu":
            return make()
        kept = self._kept
        if kept is None or kept[0] != size or not all(map(_same, kept[1], sources)):
            with torch.inference_mode(False), torch.no_grad():
                kept = self._kept = (size, [source.clone() for source in sources], make())
        return kept[2]


class PositionEmbeddingRandom(nn.Module):
    """Random Fourier features of points in the unit square; features = 2 * num_pos_feats."""

    def __init__(self, num_pos_feats: int) -> None:
        super().__init__()
        self.positional_encoding_gaussian_matrix: Tensor
        self.register_buffer("positional_encoding_gaussian_matrix", torch.randn(2, num_pos_feats))
        self._grid = KeptTable()

    def encode(self, points: Tensor) -> Tensor:
        """points (..., 2) xy in 0..1 -> (..., features), float32 whatever autocast says."""
        with torch.autocast(points.device.type, enabled=False):
            angle = TWO_PI * ((2 * points.float() - 1) @ self.positional_encoding_gaussian_matrix.float())
            return torch.cat([angle.sin(), angle.cos()], dim=-1)

    def grid(self, height: int, width: int) -> Tensor:
        """Encoding of the cell centres of a grid, (1, features, height, width)."""
        matrix = self.positional_encoding_gaussian_matrix

        def make() -> Tensor:
            y = (torch.arange(height, dtype=torch.float32, device=matrix.device) + 0.5) / height
            x = (torch.arange(width, dtype=torch.float32, device=matrix.device) + 0.5) / width
            points = torch.stack(torch.meshgrid(x, y, indexing="xy"), dim=-1)  # (height, width, 2)
            return self.encode(points).permute(2, 0, 1)[None]

        return self._grid.get((height, width), (matrix,), make)


def _same(a: Tensor, b: Tensor) -> bool:
    return a.device == b.device and a.dtype == b.dtype and torch.equal(a, b)
