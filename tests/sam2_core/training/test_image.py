"""Training on pictures: it learns, it goes on where it stopped, and it says in a sentence why it cannot."""

import os
import signal
from pathlib import Path

import pytest
import torch
from torch import Tensor

from sam2_core.checkpoints import load_weights, read_state_dict, recognise
from sam2_core.errors import TrainingError
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.training.augment import Augmentation
from sam2_core.training.image import Examples, PictureBatch, PictureTask, batches, held_out, main
from sam2_core.training.log import read_log
from sam2_core.training.loop import Losses, Outcome, Pace, Run
from sam2_core.training.losses import LossWeights
from sam2_core.training.optimiser import Schedule
from sam2_core.training.pictures import read_sets
from sam2_core.training.rounds import Interaction
from sam2_core.training.saved import read_state
from support.tiny_model import tiny_checkpoint
from support.toy_pictures import toy_folder, toy_model

STILL = Augmentation(flip=False, crop=0.0, turn=0.0, colour=0.0)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Toy pictures."""
    return toy_folder(tmp_path / "data")


def task(data: Path) -> PictureTask:
    """Few corrections, one held-out picture."""
    pictures = held_out(read_sets([data], "val"), 1)
    return PictureTask(Interaction(corrections=1, stride=1), LossWeights(), pictures)


def a_run(data: Path, out: Path, steps: int, *, of: PictureTask | None = None, log_steps: int = 1) -> Run[PictureBatch]:
    """A run of the toy model."""
    schedule = Schedule(steps, lr=2e-3, warmup=2, ema=0.9)
    pace = Pace(log_steps=log_steps)
    return Run(out, toy_model(), of or task(data), schedule, pace, seed=3, recipe={}, say=lambda text: None)


def train(run: Run[PictureBatch], data: Path, steps: int) -> Outcome:
    """Train on the toy pictures."""
    examples = Examples(read_sets([data], "train"), 3, 64, 2, STILL)
    return run.train(lambda first: batches(examples, first, batch=2, steps=steps, workers=0))


def test_the_loss_falls_and_the_model_is_one_that_loads(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    outcome = train(a_run(data, out, 15, log_steps=5), data, 15)
    assert outcome == Outcome(15, "finished")
    losses = [row["loss"] for row in read_log(out / "log.csv") if "loss" in row]
    assert losses[-1] < 0.8 * losses[0]
    scores = [row for row in read_log(out / "log.csv") if "1 click" in row]
    assert [row["step"] for row in scores] == [0, 15]
    config = recognise(out / "model.safetensors")
    load_weights(SAM2VideoPredictor(config), out / "model.safetensors")
    assert config.image_size == 64
    assert (out / "plot.png").stat().st_size > 1000


def test_a_stopped_run_goes_on_as_if_it_had_not_stopped(data: Path, tmp_path: Path) -> None:
    train(a_run(data, tmp_path / "once", 4), data, 4)
    schedule = Schedule(4, lr=2e-3, warmup=2, ema=0.9)
    first = Run(
        tmp_path / "twice", toy_model(), task(data), schedule, Pace(minutes=0), seed=3, recipe={}, say=lambda text: None
    )
    assert train(first, data, 4) == Outcome(1, "time")
    second = a_run(data, tmp_path / "twice", 4)
    assert second.step == 1
    train(second, data, 4)
    once, twice = (read_state(tmp_path / name / "state.safetensors") for name in ("once", "twice"))
    assert once.tensors.keys() == twice.tensors.keys()
    assert all(torch.equal(once.tensors[name], twice.tensors[name]) for name in once.tensors)
    assert [row["step"] for row in read_log(tmp_path / "twice" / "log.csv")] == [0, 2, 3, 4]


def test_a_row_after_a_pause_is_the_mean_of_its_own_steps(data: Path, tmp_path: Path) -> None:
    train(a_run(data, tmp_path / "once", 2), data, 2)
    schedule, pause = Schedule(2, lr=2e-3, warmup=2, ema=0.9), Pace(minutes=0)
    train(
        Run(tmp_path / "twice", toy_model(), task(data), schedule, pause, seed=3, recipe={}, say=lambda text: None),
        data,
        2,
    )
    train(a_run(data, tmp_path / "twice", 2, log_steps=2), data, 2)
    once, twice = (read_log(tmp_path / name / "log.csv")[-1] for name in ("once", "twice"))
    assert once["step"] == twice["step"] == 2
    assert once["loss"] == twice["loss"]


class Broken(PictureTask):
    """A task whose loss breaks at its third batch."""

    calls = 0

    def losses(self, model: SAM2Base, batch: PictureBatch, generator: torch.Generator) -> Losses:
        """Not a number from the third batch on."""
        self.calls += 1
        losses = super().losses(model, batch, generator)
        factor = float("nan") if self.calls > 2 else 1.0
        return {**losses, "loss": losses["loss"] * factor}


def test_a_loss_that_is_no_number_ends_the_run_and_leaves_the_saved_state(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    train(a_run(data, out, 2), data, 2)
    before = (out / "state.safetensors").read_bytes()
    broken = Broken(Interaction(corrections=0), LossWeights(), [])
    broken.calls = 2
    with pytest.raises(TrainingError, match=r"no number any more at step 2.*--lr"):
        train(a_run(data, out, 5, of=broken), data, 5)
    assert (out / "state.safetensors").read_bytes() == before


class Interrupting(PictureTask):
    """A task during whose first step Ctrl+C is pressed."""

    def losses(self, model: SAM2Base, batch: PictureBatch, generator: torch.Generator) -> dict[str, Tensor]:
        """As usual."""
        os.kill(os.getpid(), signal.SIGINT)
        return dict(super().losses(model, batch, generator))


def test_an_interrupt_ends_the_run_after_its_step_with_everything_saved(data: Path, tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGINT)
    interrupting = Interrupting(Interaction(corrections=0), LossWeights(), [])
    outcome = train(a_run(data, tmp_path / "run", 5, of=interrupting), data, 5)
    assert outcome == Outcome(1, "interrupted")
    assert read_state(tmp_path / "run" / "state.safetensors").facts["step"] == 1
    assert signal.getsignal(signal.SIGINT) is before


def test_other_settings_are_refused_by_name(data: Path, tmp_path: Path) -> None:
    train(a_run(data, tmp_path / "run", 1), data, 1)
    with pytest.raises(TrainingError, match=r"other settings \(lr\)"):
        Run(
            tmp_path / "run",
            toy_model(),
            task(data),
            Schedule(1, lr=1.0, warmup=2, ema=0.9),
            Pace(),
            seed=3,
            recipe={},
        )


def test_the_command_trains_and_goes_on(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    checkpoint = tiny_checkpoint(tmp_path / "tiny.safetensors")
    before = checkpoint.read_bytes()
    command = ["--data", str(data), "--model", str(checkpoint), "--out", str(tmp_path / "run"), "--size", "64"]
    command += ["--batch", "2", "--objects", "2", "--log-steps", "1", "--device", "cpu", "--held-out", "1"]
    assert main([*command, "--steps", "1"]) == 0
    assert main([*command, "--steps", "2"]) == 0
    assert "Going on from step 1." in capsys.readouterr().out
    assert checkpoint.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--data", "nowhere", "--out", "run"], "There is no folder nowhere"),
        (["--data", "data", "--out", "data"], "holds other files"),
        (["--data", "data", "--out", "run", "--model", "none.safetensors"], "There is no checkpoint file"),
        (["--data", "data", "--out", "run", "--steps", "0"], "--steps must be more than 0"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    options: list[str],
    words: str,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(data.parent)
    assert main(options) == 1
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_a_teacher_scenes_and_chosen_parts(data: Path, tmp_path: Path) -> None:
    checkpoint, run = tiny_checkpoint(tmp_path / "tiny.safetensors"), tmp_path / "run"
    command = ["--data", str(data), "--model", str(checkpoint), "--out", str(run), "--size", "64", "--batch", "1"]
    command += ["--objects", "1", "--log-steps", "1", "--device", "cpu", "--held-out", "0", "--scenes", "1"]
    command += ["--teacher", str(checkpoint), "--train", "neck"]
    assert main([*command, "--steps", "1"]) == 0
    assert main([*command, "--steps", "2"]) == 0
    before, after = read_state_dict(checkpoint), read_state_dict(run / "model.safetensors")
    changed = {name.split(".")[1] for name in before if not torch.equal(before[name], after[name])}
    assert changed == {"neck"}
    assert before.keys() == after.keys()
    assert "extra.project.weight" in {name.split("/")[1] for name in read_state(run / "state.safetensors").tensors}
    assert all(0 < row["teacher"] < 2 for row in read_log(run / "log.csv"))
