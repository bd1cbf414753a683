"""Prompts that cannot be used: an error that names argument, value and frame, and a state that is as before."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from sam2_core.errors import InvalidPrompt
from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.video.session import VideoSession
from support.sessions import CLIP, MASKS, session_of
from support.tiny_model import tiny_video_predictor

NAN, INF = float("nan"), float("inf")
POINTS = [
    ({"points": [[1, 1], [2, NAN]], "labels": [1, 0]}, r"frame 3: points .* finite .* point 1 is \[2.0, nan\]"),
    ({"points": [[-INF, 1]], "labels": [1]}, r"frame 3: points .* point 0 is \[-inf, 1.0\]"),
    ({"points": [[1, 1]], "labels": [7]}, r"frame 3: labels must be among .* not 7"),
    ({"points": [[1, 1]], "labels": [0.5]}, r"frame 3: labels .* not 0.5"),
    ({"points": [[1, 1]], "labels": [NAN]}, r"frame 3: labels .* not nan"),
    ({"points": [[1, 1]], "labels": [1, 0]}, r"frame 3: .* one label per point, not 2 for 1 points"),
    ({"points": [[1, 2, 3]], "labels": [1]}, r"frame 3: points must have the shape \(N, 2\), not \(1, 3\)"),
    ({"points": [["a", "b"]], "labels": [1]}, "frame 3: points must be made of numbers"),
    ({"points": [[1, 1]], "labels": ["x"]}, "frame 3: labels must be made of numbers"),
    ({"points": [], "labels": []}, "frame 3: give at least one point"),
    ({"box": [5, 5, 1, 9]}, r"frame 3: box \[5.0, 5.0, 1.0, 9.0\] must have x0 <= x1"),
    ({"box": [5, 9, 8, 1]}, "frame 3: box .* y0 <= y1"),
    ({"box": [1, 2, INF, 9]}, r"frame 3: box .* finite numbers, not \[1.0, 2.0, inf, 9.0\]"),
    ({"box": [1, 2, 3]}, "frame 3: a box is four numbers"),
    ({"box": [[0, 0, 5, 5], [1, 1, 2, 2]]}, "frame 3: .* only be one"),
]
FRAMES = [
    (10, "no frame 10; the clip has frames 0 to 9"),
    (-1, "no frame -1"),
    (1.5, "not by 1.5"),
    ("a", "not by 'a'"),
]
MASK_SHAPES = [(np.zeros((1, 4, 4)), r"\(1, 4, 4\)"), (np.zeros(4), r"\(4,\)"), (np.zeros((0, 4)), r"\(0, 4\)")]


@pytest.fixture(scope="module")
def model() -> SAM2VideoPredictor:
    return tiny_video_predictor()


@pytest.fixture
def session(model: SAM2VideoPredictor) -> VideoSession:
    """A session with one object, which must be untouched afterwards."""
    session = session_of(model)
    session.add_points(0, "disc", [[70, 90]], [1])
    return session


def refused(session: VideoSession, work: Callable[[], object], message: str) -> None:
    before = session.result(0, "disc")
    assert before is not None
    with pytest.raises(InvalidPrompt, match=message) as caught:
        work()
    assert isinstance(caught.value, ValueError)
    after = session.result(0, "disc")
    assert after is not None
    assert after.revision == before.revision
    assert session.objects == ("disc",)
    assert session.add_points(0, "disc", [[70, 90]], [1]).present


@pytest.mark.parametrize(("prompts", "message"), POINTS)
def test_points_and_boxes(session: VideoSession, prompts: dict[str, Any], message: str) -> None:
    given = {"points": None, "labels": None} | prompts
    refused(session, lambda: session.add_points(3, "new", **given), message)


@pytest.mark.parametrize("label", [2, 3, -1])
def test_box_corners_are_no_labels_of_a_session(session: VideoSession, label: int) -> None:
    refused(session, lambda: session.add_points(3, "new", [[1, 1]], [label]), r"labels must be among \(0, 1\)")


@pytest.mark.parametrize(("frame", "message"), FRAMES)
def test_frames(session: VideoSession, frame: Any, message: str) -> None:
    refused(session, lambda: session.add_points(frame, "new", [[1, 1]], [1]), message)
    refused(session, lambda: session.add_mask(frame, "new", MASKS[0]), message)
    refused(session, lambda: next(session.propagate("forward", frame)), message)
    refused(session, lambda: session.embed(frame), message)


@pytest.mark.parametrize(("mask", "shape"), MASK_SHAPES)
def test_masks(session: VideoSession, mask: Any, shape: str) -> None:
    refused(session, lambda: session.add_mask(3, "new", mask), f"frame 3: mask must have two dimensions .* {shape}")
    refused(session, lambda: session.add_mask(3, "new", np.full((4, 4), "x")), "frame 3: mask must be made of numbers")


def test_no_object_to_track(model: SAM2VideoPredictor, session: VideoSession) -> None:
    refused(session, lambda: next(session.propagate(objects=[])), "nothing to track")
    refused(session, lambda: next(session.propagate(objects=["other"])), "no object 'other'")
    with pytest.raises(InvalidPrompt, match="nothing to track"):
        next(session_of(model).propagate())


@pytest.mark.parametrize(("prompts", "message"), POINTS)
def test_published_methods(model: SAM2VideoPredictor, prompts: dict[str, Any], message: str) -> None:
    state = model.init_state(CLIP[:10])
    with pytest.raises(InvalidPrompt, match=message):
        model.add_new_points_or_box(state, 3, 1, **prompts)
    assert state.objects == {}
    _, ids, logits = model.add_new_points_or_box(state, 3, 1, [[70, 90]], [1])
    assert ids == [1]
    assert torch.isfinite(logits).all()


@pytest.mark.parametrize(("mask", "shape"), MASK_SHAPES)
def test_masks_of_published_methods(model: SAM2VideoPredictor, mask: Any, shape: str) -> None:
    state = model.init_state(CLIP[:10])
    with pytest.raises(ValueError, match=f"frame 3: mask must have two dimensions .* {shape}"):
        model.add_new_mask(state, 3, 1, torch.from_numpy(mask))
    assert state.objects == {}


@pytest.mark.parametrize("label", [2, 3, -1])
def test_published_methods_take_all_labels(model: SAM2VideoPredictor, label: int) -> None:
    _, ids, _ = model.add_new_points_or_box(model.init_state(CLIP[:1]), 0, 1, [[1, 1], [70, 90]], [label, 1])
    assert ids == [1]
