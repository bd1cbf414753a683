"""The loop of every kind of training: batches in, steps of the optimiser, averaged weights, log, state to go on from.

Everything random about step n follows from the seed and n, so a run that was stopped goes on as if it had not been.
"""

import json
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Generic, Protocol, TypeVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from sam2_core.devices import autocast_for, precision_for
from sam2_core.errors import TrainingError
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.training.log import TrainingLog
from sam2_core.training.losses import PARTS
from sam2_core.training.optimiser import Averaged, Schedule, make_optimizer
from sam2_core.training.plot import plot
from sam2_core.training.saved import (
    LOG,
    PLOT,
    RunState,
    open_run,
    optimizer_tensors,
    restore_optimizer,
    write_model,
    write_state,
)

Batch = TypeVar("Batch")
BatchIn = TypeVar("BatchIn", contravariant=True)
Losses = Mapping[str, Tensor]
_STATE_COPIES = 3  # of the weights in a state: weights, averaged weights, two moments; one more while it is replaced


class Task(Protocol[BatchIn]):
    """What is trained: losses of a batch, "loss" being the one to lower, and scores on held-out examples."""

    def losses(self, model: SAM2Base, batch: BatchIn, generator: torch.Generator) -> Losses:
        """Losses of a batch by name; `generator` is the only source of chance."""
        ...

    def scores(self, model: SAM2Base) -> dict[str, float]:
        """Scores by name, of a model in evaluation mode."""
        ...


class Watch(Protocol):
    """Hears how a run goes; True from either ends it."""

    def stepped(self, step: int, losses: Mapping[str, float]) -> bool:
        """A step is done."""
        ...

    def scored(self, step: int, scores: Mapping[str, float]) -> bool:
        """The model was measured; while this lasts it holds the weights that were."""
        ...


@dataclass(frozen=True, slots=True)
class Pace:
    """When a run stops and how often it saves, logs (steps) and measures: by time, or every `score_steps`.

    minutes None is without limit.
    """

    minutes: float | None = None
    checkpoint_minutes: float = 4.0
    log_steps: int = 20
    score_minutes: float = 30.0
    precision: str = "auto"
    score_steps: int | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Steps done in all, and why the run ended: "finished", "time", "interrupted" or, by its watch, "stopped"."""

    step: int
    reason: str


class Run(Generic[Batch]):
    """A model in training in a folder of its own. `extra` holds modules that train along and are not exported."""

    def __init__(
        self,
        folder: Path,
        model: SAM2Base,
        task: Task[Batch],
        schedule: Schedule,
        pace: Pace,
        *,
        seed: int,
        recipe: Mapping[str, object],
        extra: nn.Module | None = None,
        say: Callable[[str], None] = print,
        watch: Watch | None = None,
    ) -> None:
        """Raises TrainingError where the folder cannot serve, or holds a run of another recipe."""
        self.folder, self.model, self.task, self.schedule, self.pace = folder, model, task, schedule, pace
        self.seed, self.say, self.watch = seed, say, watch
        self.recipe = json.loads(json.dumps({**recipe, **asdict(schedule), "seed": seed}))
        del self.recipe["steps"]  # a schedule may be made longer
        self.parameters = {name: p for name, p in model.named_parameters() if p.requires_grad}
        if extra is not None:
            self.parameters |= {f"extra.{name}": p for name, p in extra.named_parameters()}
        half = precision_for(model.device, pace.precision) is torch.float16
        self.precision = "float32" if half else pace.precision  # float16 would need scaled losses
        self.optimizer = make_optimizer(self.parameters, schedule)
        self.averaged = Averaged(self.parameters, schedule.ema)
        self.step, self.seconds = 0, 0.0
        size = sum(p.numel() * 4 for p in self.parameters.values())
        found = open_run(folder, needed=2 * (_STATE_COPIES + 1) * size)
        if found is not None:
            self._restore(found)
        self.log = TrainingLog(folder / LOG, upto=self.step)

    def _restore(self, found: RunState) -> None:
        if found.facts["recipe"] != self.recipe:
            ours = self.recipe.items()
            differing = [name for name, value in ours if found.facts["recipe"].get(name) != value]
            raise TrainingError(
                f"{self.folder} holds a run with other settings ({', '.join(differing) or 'fewer'}); "
                "give the same ones to go on, or name a new folder."
            )
        of = {part: _under(found.tensors, part + "/") for part in ("weights", "averaged", "optimizer")}
        with torch.no_grad():
            for name, parameter in self.parameters.items():
                parameter.copy_(of["weights"][name])
        self.averaged.restore(of["averaged"])
        restore_optimizer(self.optimizer, self.parameters, of["optimizer"])
        self.step, self.seconds = int(found.facts["step"]), float(found.facts["seconds"])
        self.say(f"Going on from step {self.step}.")

    def train(self, batches: Callable[[int], Iterable[Batch]]) -> Outcome:
        """Train until the schedule, the time or the person ends it; `batches(n)` gives those from step n on.

        Raises:
            TrainingError: the loss is no number any more. OSError: the disk is full. The last state stays.
        """
        began = saved = scored = time.monotonic()
        before, reason = self.seconds, "finished"
        with _stop_signals() as stopped:
            if self.step == 0 and not self.log.rows:
                self._score()
            seen: list[dict[str, float]] = []  # since the last row of the log
            for batch in batches(self.step):
                if self.step >= self.schedule.steps:
                    break
                losses = self._one_step(batch)
                seen.append(losses)
                now = time.monotonic()
                self.seconds = before + now - began
                enough = self.watch is not None and self.watch.stepped(self.step, losses)
                if self.step % self.pace.log_steps == 0:
                    self._log({name: float(np.mean([row[name] for row in seen])) for name in losses})
                    seen = []
                limit = self.pace.minutes is not None and now - began >= 60 * self.pace.minutes
                if not (enough or stopped() or limit) and self._due(now - scored):
                    enough = self._score()
                    scored = time.monotonic()
                if enough or stopped() or limit:
                    reason = "interrupted" if stopped() else "time" if limit else "stopped"
                    break
                if now - saved >= 60 * self.pace.checkpoint_minutes:
                    self.save()
                    saved = time.monotonic()
            if reason == "finished":
                self._score()
            self.save()
        return Outcome(self.step, reason)

    def _one_step(self, batch: Batch) -> dict[str, float]:
        self.schedule.apply(self.optimizer, self.step)
        generator = step_generator(self.seed, self.step, self.model.device)
        self.model.train()
        self.optimizer.zero_grad(set_to_none=True)
        with autocast_for(self.model.device, self.precision), self._attention():
            losses = self.task.losses(self.model, batch, generator)
        torch.autograd.backward(losses["loss"])
        norm = nn.utils.clip_grad_norm_(self.parameters.values(), self.schedule.clip)
        if not (torch.isfinite(losses["loss"]) and torch.isfinite(norm)):
            raise TrainingError(
                f"The loss is no number any more at step {self.step}; give a lower --lr in a new folder, starting from "
                f"{self.folder / 'model.safetensors'}."
            )
        self.optimizer.step()
        self.step += 1
        self.averaged.update(self.parameters, self.step)
        return {**{name: loss.item() for name, loss in losses.items()}, "gradient": norm.item()}

    def _attention(self) -> AbstractContextManager[object]:
        """Plain products on a CPU in half precision, where the fused kernel's gradient takes many times as long."""
        half = self.model.device.type == "cpu" and precision_for(self.model.device, self.precision) is not torch.float32
        return sdpa_kernel(SDPBackend.MATH) if half else nullcontext()

    def _log(self, figures: Mapping[str, float]) -> None:
        self.log.add({"step": self.step, "seconds": self.seconds, "lr": self.schedule.rate(self.step), **figures})
        self.say(f"step {self.step:7}  " + "  ".join(f"{name} {value:.4f}" for name, value in figures.items()))

    def _due(self, seconds: float) -> bool:
        """Whether it is time to measure, `seconds` after the last time."""
        if self.pace.score_steps is not None:
            return self.step % self.pace.score_steps == 0 and self.step < self.schedule.steps
        return seconds >= 60 * self.pace.score_minutes

    def _score(self) -> bool:
        """Measure; whether the watch has had enough."""
        self.model.eval()
        with self.averaged.in_place(self.parameters):
            scores = self.task.scores(self.model)
            enough = self.watch is not None and self.watch.scored(self.step, scores)
        if scores:
            self.log.add({"step": self.step, "seconds": self.seconds, **scores})
            self.say(f"step {self.step:7}  held out: " + "  ".join(f"{name} {x:.3f}" for name, x in scores.items()))
        return enough

    def save(self) -> None:
        """Write state, model and plot.

        Raises:
            OSError: the disk is full; what was there before stays.
        """
        names = {id(p): name for name, p in self.parameters.items()}
        tensors = {f"weights/{name}": p.detach() for name, p in self.parameters.items()}
        tensors |= {f"averaged/{name}": value for name, value in self.averaged.values.items()}
        tensors |= {f"optimizer/{name}": v for name, v in optimizer_tensors(self.optimizer, names).items()}
        facts = {"step": self.step, "seconds": self.seconds, "recipe": self.recipe}
        with self.averaged.in_place(self.parameters):
            write_model(self.folder, self.model.config, self.model.state_dict(), {"trained_steps": self.step})
        write_state(self.folder, RunState(tensors, facts))
        columns = list(dict.fromkeys(name for row in self.log.rows for name in row))
        scores = [name for name in columns if name not in _NOT_SCORES]
        plot(self.folder / PLOT, self.log.rows, ("loss", "dice", "iou", "presence"), scores)


_NOT_SCORES = {"step", "seconds", "lr", "loss", *PARTS, "gradient", "features", "teacher", "pictures"}


def step_generator(seed: int, step: int, device: torch.device) -> torch.Generator:
    """The source of everything random about a step."""
    number = int(np.random.SeedSequence((seed, step)).generate_state(1)[0])
    return torch.Generator(device).manual_seed(number)


def _under(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


@contextmanager
def _stop_signals() -> Iterator[Callable[[], bool]]:
    """Interrupts end the run after the step it is in; a second one ends it at once."""
    asked = False

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    numbers = (signal.SIGINT, signal.SIGTERM)
    try:
        before = {number: signal.signal(number, ask) for number in numbers}
    except ValueError:  # not in the main thread: whoever runs this there stops it otherwise
        yield lambda: False
        return
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
