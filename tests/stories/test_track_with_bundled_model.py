"""The bundled model on a clip of moving discs: it finds the disc again, in both directions."""

import numpy as np
import pytest

from sam2_core.build_sam import build_sam2_video_predictor_hf
from sam2_core.frames import ArrayFrames
from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.video.session import VideoSession
from support.discs import disc, iou, moving_discs

FRAMES, MIDDLE = 6, 3
CLIP, MASKS = moving_discs(FRAMES)


@pytest.fixture(scope="module")
def nano() -> SAM2VideoPredictor:
    return build_sam2_video_predictor_hf("sam2-nano", device="cpu")


@pytest.mark.parametrize("prompt", ["mask", "click", "box"])
def test_disc_is_followed_both_ways(nano: SAM2VideoPredictor, prompt: str) -> None:
    session = VideoSession(nano, ArrayFrames(CLIP))
    x, y = 70 + 4 * MIDDLE, 90 + 2 * MIDDLE
    if prompt == "mask":
        session.add_mask(MIDDLE, 1, disc(MIDDLE))
    elif prompt == "click":
        session.add_points(MIDDLE, 1, [[x, y]], [1])
    else:
        session.add_points(MIDDLE, 1, None, None, box=[x - 34, y - 34, x + 34, y + 34])
    found = {r.frame: iou(r.masks(240, 320)[1], MASKS[r.frame]) for r in session.propagate("both")}
    assert sorted(found) == list(range(FRAMES))
    assert np.mean(list(found.values())) > 0.9


def test_forward_and_backward_runs_follow_two_discs(nano: SAM2VideoPredictor) -> None:
    session = VideoSession(nano, ArrayFrames(CLIP))
    blue = np.hypot(*np.meshgrid(np.arange(320) - 250, np.arange(240) - 60)) <= 30
    session.add_mask(0, "red", MASKS[0])
    session.add_mask(0, "blue", blue)
    results = [r.masks(240, 320) for r in session.propagate("forward")]
    assert np.mean([iou(m["red"], t) for m, t in zip(results, MASKS, strict=True)]) > 0.9
    assert np.mean([iou(m["blue"], blue) for m in results]) > 0.8
    session.remove_prompts(0, "red")
    session.add_mask(FRAMES - 1, "red", MASKS[-1])
    back = {r.frame: r.masks(240, 320) for r in session.propagate("backward", objects=["red"])}
    assert list(back) == list(range(FRAMES - 1, -1, -1))
    assert np.mean([iou(back[f]["red"], MASKS[f]) for f in back]) > 0.9
