"""Fine-tuning: a model learns from a few labelled pictures, and keeps what it could do.

Three things hold it: only parts of it learn, composed scenes are mixed in, and what comes out is a mixture of the old
and the new weights (WiSE-FT, arXiv 2109.01903), the one that is best on pictures held back without becoming worse on
general ones.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from sam2_core.errors import TrainingError
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.training.augment import Augmentation
from sam2_core.training.features import train_only
from sam2_core.training.image import Examples, PictureBatch, PictureTask, batches
from sam2_core.training.loop import Outcome, Pace, Run
from sam2_core.training.losses import LossWeights
from sam2_core.training.optimiser import Schedule
from sam2_core.training.pictures import PictureSet
from sam2_core.training.rounds import Interaction
from sam2_core.training.scenes import Mixed, ScenePictures, SceneRecipe, compose
from sam2_core.training.still_scores import MEASURES, Picture, by_model, mean_ious, score_stills

TRAINABLE = ("decoder", "neck")
MEASURED = tuple(name for name in MEASURES if name != "5 clicks")
MOST_FALL = 0.01  # of the mean score on general pictures
_REASONS = {"interrupted": "stopped"}  # by a signal, as by a word
_SHARES = (1.0, 0.75, 0.5, 0.25, 0.1)  # of the new weights, as tried
_SCENES_SEED = 20260101
_SCENES = 12
_GENERAL_OBJECTS = 3

Scores = dict[str, float]


@dataclass(frozen=True, slots=True)
class FineTuning:
    """How a model is fine-tuned. scenes: share of composed scenes; patience: measurements without a gain before it
    ends; steps and minutes: whichever comes first.
    """

    parts: tuple[str, ...] = ("decoder",)
    steps: int = 300
    minutes: float | None = None
    batch: int = 2
    objects: int = 4
    lr: float = 1e-4
    scenes: float = 0.3
    score_steps: int = 50
    patience: int = 3
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is learned from: pictures to train on, and pictures to measure on, of the same kind and general ones."""

    pictures: PictureSet
    own: Sequence[Picture]
    general: Sequence[Picture]


@dataclass(frozen=True, slots=True)
class Measured:
    """Mean IoU by measure on the pictures held back and on general ones."""

    own: Scores
    general: Scores

    @property
    def own_mean(self) -> float:
        """Mean over the measures of the own pictures."""
        return float(np.mean(list(self.own.values())))

    @property
    def general_mean(self) -> float:
        """Mean over the measures of the general pictures."""
        return float(np.mean(list(self.general.values())))

    def fell(self, before: "Measured") -> bool:
        """Whether general scores are lower than before by more than the limit."""
        return self.general_mean < before.general_mean - MOST_FALL


@dataclass(frozen=True, slots=True)
class Tuned:
    """What came out: weights of the parts that learned, and how the model measures with them. `share` is theirs in the
    mixture with the old ones. `reason` it ended: "finished", "early stop", "time", "stopped", or "broke off" where the
    loss was no number any more after something had been gained.
    """

    reason: str
    steps: int
    before: Measured
    after: Measured
    share: float
    weights: Mapping[str, Tensor]


@dataclass(frozen=True, slots=True)
class Stepped:
    """A step is done; `seconds_left` by the pace so far."""

    step: int
    of: int
    loss: float
    seconds: float
    seconds_left: float


@dataclass(frozen=True, slots=True)
class Scored:
    """The model was measured; at step 0 it is the old one."""

    step: int
    measured: Measured


Tell = Callable[[Stepped | Scored], None]


def general_scenes(side: int) -> list[Picture]:
    """Composed scenes of drawn shapes to measure on, the same ones every time."""
    how = SceneRecipe(drawn=1.0, textured=1.0, things=_GENERAL_OBJECTS)
    found = []
    for number in range(_SCENES):
        scene = compose(None, np.random.default_rng((_SCENES_SEED, number)), side=side, how=how)
        values = [int(v) for v in np.unique(scene.labels[0]) if v]
        masks = tuple(scene.labels[0] == value for value in values)
        if masks:
            found.append(Picture(f"scene {number}", scene.frames[0], masks))
    return found


def fine_tune(
    model: SAM2Base, lesson: Lesson, folder: Path, how: FineTuning, *, tell: Tell, stop: Callable[[], bool]
) -> Tuned:
    """Train in `folder`, or go on there, until it gains no more, is over, or `stop` says so.

    Raises:
        TrainingError: the folder cannot serve, or the loss was no number before anything was gained. OSError: the disk
        is full.
    """
    train_only(model, how.parts)
    old = {name: p.detach().clone() for name, p in model.named_parameters() if p.requires_grad}
    measure = _Measuring(lesson)
    task = _Task(measure, Interaction(corrections=1), LossWeights())
    watch = _Watch(how, tell, stop, task)
    recipe = {**asdict(how), "kind": "finetune", "pictures": [entry.facts for entry in lesson.pictures.entries]}
    del recipe["steps"], recipe["minutes"]
    # averages of few steps must follow soon
    schedule = Schedule(how.steps, how.lr, warmup=min(20, how.steps // 4), ema=0.97)
    pace = Pace(how.minutes, checkpoint_minutes=1.0, log_steps=10, score_steps=how.score_steps)
    run = Run(folder, model, task, schedule, pace, seed=how.seed, recipe=recipe, say=_silent, watch=watch)
    watch.model, watch.resumed_at = model, run.step
    scenes = ScenePictures(lesson.pictures, model.image_size, SceneRecipe())
    drawn = Mixed(lesson.pictures, scenes, how.scenes)
    examples = Examples(drawn, how.seed, model.image_size, how.objects, Augmentation())
    if run.step:  # the model is further on by now
        now = {name: p.detach().clone() for name, p in model.named_parameters() if name in old}
        _put(model, old)
        model.eval()
        watch.scored(0, task.scores(model))
        _put(model, now)
    reason = _trained(run, watch, lambda first: batches(examples, first, batch=how.batch, steps=how.steps, workers=0))
    model.eval()
    if run.step > watch.scored_at:  # it ended between two measurements
        with run.averaged.in_place(run.parameters):
            watch.scored(run.step, task.scores(model))
    return _mixture(model, old, watch, measure, Outcome(run.step, reason))


def _trained(run: Run[PictureBatch], watch: "_Watch", drawn: Callable[[int], Iterable[PictureBatch]]) -> str:
    """Train; why it ended."""
    try:
        outcome = run.train(drawn)
    except TrainingError:
        if not watch.gained:
            raise
        return "broke off"
    return watch.reason or _REASONS.get(outcome.reason, outcome.reason)


def _mixture(
    model: SAM2Base, old: Mapping[str, Tensor], watch: "_Watch", measure: "_Measuring", outcome: Outcome
) -> Tuned:
    """Of the mixtures of old and best weights the one with the highest own score that fell nowhere; else the best."""
    before, new = watch.before, watch.best_weights
    tried: list[tuple[bool, float, Measured, float]] = []
    for share in _SHARES:
        _put(model, _mixed(old, new, share))
        measured = watch.best if share == 1.0 else measure(model)
        tried.append((not measured.fell(before), measured.own_mean, measured, share))
    _, _, after, share = max(tried, key=lambda one: one[:2])
    weights = _mixed(old, new, share)
    _put(model, weights)
    return Tuned(outcome.reason, outcome.step, before, after, share, weights)


def _mixed(old: Mapping[str, Tensor], new: Mapping[str, Tensor], share: float) -> dict[str, Tensor]:
    return {name: torch.lerp(value, new[name], share) for name, value in old.items()}


@torch.no_grad()
def _put(model: SAM2Base, weights: Mapping[str, Tensor]) -> None:
    for name, parameter in model.named_parameters():
        if name in weights:
            parameter.copy_(weights[name])


class _Measuring:
    """Measures a model on both sets of pictures."""

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson

    def __call__(self, model: SAM2Base) -> Measured:
        own, general = (
            mean_ious(score_stills(pictures, by_model(model), MEASURED))
            for pictures in (self.lesson.own, self.lesson.general)
        )
        return Measured(own, general)


class _Task(PictureTask):
    """Losses as for pictures; scores on both sets, the general ones marked."""

    def __init__(self, measure: _Measuring, how: Interaction, weights: LossWeights) -> None:
        super().__init__(how, weights, ())
        self.measure = measure
        self.last: Measured | None = None

    def scores(self, model: SAM2Base) -> dict[str, float]:
        """By measure; those of general pictures begin with "general"."""
        self.last = self.measure(model)
        return {**self.last.own, **{f"general {name}": value for name, value in self.last.general.items()}}


@dataclass(slots=True)
class _Watch:
    """Tells how it goes, keeps the best weights, and ends a run that gains no more."""

    how: FineTuning
    tell: Tell
    stop: Callable[[], bool]
    task: _Task
    model: SAM2Base | None = None
    resumed_at: int = 0
    began: float = field(default_factory=time.monotonic)
    idle: int = 0
    reason: str = ""
    measured: list[tuple[Measured, dict[str, Tensor]]] = field(default_factory=list)
    scored_at: int = 0

    @property
    def before(self) -> Measured:
        """As the old model measures."""
        return self.measured[0][0]

    @property
    def best(self) -> Measured:
        """As the best weights so far measure."""
        return self.measured[-1][0]

    @property
    def best_weights(self) -> dict[str, Tensor]:
        """The best weights so far of what learns."""
        return self.measured[-1][1]

    @property
    def gained(self) -> bool:
        """Whether weights were better than the old ones."""
        return len(self.measured) > 1

    def stepped(self, step: int, losses: Mapping[str, float]) -> bool:
        """Whether somebody asked to stop."""
        seconds = time.monotonic() - self.began
        done = max(1, step - self.resumed_at)
        left = seconds / done * (self.how.steps - step)
        if self.how.minutes is not None:
            left = min(left, max(0.0, 60 * self.how.minutes - seconds))
        self.tell(Stepped(step, self.how.steps, losses["loss"], seconds, left))
        if self.stop():
            self.reason = "stopped"
        return bool(self.reason)

    def scored(self, step: int, scores: Mapping[str, float]) -> bool:
        """Whether it gained nothing for too long."""
        measured, model = self.task.last, self.model
        assert measured is not None
        assert model is not None
        self.tell(Scored(step, measured))
        self.scored_at = step
        better = not self.measured or measured.own_mean > self.best.own_mean
        if better:
            weights = {name: p.detach().clone() for name, p in model.named_parameters() if p.requires_grad}
            self.measured = [*self.measured[:1], (measured, weights)]
            self.idle = 0
        elif step:
            self.idle += 1
        if self.idle >= self.how.patience:
            self.reason = "early stop"
        return bool(self.reason)


def _silent(text: str) -> None:
    """What a run says is told in other ways."""
