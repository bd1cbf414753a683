"""Frames that come one by one are tracked as the same frames of a clip are."""

import numpy as np
import pytest

from sam2_core.errors import EngineError, FrameUnreadable, InvalidPrompt
from sam2_core.live_frames import LiveFrames
from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.video.session import CacheLimits, VideoSession
from support.sessions import CLIP, SIZE, clicked, logits
from support.tiny_model import tiny_video_predictor


@pytest.fixture
def model() -> SAM2VideoPredictor:
    return tiny_video_predictor()


def test_frame_by_frame_gives_what_the_whole_clip_gives(model: SAM2VideoPredictor) -> None:
    wanted = logits(clicked(model, 30).propagate())
    live = LiveFrames(SIZE, kept=1)
    session = VideoSession(model, live, cache=CacheLimits(feature_bytes=1))
    found = {}
    for pixels in CLIP:
        number = live.push(pixels)
        if number == 0:
            session.add_points(0, "disc", [[70, 90]], [1])
        found |= logits(session.propagate("forward", number, number))
    assert list(found) == list(range(30))
    for frame, plane in wanted.items():
        assert np.array_equal(found[frame], plane), frame


def test_a_click_on_the_way_counts_from_there_on(model: SAM2VideoPredictor) -> None:
    live = LiveFrames(SIZE)
    session = VideoSession(model, live)
    for pixels in CLIP[:3]:
        live.push(pixels)
    session.add_points(2, "late", [[78, 94]], [1])
    live.push(CLIP[3])
    assert [r.frame for r in session.propagate(resume=True)] == [3]


def test_only_the_last_frames_are_kept() -> None:
    live = LiveFrames((4, 6), kept=2)
    with pytest.raises(FrameUnreadable, match="none has come yet"):
        live.frame(0)
    pixels = np.zeros((4, 6, 3), np.uint8)
    for value in range(4):
        pixels[:] = value
        assert live.push(pixels) == value
    assert [int(live.frame(i)[0, 0, 0]) for i in (2, 3)] == [2, 3]
    for gone in (1, 4, -1):
        with pytest.raises(FrameUnreadable, match="the frames 2 to 3 are kept") as caught:
            live.frame(gone)
        assert caught.value.frame == gone


def test_what_cannot_be_pushed(model: SAM2VideoPredictor) -> None:
    live = LiveFrames((4, 6))
    for wrong in (np.zeros((4, 5, 3), np.uint8), np.zeros((4, 6, 3), np.float32)):
        with pytest.raises(EngineError, match="frame 0 must be uint8"):
            live.push(wrong)
    assert len(live) == 0
    with pytest.raises(ValueError, match="at least one"):
        LiveFrames((4, 6), kept=0)
    with pytest.raises(InvalidPrompt, match="the clip has none yet"):
        VideoSession(model, live).add_points(0, 1, [[1, 1]], [1])
