"""Options that training commands share."""

import argparse
import os
from dataclasses import replace
from pathlib import Path

import torch

from sam2_core.build_sam import build_sam2_video_predictor
from sam2_core.checkpoints import BUNDLED
from sam2_core.config import CONFIGS
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.training.command import load_model
from sam2_core.training.features import PARTS, train_only
from sam2_core.training.loop import Pace
from sam2_core.training.optimiser import Schedule


def add_common(parser: argparse.ArgumentParser, *, batch: int, lr: float) -> None:
    """Data, model, pace and schedule."""
    add = parser.add_argument
    add("--data", type=Path, nargs="+", required=True, help="folders of labelled pictures, plain or packed")
    add("--out", type=Path, required=True, help="folder of the run; one that holds a run goes on")
    add("--model", help="start from this checkpoint (a file or a model's name); without it from nothing")
    add("--size", type=int, help="side of the model's input; default the model's own")
    add("--steps", type=int, default=20000, help="length of the schedule in batches (%(default)s)")
    add("--minutes", type=float, help="stop after this time; the same command goes on later")
    add("--batch", type=int, default=batch, help="pictures or clips per step (%(default)s)")
    add("--lr", type=float, default=lr, help="largest step size (%(default)s)")
    add("--encoder-share", type=float, default=0.5, help="the image encoder's part of the step size (%(default)s)")
    add("--warmup", type=int, default=200, help="steps until the largest step size (%(default)s)")
    add("--loss-stride", type=int, default=2, help="input pixels per cell in which masks are compared (%(default)s)")
    add("--held-out", type=int, default=40, help="held-out pictures to measure on (%(default)s)")
    add("--score-minutes", type=float, default=30, help="time between measurements (%(default)s)")
    add("--checkpoint-minutes", type=float, default=4, help="time between checkpoints (%(default)s)")
    add("--log-steps", type=int, default=20, help="steps per row of the log (%(default)s)")
    add("--train", nargs="+", choices=tuple(PARTS), default=list(PARTS), help="parts of the model that learn (all)")
    add("--seed", type=int, default=0, help="everything random follows from it (%(default)s)")
    add("--device", help="cuda, mps or cpu; default the best there is")
    add("--precision", choices=("auto", "float32", "bfloat16"), default="auto", help="bfloat16 on CUDA by default")
    add("--workers", type=int, default=_workers(), help="processes that prepare examples (%(default)s)")


def starting_model(options: argparse.Namespace) -> SAM2Base:
    """A checkpoint's model, or an untrained sam2-nano that follows from the seed; only the parts to train learn.

    Raises:
        EngineError: the checkpoint or the device cannot be used.
    """
    model: SAM2Base
    if options.model is not None:
        model = load_model(options.model, device=options.device, image_size=options.size)
    else:
        torch.manual_seed(options.seed)
        config = CONFIGS[BUNDLED]
        config = replace(config, image_size=options.size or config.image_size)
        model = build_sam2_video_predictor(config, device=options.device, apply_postprocessing=False)
    train_only(model, options.train)
    return model


def _workers() -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(12, cores - 1) if cores > 4 else 0


def schedule_of(options: argparse.Namespace) -> Schedule:
    """The schedule the options describe.

    Raises:
        ValueError: numbers that cannot be used.
    """
    for name in ("steps", "batch", "lr", "log_steps", "loss_stride"):
        if getattr(options, name) <= 0:
            raise ValueError(f"--{name.replace('_', '-')} must be more than 0.")
    return Schedule(options.steps, options.lr, options.warmup, options.encoder_share)


def pace_of(options: argparse.Namespace) -> Pace:
    """How often to save, log and measure."""
    return Pace(
        options.minutes, options.checkpoint_minutes, options.log_steps, options.score_minutes, options.precision
    )
