"""Recordings, buckets and frames encoded ahead give what is given without them, on stand-ins for CUDA."""

from collections.abc import Callable

import numpy as np
import pytest
import torch

from sam2_core.graphs import Graphs, Rerun
from sam2_core.modeling.image_encoder import ImageFeatures
from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.video.ahead import Ahead
from sam2_core.video.results import FrameResult
from sam2_core.video.session import VideoSession
from support.sessions import session_of
from support.tiny_model import tiny_video_predictor

FRAMES = 26


@pytest.fixture
def model() -> SAM2VideoPredictor:
    return tiny_video_predictor()


def with_objects(model: SAM2VideoPredictor, count: int, **options: object) -> VideoSession:
    session = session_of(model, FRAMES, **options)
    for number in range(count):
        session.add_points(0, number, [[60 + 30 * number, 80 + 20 * number]], [1])
    return session


def assert_same(found: list[FrameResult], wanted: list[FrameResult]) -> None:
    assert [r.frame for r in found] == [r.frame for r in wanted]
    for one, other in zip(found, wanted, strict=True):
        assert [o.obj_id for o in one.objects] == [o.obj_id for o in other.objects]
        for a, b in zip(one.objects, other.objects, strict=True):
            np.testing.assert_allclose(a.logits_low_res, b.logits_low_res, atol=0.05)
            assert a.record.iou == pytest.approx(b.record.iou, abs=1e-3)


@pytest.mark.parametrize("objects", [1, 3])
def test_recordings_give_the_same(model: SAM2VideoPredictor, objects: int) -> None:
    wanted = list(with_objects(model, objects).propagate())
    model.graphs = Graphs(Rerun())
    found = list(with_objects(model, objects).propagate())
    assert_same(found, wanted)
    assert len(model.graphs) == 2, "the encoder and the steady step"


def test_the_growing_memory_is_not_recorded(model: SAM2VideoPredictor) -> None:
    model.graphs = Graphs(Rerun())
    for _ in range(5):
        run = with_objects(model, 1).propagate(end=14)
        list(run)
    assert len(model.graphs) == 1, "the encoder alone"


def test_objects_in_padded_buckets_give_the_same(model: SAM2VideoPredictor) -> None:
    wanted = list(with_objects(model, 7).propagate(end=4))
    session = with_objects(model, 7)
    session._state.bucketed = True
    batches: list[int] = []
    attend = model.attend

    def seen(embedding: torch.Tensor, memory: torch.Tensor, *args: torch.Tensor, **more: int) -> torch.Tensor:
        batches.append(memory.shape[1])
        return attend(embedding, memory, *args, **more)

    model.attend = seen
    assert_same(list(session.propagate(end=4)), wanted)
    assert set(batches) == {8}


class Noted:
    """Encodes at once and notes what was asked of it."""

    def __init__(self) -> None:
        self.started = self.joined = 0

    def start(self, make: Callable[[], ImageFeatures]) -> Callable[[], ImageFeatures]:
        self.started += 1
        made = make()

        def join() -> ImageFeatures:
            self.joined += 1
            return made

        return join


def ahead_in(session: VideoSession) -> Noted:
    beside = Noted()
    session._state.ahead = Ahead(beside)
    reader = session._state.reader
    reader.ready = lambda frame, side: True  # as when reading is faster than tracking
    return beside


def test_frames_encoded_ahead_give_the_same_and_each_is_encoded_once(
    model: SAM2VideoPredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = list(with_objects(model, 1).propagate())
    session = with_objects(model, 1)
    beside = ahead_in(session)
    count, forward = [0], model.forward_image

    def counted(images: torch.Tensor) -> ImageFeatures:
        count[0] += 1
        return forward(images)

    monkeypatch.setattr(model, "forward_image", counted)
    assert_same(list(session.propagate()), wanted)
    assert beside.started == beside.joined == FRAMES - 2, "all but the prompted frame and the one after it"
    assert count[0] == FRAMES - 1


def test_a_run_that_ends_early_gives_up_what_is_on_its_way(model: SAM2VideoPredictor) -> None:
    session = with_objects(model, 1)
    beside = ahead_in(session)
    run = session.propagate()
    [next(run) for _ in range(3)]
    run.close()
    assert beside.started == beside.joined + 1
    assert session._state.ahead.take(3) is None
    assert not session.embedded(3)


def test_nothing_is_encoded_ahead_before_its_picture_is_there(model: SAM2VideoPredictor) -> None:
    session = with_objects(model, 1)
    beside = ahead_in(session)
    session._state.reader.ready = lambda frame, side: False
    list(session.propagate(end=5))
    assert beside.started == 0
