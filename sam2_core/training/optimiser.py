"""Step sizes, and the average of the weights that is measured and exported."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn

_FLOOR = 0.02  # of the step size, at the end of the schedule


@dataclass(frozen=True, slots=True)
class Schedule:
    """AdamW: step size `lr` after a linear warm-up, falling as a cosine over `steps`; the image encoder's is a share.

    decay: weight decay of matrices; clip: largest norm of the gradient; ema: how much the average keeps per step.
    """

    steps: int
    lr: float
    warmup: int = 100
    encoder_share: float = 0.5
    decay: float = 0.05
    clip: float = 1.0
    ema: float = 0.998

    def rate(self, step: int) -> float:
        """Step size at a step."""
        if step < self.warmup:
            return self.lr * (step + 1) / self.warmup
        done = min(1.0, (step - self.warmup) / max(1, self.steps - self.warmup))
        return self.lr * (_FLOOR + (1 - _FLOOR) * (1 + math.cos(math.pi * done)) / 2)

    def apply(self, optimizer: torch.optim.Optimizer, step: int) -> None:
        """Set the step sizes of all groups."""
        for group in optimizer.param_groups:
            group["lr"] = self.rate(step) * group["share"]


def make_optimizer(parameters: Mapping[str, nn.Parameter], schedule: Schedule) -> torch.optim.AdamW:
    """AdamW over named parameters: the encoder apart, vectors and embeddings without weight decay."""
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for name, parameter in parameters.items():
        plain = parameter.ndim < 2 or "embed" in name or "token" in name or "tpos" in name or "no_" in name
        groups.setdefault((name.startswith("image_encoder."), plain), []).append(parameter)
    return torch.optim.AdamW(
        [
            {
                "params": members,
                "share": schedule.encoder_share if encoder else 1.0,
                "weight_decay": 0.0 if plain else schedule.decay,
            }
            for (encoder, plain), members in groups.items()
        ],
        lr=schedule.lr,
    )


class Averaged:
    """Exponential average of weights; young averages follow faster."""

    def __init__(self, parameters: Mapping[str, nn.Parameter], keep: float) -> None:
        self.keep = keep
        self.values = {name: p.detach().clone() for name, p in parameters.items()}

    @torch.no_grad()
    def update(self, parameters: Mapping[str, nn.Parameter], step: int) -> None:
        """Take in the weights after step `step`, counted from 1."""
        new = 1 - min(self.keep, step / (9 + step))
        torch._foreach_lerp_(list(self.values.values()), [parameters[name].detach() for name in self.values], new)

    def restore(self, values: Mapping[str, Tensor]) -> None:
        """Take the average of an earlier part of the run."""
        for name, value in self.values.items():
            value.copy_(values[name])

    @contextmanager
    def in_place(self, parameters: Mapping[str, nn.Parameter]) -> Iterator[None]:
        """The average in the model's place, for as long as this lasts."""
        self._swap(parameters)
        try:
            yield
        finally:
            self._swap(parameters)

    @torch.no_grad()
    def _swap(self, parameters: Mapping[str, nn.Parameter]) -> None:
        for name, value in self.values.items():
            held = parameters[name].detach().clone()
            parameters[name].copy_(value)
            value.copy_(held)
