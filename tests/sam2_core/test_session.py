"""Both sessions compute in every precision, with results close to float32."""

import numpy as np
import pytest
import torch

from sam2_core.session import ImageSession
from support import sessions
from support.discs import moving_discs
from support.tiny_model import tiny_video_predictor

POINTS, LABELS = np.array([[70.0, 90.0]]), np.array([1])


def _image_logits(model):
    session = ImageSession(model)
    session.embed("picture", lambda: moving_discs(1)[0][0])
    return session.predict("picture", points=POINTS, labels=LABELS, multimask=False).low_res


def _video_logits(model):
    results = sessions.clicked(model, 4).propagate("forward")
    return np.stack([low_res.astype(np.float32) for low_res in sessions.logits(results).values()])


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("logits", [_image_logits, _video_logits], ids=["image", "video"])
def test_half_precision_is_close_to_float32(logits, dtype):
    model = tiny_video_predictor()
    exact = logits(model)
    model.compute_in(dtype)
    half = logits(model)
    assert not np.array_equal(exact, half)
    assert np.abs(exact - half).mean() < 0.1 * np.abs(exact).mean()
