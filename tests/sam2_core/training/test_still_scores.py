from typing import Any

import numpy as np
import pytest

from sam2_core.image_session import ImagePrediction, ImageSession
from sam2_core.training.still_scores import MEASURES, Picture, by_model, grabcut, mean_ious, score_stills
from support.tiny_model import tiny_video_predictor
from support.toy_pictures import toy_picture


def picture() -> Picture:
    image, labels = toy_picture(np.random.default_rng(0))
    return Picture("toy", image, (labels == 1, labels == 2))


def test_a_model_is_asked_for_every_object_by_every_measure() -> None:
    scores = list(score_stills([picture()], by_model(tiny_video_predictor()), MEASURES))
    assert sorted((s.object, s.measure) for s in scores) == sorted((i, m) for i in (0, 1) for m in MEASURES)
    assert all(0 <= s.iou <= 1 and 0 <= s.boundary <= 1 and s.mask.shape == (48, 48) for s in scores)


def test_one_click_gets_three_masks_and_more_clicks_feed_the_earlier_mask_back(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, bool, bool]] = []
    predict = ImageSession.predict

    def watched(session: ImageSession, key: str, **how: Any) -> ImagePrediction:
        asked.append((len(how.get("points", ())), how.get("mask_input") is not None, how["multimask"]))
        return predict(session, key, **how)

    monkeypatch.setattr(ImageSession, "predict", watched)
    by_model(tiny_video_predictor())(Picture("toy", picture().image, picture().objects[:1]), ["3 clicks", "box"])
    assert asked == [(0, False, False), (1, False, True), (2, True, False), (3, True, False)]


def test_grabcut_finds_a_bright_rectangle_from_its_box_alone() -> None:
    scores = mean_ious(score_stills([picture()], grabcut, MEASURES))
    assert list(scores) == ["box"]
    assert scores["box"] > 0.9
    assert grabcut(picture(), ["1 click"]) == {}
