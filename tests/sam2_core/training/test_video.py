"""Memory training: it learns to follow, memories carry gradients, a stopped run goes on."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from sam2_core.frames import ArrayFrames
from sam2_core.session import VideoSession
from sam2_core.training.augment import Augmentation
from sam2_core.training.clip_scores import keep, score_clip
from sam2_core.training.clips import FolderClips, SceneClips, clip_example
from sam2_core.training.features import encoded, of_objects
from sam2_core.training.following import Bank, Following, decoded, follow, remember_given, with_memory
from sam2_core.training.image import PictureTask
from sam2_core.training.log import read_log
from sam2_core.training.loop import Pace, Run
from sam2_core.training.losses import LossWeights
from sam2_core.training.measured_sets import davis_clips
from sam2_core.training.optimiser import Schedule
from sam2_core.training.rounds import Interaction
from sam2_core.training.scenes import SceneRecipe
from sam2_core.training.scenes import main as write_scenes
from sam2_core.training.video import ClipBatch, ClipExamples, ClipTask, SceneClip, clip_batches, main
from support.tiny_model import tiny_checkpoint
from support.toy_pictures import toy_folder, toy_model

SHAPES = SceneRecipe(things=2, drawn=1.0, textured=1.0, alike=0.0, hidden=0.0, leaves=0.5)
STILL = Augmentation(flip=False, crop=0.0, turn=0.0, colour=0.0)
SCENES = SceneClips(None, 64, SHAPES)


def task(how: Following) -> ClipTask:
    return ClipTask(how, PictureTask(Interaction(stride=1), LossWeights(), []), [])


def examples(frames: int = 4) -> ClipExamples:
    return ClipExamples(SCENES, None, real_share=0, seed=1, size=64, frames=frames, objects=2, how=STILL)


def test_the_loss_of_following_falls(tmp_path: Path) -> None:
    clip = examples(frames=3)[0]
    batch = ClipBatch(torch.from_numpy(clip.images)[None], torch.from_numpy(clip.masks)[None], None)
    schedule, pace = Schedule(10, lr=4e-3, warmup=1), Pace(log_steps=2)
    run: Run[ClipBatch] = Run(
        tmp_path, toy_model(), task(Following(masks=1.0)), schedule, pace, seed=0, recipe={}, say=lambda text: None
    )
    run.train(lambda first: [batch] * 10)
    losses = [row["loss"] for row in read_log(tmp_path / "log.csv")]
    assert losses[-1] < 0.8 * losses[0]


@pytest.mark.parametrize("how", [Following(masks=1.0, corrected=1.0), Following(masks=0.0, boxes=1.0), Following(0, 0)])
def test_every_part_learns_from_what_was_remembered(how: Following) -> None:
    model = toy_model()
    clip = examples()[1]
    features = encoded(model, torch.from_numpy(clip.images))
    frames = [of_objects(features, torch.full((2,), t)) for t in range(4)]
    losses = follow(
        model, frames, torch.from_numpy(clip.masks), how=how, interaction=Interaction(stride=1), weights=LossWeights(),
        generator=torch.Generator().manual_seed(0),
    )  # fmt: skip
    torch.autograd.backward(losses["loss"])
    for part in ("memory_attention", "memory_encoder", "image_encoder", "sam_mask_decoder", "obj_ptr_proj"):
        gradients = [p.grad for p in model.get_submodule(part).parameters() if p.grad is not None]
        assert any(gradient.abs().sum() > 0 for gradient in gradients), part
    assert model.maskmem_tpos_enc.grad is not None
    rows = model.maskmem_tpos_enc.grad.abs().flatten(1).sum(1) > 0
    assert rows.tolist() == [True, True, how.corrected == 0 or rows[2].item(), False, False, False, True]


def test_the_memory_is_what_inference_reads() -> None:
    """The first tracked frame has the masks that the session gives, from the same first mask."""
    model = toy_model().eval()
    clip = examples()[2]
    session = VideoSession(model, ArrayFrames(clip.images))
    session.add_mask(0, 1, clip.masks[0, 0])
    shown = list(session.propagate("forward"))[1].objects[0]
    with torch.no_grad():
        features = encoded(model, torch.from_numpy(clip.images))
        bank = Bank()
        remember_given(model, bank, of_objects(features, torch.tensor([0])), torch.from_numpy(clip.masks[0, :1]))
        current = of_objects(features, torch.tensor([1]))
        embedding = with_memory(model, bank, current.embedding, 1, 4)
        out = decoded(model, embedding, current, None, None, initial=False)
    assert float(out.ious.max()) == pytest.approx(shown.iou, abs=0.01)
    assert float(out.object_score_logits) == pytest.approx(shown.score, abs=0.05)


def test_a_stopped_run_goes_on_with_the_same_clips(tmp_path: Path) -> None:
    taken = clip_batches(examples(), None, 0, batch=2, few=0, steps=3, workers=0)
    later = clip_batches(examples(), None, 2, batch=2, few=0, steps=3, workers=0)
    assert torch.equal(list(taken)[2].images, next(later).images)


def test_objects_that_leave_stay_in_the_example_with_empty_masks() -> None:
    leaving = SceneClips(None, 64, replace(SHAPES, leaves=1.0))
    found = [
        clip_example(leaving, np.random.default_rng(seed), size=64, frames=6, objects=2, how=STILL).masks
        for seed in range(6)
    ]
    assert all(masks[0].any((1, 2)).all() for masks in found)
    assert any((~masks.any((2, 3))).any() for masks in found)


def test_real_clips_are_read_in_windows(tmp_path: Path) -> None:
    write_scenes(["--out", str(tmp_path), "--count", "1", "--frames", "5", "--side", "64"])
    clips = FolderClips(davis_clips(tmp_path))
    window = clips.draw(np.random.default_rng(0), 3)
    assert len(window.frames) == len(window.labels) == 3
    assert len(clips.draw(np.random.default_rng(0), 8).frames) == 8  # longer than the clip


def test_a_composed_clip_is_measured_like_any_other() -> None:
    clip = SceneClip("scene", SCENES.draw(np.random.default_rng(3), 4))
    scores = score_clip(clip, keep, "mask")
    assert scores
    assert all(0 <= score.j < 1 for score in scores)


def test_the_command_trains_and_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, checkpoint = toy_folder(tmp_path / "data"), tiny_checkpoint(tmp_path / "tiny.safetensors")
    command = ["--data", str(data), "--model", str(checkpoint), "--out", str(tmp_path / "run"), "--size", "64"]
    command += ["--batch", "1", "--frames", "4", "--objects", "1", "--pictures", "1", "--log-steps", "1"]
    command += ["--held-out", "1", "--held-out-clips", "1", "--device", "cpu"]
    assert main([*command, "--steps", "1"]) == 0
    assert main([*command, "--steps", "2"]) == 0
    assert "Going on from step 1." in capsys.readouterr().out
    rows = read_log(tmp_path / "run" / "log.csv")
    assert {"clips, mask", "clips, click", "1 click"} <= rows[0].keys()
    assert "pictures" in rows[1]
    assert main([*command, "--frames", "1"]) == 1
