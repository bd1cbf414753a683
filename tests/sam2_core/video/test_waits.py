"""How often the host waits for the device: once a frame, once a click. Tensors on "meta" stand for a GPU's."""

from contextlib import nullcontext

import numpy as np
import pytest
import torch

from sam2_core import stills
from sam2_core.image_session import ImageSession
from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from support.sessions import session_of
from support.syncs import Waits
from support.tiny_model import tiny_video_predictor


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> SAM2VideoPredictor:
    monkeypatch.setattr(torch, "autocast", lambda *_, **__: nullcontext())  # there is none for "meta"
    monkeypatch.setitem(stills._AT_ONCE, "meta", 1)
    model = tiny_video_predictor()
    model.fill_hole_area = 8
    return model.to("meta")


@pytest.mark.parametrize("objects", [1, 3])
def test_a_tracked_frame_waits_once(model: SAM2VideoPredictor, objects: int) -> None:
    session = session_of(model, 22)
    with Waits():
        for number in range(objects):
            session.add_points(0, number, [[70 + 20 * number, 90]], [1])
        run = session.propagate()
        [next(run) for _ in range(18)]
    with Waits() as waits:
        for _ in range(3):
            assert len(next(run).objects) == objects
    assert len(waits.seen) == 3, waits.seen
    assert all("_to_copy" in line for line in waits.seen)


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
