"""Small layers used by several parts of the model."""

import itertools
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Linear(nn.Linear):
    """A linear layer that takes its input in the precision of its weights."""

    def forward(self, x: Tensor) -> Tensor:
        """(..., C_in) -> (..., C_out)."""
        return super().forward(as_weights(x, self.weight))


class Conv2d(nn.Conv2d):
    """A convolution that takes its input in the precision of its weights."""

    def forward(self, x: Tensor) -> Tensor:
        """(B, C_in, H, W) -> (B, C_out, H', W')."""
        return super().forward(as_weights(x, self.weight))


class ConvTranspose2d(nn.ConvTranspose2d):
    """A transposed convolution that takes its input in the precision of its weights."""

    def forward(self, x: Tensor, output_size: list[int] | None = None) -> Tensor:
        """(B, C_in, H, W) -> (B, C_out, H', W')."""
        return super().forward(as_weights(x, self.weight), output_size)


class LayerNorm(nn.LayerNorm):
    """A layer norm in the precision of its weights, float32 in every model that computes in half precision."""

    def forward(self, x: Tensor) -> Tensor:
        """(..., C) -> the same shape."""
        return super().forward(as_weights(x, self.weight))


def as_weights(x: Tensor, weight: Tensor) -> Tensor:
    """x in the precision of the weights it meets; under autocast, which turns both itself, as it is."""
    if x.dtype == weight.dtype or torch.is_autocast_enabled(x.device.type):
        return x
    return x.to(weight.dtype)


class LayerNorm2d(nn.Module):
    """Layer norm over the channels of (B, C, H, W), as in ConvNeXt (arXiv 2201.03545)."""

    def __init__(self, channels: int, eps: float = 1e-6) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) -> the same shape."""
        x = as_weights(x, self.weight)
        mean = x.mean(1, keepdim=True)
        centred = x - mean
        x = centred / torch.sqrt(centred.pow(2).mean(1, keepdim=True) + self.eps)
        return self.weight[:, None, None] * x + self.bias[:, None, None]


class MLP(nn.Module):
    """Linear layers with an activation between them."""

    def __init__(
        self,
        in_dim: int,
        hidden_dim: int,
        out_dim: int,
        num_layers: int,
        activation: Callable[[Tensor], Tensor] = F.relu,
    ) -> None:
        super().__init__()
        widths = [in_dim, *[hidden_dim] * (num_layers - 1), out_dim]
        self.layers = nn.ModuleList(Linear(a, b) for a, b in itertools.pairwise(widths))
        self.activation = activation

    def forward(self, x: Tensor) -> Tensor:
        """(..., in_dim) -> (..., out_dim)."""
        for layer in self.layers[:-1]:
            x = self.activation(layer(x))
        out: Tensor = self.layers[-1](x)
        return out
