"""Both sessions compute in every precision, with results close to float32."""

import numpy as np
import pytest

from sam2_core.session import ImageSession, VideoSession
from support.discs import moving_discs
from support.tiny_model import tiny_video_predictor

POINTS, LABELS = np.array([[70.0, 90.0]]), np.array([1])


@pytest.fixture(scope="module")
def model():
    """The small model."""
    return tiny_video_predictor()


def _image_logits(model, precision):
    session = ImageSession(model, precision=precision)
    session.embed("picture", lambda: moving_discs(1)[0][0])
    return session.predict("picture", points=POINTS, labels=LABELS, multimask=False).low_res


def _video_logits(model, precision):
    session = VideoSession(model, moving_discs(4)[0], precision=precision)
    session.add_points(0, "disc", POINTS, LABELS)
    results = [result.objects[0].logits_low_res.astype(np.float32) for result in session.propagate("forward")]
    return np.stack(results)


@pytest.mark.parametrize("precision", ["bfloat16", "float16"])
@pytest.mark.parametrize("logits", [_image_logits, _video_logits], ids=["image", "video"])
def test_half_precision_is_close_to_float32(model, logits, precision):
    exact, half = logits(model, "float32"), logits(model, precision)
    assert not np.array_equal(exact, half)
    assert np.abs(exact - half).mean() < 0.1 * np.abs(exact).mean()
