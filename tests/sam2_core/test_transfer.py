"""How often the host waits for the device: once a frame, once a click. Tensors on "meta" stand for a GPU's."""

from contextlib import nullcontext

import numpy as np
import pytest
import torch

from sam2_core import stills
from sam2_core.image_session import ImageSession
from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.video.session import CacheLimits, VideoSession
from support.sessions import session_of
from support.syncs import Waits
from support.tiny_model import tiny_video_predictor


@pytest.fixture
def on_host(monkeypatch: pytest.MonkeyPatch) -> SAM2VideoPredictor:
    monkeypatch.setattr(torch, "autocast", lambda *_, **__: nullcontext())  # there is none for "meta"
    monkeypatch.setitem(stills._AT_ONCE, "meta", 1)
    model = tiny_video_predictor()
    model.fill_hole_area = 8
    return model


@pytest.fixture
def model(on_host: SAM2VideoPredictor) -> SAM2VideoPredictor:
    return on_host.to("meta")


def test_a_tracked_frame_waits_once(on_host: SAM2VideoPredictor) -> None:
    objects, model = 3, on_host
    session = session_of(model, 12, cache=CacheLimits(window=1))  # so that results are put to rest soon
    for number in range(objects):
        session.add_points(0, number, [[70 + 20 * number, 90]], [1])
    run = session.propagate()
    [next(run) for _ in range(9)]
    assert not session.memory_report().compact
    to_device(session)
    with Waits() as waits:
        for _ in range(2):
            assert len(next(run).objects) == objects
    assert session.memory_report().compact
    assert len(waits.seen) == 2, waits.seen
    assert all("_to_copy" in line for line in waits.seen)


def to_device(session: VideoSession) -> None:
    """Go on where tensors are on "meta"."""
    state, device = session._state, torch.device("meta")
    session.model.to(device)
    state.device = state.storage = device
    state.features.clear()
    for track in state.objects.values():
        for frame in range(state.num_frames):
            if (output := track.output(frame)) is not None:
                output.move(device)


def test_a_click_on_a_frame_waits_once(model: SAM2VideoPredictor) -> None:
    session = session_of(model)
    with Waits():
        session.embed(0)
    with Waits() as waits:
        session.add_points(0, "disc", [[70, 90]], [1])
    assert len(waits.seen) == 1, waits.seen


def test_a_click_on_a_picture_waits_once(model: SAM2VideoPredictor) -> None:
    session = ImageSession(model)
    with Waits():
        session.embed("picture", lambda: np.zeros((60, 80, 3), np.uint8))
    with Waits() as waits:
        session.predict("picture", points=[[40, 30]], labels=[1], multimask=True)
    assert len(waits.seen) == 1, waits.seen


def test_embedding_a_picture_does_not_wait(model: SAM2VideoPredictor) -> None:
    session = ImageSession(model)
    with Waits() as waits:
        session.embed("picture", lambda: np.zeros((60, 80, 3), np.uint8))
    assert waits.seen == []


def test_the_tool_sees_what_makes_the_host_wait() -> None:
    device, host = torch.ones(3, device="meta"), torch.ones(3)
    with Waits() as waits:
        host.sum().item()
        host[host > 0]
        device.sum().item()
        device[device > 0]
        device.nonzero()
        torch.equal(device, device)
        bool(device.any())
        device.cpu()
        torch.empty(3).copy_(device)
    assert len(waits.seen) == 7
