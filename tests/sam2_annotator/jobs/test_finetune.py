"""Fine-tuning on what a person confirmed: what is refused before any time is spent, what comes out, what stays."""

import errno
import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from sam2_annotator.doc import Project
from sam2_annotator.engine.teaching import Scored, Stepped
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import AnnotatorError, Cancelled, MediaError, TrainingFailed, UsageError
from sam2_annotator.jobs import finetune
from sam2_annotator.jobs.finetune import Done, FinetuneSpec, Prepared
from sam2_core.training.command import load_model
from sam2_core.training.finetune import FineTuning
from sam2_core.training.image import PictureTask
from sam2_core.training.loop import Pace
from support.confirmed import confirmed_project, toy_checkpoint
from support.documents import tables


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return toy_checkpoint(tmp_path_factory.mktemp("model") / "toy.safetensors")


@pytest.fixture
def spec(tmp_path, model, monkeypatch):
    """Quick steps, large enough to learn, and few general scenes."""
    monkeypatch.setattr("sam2_core.training.finetune._SCENES", 2)
    project = confirmed_project(tmp_path / "work.s2p")
    return FinetuneSpec(project, str(model), tmp_path / "new.safetensors", steps=8, lr=3e-3, device="cpu")


def run(spec, token=None):
    events = []
    finetune.run(spec, events.append, token or CancelToken())
    return events


def test_a_model_comes_out_that_is_better_and_the_project_is_as_it_was(spec):
    before = tables(spec.project)
    events = run(spec)
    assert events[0] == Prepared(14, 4, 7, 0, {"white": 7, "red": 7}, ("decoder",), "cpu")
    steps = [event for event in events if isinstance(event, Stepped)]
    assert [step.step for step in steps] == list(range(1, 9))
    assert [event.step for event in events if isinstance(event, Scored)] == [0, 8]
    done = events[-1]
    assert isinstance(done, Done)
    assert done.after.own_mean > done.before.own_mean
    load_model(str(done.model))
    told = json.loads(done.model.with_suffix(".json").read_text())["finetuned"]
    assert told["after"]["own"] == done.after.own
    with Image.open(done.sheet) as sheet:
        assert sheet.width > 400
    assert "box" in done.log.read_text()
    assert tables(spec.project) == before
    assert not list(spec.out.parent.glob("*.partial"))


def test_labels_choose_what_is_learned_from(spec):
    with pytest.raises(UsageError, match="7 confirmed masks of red are too few"):
        run(replace(spec, labels=("red",), dry_run=True))


def test_what_is_not_confirmed_is_not_learned_from(spec):
    with Project.open(spec.project) as project:
        project.undo()
    assert run(replace(spec, dry_run=True))[0].masks == 13


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"project": Path("gone.s2p")}, "no project 'gone.s2p'"),
        ({"labels": ("dog",)}, "no label 'dog'"),
        ({"parts": ("trunk",)}, "'trunk'"),
        ({"out": Path("model.bin")}, "safetensors"),
        ({"general": Path("gone")}, "gone"),
        ({"model": "sam2-nanno"}, "sam2-nanno"),
        ({"device": "abacus"}, "abacus"),
    ],
)
def test_refused_before_any_training(spec, changes, words):
    with pytest.raises(AnnotatorError, match=words) as refused:
        run(replace(spec, **changes, dry_run=True))
    assert not isinstance(refused.value, TrainingFailed)


def test_too_little_is_refused_with_what_is_needed(spec, tmp_path, monkeypatch):
    few = confirmed_project(tmp_path / "few.s2p", pictures=4)
    with pytest.raises(UsageError, match="8 confirmed masks are too few to learn from; 10 are needed"):
        run(replace(spec, project=few))
    monkeypatch.setattr(finetune, "LEAST_MASKS", 4)
    narrow = confirmed_project(tmp_path / "narrow.s2p", pictures=2)
    with pytest.raises(UsageError, match=r"too few pictures \(2\); 3 are needed"):
        run(replace(spec, project=narrow))


@pytest.mark.parametrize("ending", [".safetensors", ".json", ".png"])
def test_nothing_is_overwritten(spec, ending):
    spec.out.with_suffix(ending).write_text("mine")
    with pytest.raises(UsageError, match="exists already"):
        run(spec)
    assert spec.out.with_suffix(ending).read_text() == "mine"


def test_missing_media_are_named(spec):
    spec.project.with_name("work 3.png").unlink()
    with pytest.raises(MediaError, match=r"'work 3\.png' has confirmed masks"):
        run(replace(spec, dry_run=True))


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_something_is_always_held_back_and_most_is_learned_from(spec, share):
    assert run(replace(spec, held_out=share, dry_run=True))[0].held_out == (2 if share == 0 else 6)


def test_a_full_disk_is_refused_at_once(spec, monkeypatch):
    usage = shutil.disk_usage(spec.out.parent)._replace(free=3 << 20)
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage)
    with pytest.raises(UsageError, match="3 MiB left, and 7 MiB are needed"):
        run(replace(spec, dry_run=True))


def test_a_disk_that_fills_up_is_told_in_a_sentence(spec, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device", "model.part")

    monkeypatch.setattr("sam2_core.training.saved.os.fsync", full)
    with pytest.raises(TrainingFailed, match=r"disk of .* is full; make room and give the same command again"):
        run(spec)
    assert not spec.out.exists()


def test_nothing_gained_writes_nothing(spec, tmp_path):
    seeing = toy_checkpoint(tmp_path / "seeing.safetensors", blank=False)
    with pytest.raises(TrainingFailed, match="gained nothing"):
        run(replace(spec, model=str(seeing), steps=1, lr=1e-12))
    assert not list(spec.out.parent.glob("new*"))


def lost_after(steps, monkeypatch):
    """The loss is no number after some steps; measured every fourth."""
    losses, taken = PictureTask.losses, []

    def poor(*args):
        taken.append(1)
        found = losses(*args)
        return found if len(taken) <= steps else {**found, "loss": found["loss"] * float("nan")}

    monkeypatch.setattr(PictureTask, "losses", poor)
    monkeypatch.setattr(
        "sam2_annotator.engine.teaching.FineTuning",
        lambda *args, **names: FineTuning(*args, **{**names, "score_steps": 4}),
    )


def test_a_loss_that_is_no_number_leaves_what_was_gained(spec, monkeypatch):
    lost_after(5, monkeypatch)
    done = run(spec)[-1]
    assert done.reason == "broke off"
    assert done.after.own_mean > done.before.own_mean


def test_a_loss_that_is_no_number_at_once_is_told(spec, monkeypatch):
    lost_after(0, monkeypatch)
    with pytest.raises(TrainingFailed, match="no number"):
        run(spec)
    assert not spec.out.exists()


def test_stopped_before_it_began(spec):
    token = CancelToken()
    token.set()
    with pytest.raises(Cancelled):
        run(spec, token)
    assert not spec.out.exists()


class Killed(BaseException):
    """As when the process ends."""


def kill_at_step(number, spec, monkeypatch):
    def tell(event):
        if isinstance(event, Stepped) and event.step == number:
            raise Killed

    monkeypatch.setattr(
        "sam2_core.training.finetune.Pace", lambda *args, **names: Pace(*args, **{**names, "checkpoint_minutes": 0.0})
    )
    with pytest.raises(Killed):
        finetune.run(spec, tell, CancelToken())


def test_a_killed_run_goes_on(spec, monkeypatch):
    kill_at_step(5, spec, monkeypatch)
    events = run(spec)
    assert [event.step for event in events if isinstance(event, Stepped)] == list(range(5, 9))
    assert isinstance(events[-1], Done)


def test_a_killed_run_does_not_stand_in_the_way_of_another(spec, monkeypatch):
    kill_at_step(3, spec, monkeypatch)
    events = run(replace(spec, seed=1, steps=4))
    assert [event.step for event in events if isinstance(event, Stepped)] == [1, 2, 3, 4]
    assert isinstance(events[-1], Done)


def test_stopped_between_measurements_keeps_what_was_gained(spec):
    token, events = CancelToken(), []

    def tell(event):
        events.append(event)
        if isinstance(event, Stepped) and event.step == 6:
            token.set()

    finetune.run(spec, tell, token)
    assert isinstance(events[-1], Done)
    assert events[-1].reason == "stopped"
    assert [event.step for event in events if isinstance(event, Scored)] == [0, 6]
