"""What a video session keeps and what it computes again."""

from typing import Any

import numpy as np
import pytest
import torch

from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.video.policy import Keep
from sam2_core.video.session import CacheLimits
from sam2_core.video.signals import records
from sam2_core.video.spill import Spill
from sam2_core.video.store import CompactOutput, FrameOutput
from support.discs import iou
from support.sessions import MASKS, clicked, logits, session_of
from support.tiny_model import tiny_video_predictor


@pytest.fixture
def model() -> SAM2VideoPredictor:
    return tiny_video_predictor()


def test_old_results_rest_and_memories_are_made_again(model: SAM2VideoPredictor) -> None:
    bounded = clicked(model, 30, cache=CacheLimits(feature_bytes=1, window=2))
    roomy = clicked(model, 30, cache=CacheLimits(window=1000))
    for session in (bounded, roomy):
        list(session.propagate())
    (track,) = bounded._state.objects.values()
    assert sorted(track.non_cond.full_frames) == list(range(22, 30))  # at least the seven maps' reach
    assert bounded.memory_report().compact == 21
    assert bounded.memory_report().results < 0.6 * roomy.memory_report().results
    a = logits(list(bounded.propagate("forward", 15, 17)))
    b = logits(list(roomy.propagate("forward", 15, 17)))
    assert sorted(track.non_cond) == list(range(1, 30))
    for frame in (15, 16, 17):
        assert iou(a[frame] > 0, b[frame] > 0) > 0.99
        np.testing.assert_allclose(a[frame].astype(float), b[frame].astype(float), atol=0.25)


def test_memory_does_not_grow_with_the_tensors_of_the_clip(model: SAM2VideoPredictor) -> None:
    session = clicked(model, 30, cache=CacheLimits(window=2))
    sizes = []
    for _ in session.propagate():
        sizes.append(session.memory_report().results)
    growth = (sizes[-1] - sizes[15]) / 14
    full = sizes[3] - sizes[2]
    assert 0 <= growth < full / 20
    assert session.memory_report().disk > 0


def test_published_mode_keeps_all_memories(model: SAM2VideoPredictor) -> None:
    session = clicked(model, 30, compat="published", cache=CacheLimits(window=2))
    list(session.propagate())
    assert session.memory_report().compact == 0


def test_frames_are_encoded_once_while_they_are_at_hand(
    model: SAM2VideoPredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded = count_calls(monkeypatch, "forward_image")
    session = session_of(model)
    session.add_points(0, 1, [[70, 90]], [1])
    session.add_points(3, 1, [[80, 95]], [1])
    session.add_points(0, 1, [[70, 90], [5, 5]], [1, 0])
    session.add_points(3, 2, [[250, 60]], [1])
    assert len(encoded) == 2
    list(session.propagate())
    assert len(encoded) == 10


def test_key_frames_are_not_encoded_again_when_the_run_starts(
    model: SAM2VideoPredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded = count_calls(monkeypatch, "forward_image")
    session = session_of(model, cache=CacheLimits(feature_bytes=1))  # room for one frame
    for frame in (0, 4, 8):
        session.add_mask(frame, 1, MASKS[frame])
    assert len(encoded) == 3
    next(session.propagate())  # frame 0 is a key frame: nothing to encode
    assert len(encoded) == 3


def count_calls(monkeypatch: pytest.MonkeyPatch, name: str) -> list[str]:
    calls: list[str] = []
    original = getattr(SAM2VideoPredictor, name)

    def counted(self: SAM2VideoPredictor, *args: Any, **kwargs: Any) -> Any:
        calls.append(name)
        return original(self, *args, **kwargs)

    monkeypatch.setattr(SAM2VideoPredictor, name, counted)
    return calls


def test_close_forgets_everything(model: SAM2VideoPredictor) -> None:
    session = clicked(model)
    list(session.propagate())
    session.close()
    report = session.memory_report()
    assert (report.features, report.results, report.compact, report.disk, session.objects) == (0, 0, 0, 0, ())


def test_results_at_rest_go_with_their_object(model: SAM2VideoPredictor) -> None:
    session = clicked(model, 30, cache=CacheLimits(window=2))
    list(session.propagate())
    list(session.propagate())
    assert session.memory_report().disk <= 30 * 4096, "a second run uses the room of the first"
    (obj,) = session.objects
    session.remove_object(obj)
    session.add_points(0, "next", [[70, 90]], [1])
    list(session.propagate())
    assert session.memory_report().disk <= 30 * 4096


def test_result_at_rest_comes_back_to_half_precision() -> None:
    torch.manual_seed(0)
    planes = torch.randn(1, 1, 32, 32) * 20
    (record,) = records(4, planes, torch.tensor([[0.75]]), torch.tensor([0]), torch.tensor([[1.5]]))
    output = FrameOutput(planes, torch.randn(1, 8), torch.tensor([[1.5]]), record, 3, 7, Keep.ANCHOR, interacted=True)
    back = CompactOutput.of(output, Spill()).expand()
    torch.testing.assert_close(back.low_res, output.low_res, rtol=1e-3, atol=1e-2)
    assert torch.equal(back.obj_ptr, output.obj_ptr)
    assert (float(back.object_score_logits), back.record) == (1.5, record)
    assert (back.revision, back.run, back.keep, back.interacted) == (3, 7, Keep.ANCHOR, True)
    assert back.memory is None


def test_absent_result_takes_next_to_nothing_at_rest() -> None:
    empty = torch.full((1, 1, 256, 256), -1024.0)
    (record,) = records(4, empty, torch.tensor([[0.1]]), torch.tensor([0]), torch.tensor([[-5.0]]))
    output = FrameOutput(empty, torch.zeros(1, 256), torch.tensor([[-5.0]]), record, 0)
    spill = Spill()
    assert CompactOutput.of(output, spill).nbytes + spill.nbytes < 6000
