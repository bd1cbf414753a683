"""Recordings, second stream, buckets and everything-mode on a CUDA device, and that the host does not wait unseen."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch

from sam2_core.automatic_mask_generator import SAM2AutomaticMaskGenerator
from sam2_core.image_session import ImageSession
from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.video.results import FrameResult
from sam2_core.video.session import VideoSession
from support.sessions import CLIP, session_of
from support.tiny_model import tiny_video_predictor

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device; this machine has none"),
]
FRAMES = 30


@pytest.fixture
def model() -> SAM2VideoPredictor:
    return tiny_video_predictor().to("cuda")


def with_objects(model: SAM2VideoPredictor, count: int) -> VideoSession:
    session = session_of(model, FRAMES)
    for number in range(count):
        session.add_points(0, number, [[60 + 30 * number, 80 + 20 * number]], [1])
    return session


def worst(found: list[FrameResult], wanted: list[FrameResult]) -> float:
    pairs = zip(found, wanted, strict=True)
    both = ((a, b) for one, other in pairs for a, b in zip(one.objects, other.objects, strict=True))
    return max(float(np.abs(a.logits_low_res.astype(float) - b.logits_low_res).max()) for a, b in both)


@pytest.mark.parametrize("objects", [1, 3, 5])
def test_recorded_tracking_is_as_launched(model: SAM2VideoPredictor, objects: int) -> None:
    model.graphs.enabled = False
    wanted = list(with_objects(model, objects).propagate())
    model.graphs.enabled = True
    found = list(with_objects(model, objects).propagate())
    assert model.graphs.enabled, "recording failed; the log says why"
    assert len(model.graphs) == (3 if objects == 5 else 2)
    assert worst(found, wanted) < 0.1


def test_the_next_frame_beside_gives_the_same(model: SAM2VideoPredictor) -> None:
    session = with_objects(model, 2)
    session._state.ahead.stop()
    wanted = list(session.propagate())
    again = with_objects(model, 2)
    assert again._state.ahead.active
    assert worst(list(again.propagate()), wanted) < 0.1


def test_a_run_cancelled_while_a_frame_is_on_its_way(model: SAM2VideoPredictor) -> None:
    wanted = list(with_objects(model, 1).propagate())
    session = with_objects(model, 1)
    for _ in range(3):
        run = session.propagate()
        [next(run) for _ in range(20)]
        run.close()
    assert worst(list(session.propagate()), wanted) < 0.1


def test_clicks_and_pictures_by_recordings(model: SAM2VideoPredictor) -> None:
    session = ImageSession(model)
    for number in range(6):
        session.embed(str(number), lambda number=number: CLIP[number])
    found = [session.predict("0", points=[[70, 90 + n]], labels=[1], multimask=True).low_res for n in range(6)]
    assert len(model.graphs) == 2
    model.graphs.enabled = False
    session.forget("0")
    session.embed("0", lambda: CLIP[0])
    wanted = [session.predict("0", points=[[70, 90 + n]], labels=[1], multimask=True).low_res for n in range(6)]
    np.testing.assert_allclose(found, wanted, atol=1e-2)


def test_weights_that_moved_end_recordings(model: SAM2VideoPredictor) -> None:
    list(with_objects(model, 1).propagate())
    assert len(model.graphs) == 2
    model.to("cpu").to("cuda")
    wanted = list(with_objects(model, 1).propagate())
    assert worst(list(with_objects(model, 1).propagate()), wanted) < 0.1


@pytest.fixture
def no_waits() -> Iterator[None]:
    yield
    torch.cuda.set_sync_debug_mode("default")


@pytest.mark.usefixtures("no_waits")
def test_the_host_does_not_wait_unseen(model: SAM2VideoPredictor) -> None:
    run = with_objects(model, 3).propagate()
    [next(run) for _ in range(25)]
    torch.cuda.set_sync_debug_mode("error")  # the one read of a frame waits for an event, which is not counted
    [next(run) for _ in range(3)]


def test_everything_on_the_device_is_as_on_the_host(model: SAM2VideoPredictor) -> None:
    options = {"points_per_side": 8, "pred_iou_thresh": 0.3, "stability_score_thresh": 0.3, "crop_n_layers": 1}
    found = []
    for on_device in (True, False):
        generator = SAM2AutomaticMaskGenerator(model, output_mode="uncompressed_rle", **options)
        assert generator.on_device
        generator.on_device = on_device
        found.append(generator.generate(CLIP[0]))
    assert len(found[0]) > 0
    assert repr(found[0]) == repr(found[1])


def test_memory_stays_when_recordings_replay(model: SAM2VideoPredictor) -> None:
    run = with_objects(model, 2).propagate()
    [next(run) for _ in range(24)]
    torch.cuda.synchronize()
    before = torch.cuda.memory_reserved()
    [next(run) for _ in range(5)]
    assert torch.cuda.memory_reserved() == before
