"""Short of memory: one step down after the other, results kept, and told."""

from typing import Any

import numpy as np
import pytest
import torch

from sam2_core.errors import OutOfMemory
from sam2_core.frames import ArrayFrames
from sam2_core.graphs import Graphs
from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.video.economy import economise, thriftily
from sam2_core.video.session import CacheLimits
from sam2_core.video.state import VideoState
from sam2_core.video.store import FrameOutput
from support.sessions import CLIP, clicked, logits
from support.tiny_model import tiny_video_predictor


@pytest.fixture
def model() -> SAM2VideoPredictor:
    return tiny_video_predictor()


def fails(monkeypatch: pytest.MonkeyPatch, model: SAM2VideoPredictor, calls: set[int]) -> None:
    """Memory runs out in these calls of the mask decoder, counted from 1."""
    heads, count = model.forward_sam_heads, [0]

    def short(*args: Any, **kwargs: Any) -> Any:
        count[0] += 1
        if count[0] in calls:
            raise torch.OutOfMemoryError("no room")
        return heads(*args, **kwargs)

    monkeypatch.setattr(model, "forward_sam_heads", short)


def test_the_steps_and_their_order() -> None:
    state = VideoState(ArrayFrames(CLIP[:3]), device=torch.device("cuda"))  # nothing is computed on it
    told = [economise(state, 8) for _ in range(7)]
    words = ["none ahead", "computer's memory", "one frame only", "At most 4", "At most 2", "one at a time"]
    assert all(word in (step or "") for word, step in zip(words, told, strict=False))
    assert told[6] is None
    assert state.economies == told[:6]
    assert (state.storage.type, state.features.limit, state.batch) == ("cpu", 0, 1)


def test_the_memories_of_all_results_move_to_the_host(
    model: SAM2VideoPredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = clicked(model)
    run = session.propagate()
    next(run), next(run)
    run.close()
    session.add_points(4, "new", [[250, 60]], [1])
    state = session._state
    state.storage = torch.device("meta")  # as if they lay elsewhere
    moved: list[tuple[int, torch.device]] = []
    monkeypatch.setattr(FrameOutput, "move", lambda output, device: moved.append((id(output), device)))
    assert "computer's memory" in (economise(state, 1) or "")
    assert state.storage == torch.device("cpu")
    kept = [output for t in state.objects.values() for frame in range(10) if (output := t.output(frame)) is not None]
    assert {frame for frame, device in moved if device == state.storage} == {id(output) for output in kept}


def test_a_run_goes_on_where_memory_was_short_and_says_what_it_did(
    model: SAM2VideoPredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = logits(clicked(model).propagate())
    session = clicked(model)
    fails(monkeypatch, model, {3})
    found = logits(session.propagate())
    assert list(found) == list(wanted)
    assert all(np.array_equal(found[frame], wanted[frame]) for frame in wanted)
    assert session.economies == ("The image features of one frame only are kept now.",)


def test_where_nothing_is_left_to_save_what_is_done_stays(
    model: SAM2VideoPredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = logits(clicked(model).propagate())
    session = clicked(model)
    fails(monkeypatch, model, {3, 4, 5})
    run = session.propagate()
    assert [next(run).frame for _ in range(3)] == [0, 1, 2]
    with pytest.raises(OutOfMemory, match="smaller model"):
        next(run)
    assert session.result(2, "disc") is not None
    assert session.result(3, "disc") is None
    rest = logits(session.propagate(resume=True))
    assert all(np.array_equal(plane, wanted[frame]) for frame, plane in rest.items())


def test_published_predictor_goes_on_too(model: SAM2VideoPredictor, monkeypatch: pytest.MonkeyPatch) -> None:
    state = model.init_state(CLIP[:5])
    model.add_new_points_or_box(state, 0, 1, [[70, 90]], [1])
    fails(monkeypatch, model, {2})
    assert [frame for frame, _, _ in model.propagate_in_video(state)] == [0, 1, 2, 3, 4]
    assert len(state.economies) == 1


def test_other_errors_pass() -> None:
    state = VideoState(ArrayFrames(CLIP[:3]), device=torch.device("cpu"))

    def wrong() -> None:
        raise RuntimeError("shapes")

    with pytest.raises(RuntimeError, match="shapes"):
        thriftily(state, Graphs(), wrong)
    assert state.economies == []


def test_limits_as_the_caller_sets_them(model: SAM2VideoPredictor) -> None:
    session = clicked(model, cache=CacheLimits(offload=True))
    assert session._state.storage == torch.device("cpu")
    for frame in range(4):
        session.embed(frame)
    full = session.memory_report().features
    session.limit(full // 2)
    assert 0 < session.memory_report().features <= full // 2
    assert session.embedded(3)
    assert not session.embedded(0)
