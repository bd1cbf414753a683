"""Pictures and clicks by recordings give what they give without, on the stand-in for CUDA."""

import numpy as np
import pytest

from sam2_core.graphs import Graphs, Rerun
from sam2_core.image_session import ImageSession
from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from support.sessions import CLIP
from support.tiny_model import tiny_video_predictor


@pytest.fixture
def model() -> SAM2VideoPredictor:
    return tiny_video_predictor()


def test_features_kept_are_not_those_of_a_later_picture(model: SAM2VideoPredictor) -> None:
    model.graphs = Graphs(Rerun())
    session = ImageSession(model)
    pictures = [CLIP[t] for t in range(6)]
    for number, picture in enumerate(pictures):
        session.embed(str(number), lambda picture=picture: picture)
    assert len(model.graphs) == 1
    plain = ImageSession(tiny_video_predictor())
    for number, picture in enumerate(pictures):
        plain.embed(str(number), lambda picture=picture: picture)
        kept, made = session.features(str(number)), plain.features(str(number))
        assert all(np.array_equal(kept[name], made[name]) for name in made)


def test_clicks_by_recordings_give_the_same(model: SAM2VideoPredictor) -> None:
    clicks = [[[40 + 20 * n, 60 + 10 * n]] for n in range(6)]
    found = []
    for graphs in (Graphs(), Graphs(Rerun())):
        model.graphs = graphs
        session = ImageSession(model)
        session.embed("picture", lambda: CLIP[0])
        found.append([session.predict("picture", points=c, labels=[1], multimask=True) for c in clicks])
        refined = session.predict(
            "picture", points=clicks[0], labels=[1], mask_input=found[-1][0].low_res[0], multimask=False
        )
        found[-1].append(refined)
    assert len(model.graphs) == 1
    for a, b in zip(*found, strict=True):
        np.testing.assert_array_equal(a.low_res, b.low_res)
