"""ImageSession: embeddings by key in a bounded cache, predictions, errors."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from golden import weights
from sam2_core.build_sam import build_sam2
from sam2_core.errors import Cancelled, InvalidPrompt, OutOfMemory
from sam2_core.sam2_image_predictor import SAM2ImagePredictor
from sam2_core.session import ImagePrediction, ImageSession
from support.tiny_model import tiny_config

POINTS, LABELS = np.array([[40.0, 30.0]]), np.array([1])


@pytest.fixture(scope="module")
def model():
    """The small model."""
    return weights.fill(build_sam2(tiny_config(), device="cpu"))


def picture(seed=0):
    """A picture (60, 80, 3)."""
    return np.random.default_rng(seed).integers(0, 256, (60, 80, 3), dtype=np.uint8)


@pytest.fixture
def session(model):
    """A session with picture "a"."""
    session = ImageSession(model)
    session.embed("a", picture)
    return session


def test_it_predicts_what_the_predictor_predicts(model, session):
    prediction = session.predict("a", points=POINTS, labels=LABELS, multimask=True)
    predictor = SAM2ImagePredictor(model)
    predictor.set_image(picture())
    masks, ious, low_res = predictor.predict(point_coords=POINTS, point_labels=LABELS)
    assert np.array_equal(prediction.ious, ious)
    assert np.array_equal(prediction.low_res.clip(-32, 32), low_res)
    assert np.array_equal(session.masks(prediction, (60, 80)), masks > 0)
    assert session.low_res_size == 32


def test_a_box_and_a_mask(session):
    first = session.predict("a", box=np.array([5, 5, 60, 50]), multimask=False)
    assert first.low_res.shape == (1, 32, 32)
    refined = session.predict("a", points=POINTS, labels=LABELS, mask_input=first.low_res[0], multimask=False)
    again = session.predict("a", points=POINTS, labels=LABELS, mask_input=first.low_res, multimask=False)
    assert np.array_equal(refined.low_res, again.low_res)
    assert not np.array_equal(refined.low_res, first.low_res)


def test_mask_prompts_are_clamped(session):
    sure, surer = (np.full((32, 32), level, np.float32) for level in (32.0, 500.0))
    results = [session.predict("a", mask_input=mask, multimask=False).low_res for mask in (sure, surer)]
    assert np.array_equal(*results)


def test_a_picture_is_embedded_once(session):
    session.embed("a", lambda: pytest.fail("asked for the picture again"))


def test_the_longest_unused_embedding_goes(model):
    session = ImageSession(model, cache_bytes=2 * 100_000)
    for i, key in enumerate("ab"):
        session.embed(key, lambda seed=i: picture(seed))
    size = session._stills.bytes // 2
    session = ImageSession(model, cache_bytes=2 * size)
    for i, key in enumerate("ab"):
        session.embed(key, lambda seed=i: picture(seed))
    session.predict("a", points=POINTS, labels=LABELS, multimask=True)
    session.embed("c", lambda: picture(2))
    assert [session.has(key) for key in "abc"] == [True, False, True]


def test_forget(session):
    session.forget("a")
    session.forget("never seen")
    assert not session.has("a")
    with pytest.raises(InvalidPrompt, match="'a' is not embedded"):
        session.predict("a", points=POINTS, labels=LABELS, multimask=True)


@pytest.mark.parametrize("prompts", [{"points": POINTS}, {"labels": LABELS}, {"box": np.zeros(3)}])
def test_prompts_that_do_not_fit(session, prompts):
    with pytest.raises(InvalidPrompt):
        session.predict("a", multimask=True, **prompts)
    assert session.has("a")


def test_a_picture_that_is_none_leaves_nothing(session):
    with pytest.raises(InvalidPrompt):
        session.embed("bad", lambda: np.zeros((4, 4, 3)) + 7.5)
    assert not session.has("bad")


def test_memory_that_runs_out_frees_the_cache_and_tries_again(model, session, monkeypatch):
    forward, calls = type(model).forward_image, []

    def short(self, images):
        calls.append(1)
        if len(calls) == 1:
            raise torch.OutOfMemoryError("no room")
        return forward(self, images)

    monkeypatch.setattr(type(model), "forward_image", short)
    session.embed("b", lambda: picture(1))
    assert (session.has("a"), session.has("b"), len(calls)) == (False, True, 2)


def test_memory_that_stays_short_is_named(model, session, monkeypatch):
    def short(self, images):
        raise torch.OutOfMemoryError("no room")

    monkeypatch.setattr(type(model), "forward_image", short)
    with pytest.raises(OutOfMemory, match="smaller model"):
        session.embed("b", lambda: picture(1))


def test_masks_are_smoothed_as_the_model_asks_and_logits_stay():
    """A checkerboard of logits has no borders left once it is blurred."""
    model = build_sam2(replace(tiny_config(), mask_smoothing=2.0), device="cpu")
    side = model.image_size // 4
    board = np.where(np.indices((side, side)).sum(0) % 2, 1.0, -0.5).astype(np.float32)[None]
    prediction = ImagePrediction(board.copy(), np.ones(1, np.float32))
    assert ImageSession(model).masks(prediction, (side, side)).all()
    np.testing.assert_array_equal(prediction.low_res, board)


def test_an_embedding_is_given_up_between_two_blocks(model):
    session = ImageSession(model)
    asked = []

    def cancel():
        asked.append(True)
        return len(asked) == 3

    with pytest.raises(Cancelled):
        session.embed("a", picture, cancel=cancel)
    assert not session.has("a")
    assert len(asked) == 3
    session.embed("a", picture)
    assert len(asked) == 3, "nothing is left on the model"


def test_features_go_out_and_come_back(session):
    before = session.predict("a", points=POINTS, labels=LABELS, multimask=True)
    kept = session.features("a")
    assert {name: array.shape for name, array in kept.items()} == session.feature_shapes
    session.forget("a")
    session.adopt("a", kept, (60, 80))
    after = session.predict("a", points=POINTS, labels=LABELS, multimask=True)
    assert np.abs(after.low_res - before.low_res).max() < 0.05
    assert session.bytes == 2 * sum(array.nbytes for array in kept.values())


def test_features_read_plane_by_plane_are_put_in_the_decoders_order(session):
    kept = {name: np.ascontiguousarray(array) for name, array in session.features("a").items()}
    session.adopt("b", kept, (60, 80))
    assert all(array.strides[1] == array.itemsize for array in session.features("b").values())


@pytest.mark.parametrize("spoil", ["shape", "dtype", "missing", "nan"])
def test_features_that_do_not_fit_are_refused(session, spoil):
    kept = session.features("a")
    if spoil == "shape":
        kept["embedding"] = kept["embedding"][..., :-1]
    elif spoil == "dtype":
        kept["embedding"] = kept["embedding"].astype(np.float32)
    elif spoil == "missing":
        del kept["high_res_0"]
    else:
        kept["high_res_1"][0, 0, 0, 0] = np.nan
    with pytest.raises(InvalidPrompt):
        session.adopt("b", kept, (60, 80))
    assert not session.has("b")


def test_a_smaller_limit_drops_the_longest_unused(session):
    size = session.bytes
    for key in "bc":
        session.embed(key, picture)
    session.limit(2 * size)
    assert [session.has(key) for key in "abc"] == [False, True, True]


def test_a_mask_prompt_is_what_the_tracker_keeps_of_that_mask(model, session):
    mask = np.zeros((60, 80), bool)
    mask[20:40, 31:53] = True
    plane = torch.nn.functional.interpolate(
        torch.from_numpy(mask)[None, None].float(), size=(128, 128), mode="bilinear", antialias=True
    )
    with torch.no_grad():
        features = session._stills.get("a").features
        kept = model.use_mask_as_output(features.embedding, features.high_res, (plane >= 0.5).float())
    assert np.array_equal(session.mask_prompt(mask), kept.low_res[0, 0].numpy())


def test_everything_from_an_embedding_or_without(session):
    options = {"points_per_side": 2, "points_per_batch": 3}

    def records(key, **more):
        found = []

        def run():
            found.extend((yield from session.everything(key, picture(), **options, **more)))

        list(run())
        return found

    assert records("a") == [], "the model's own filters are strict"
    found = records("a", pred_iou_thresh=0.0, stability_score_thresh=0.01)
    assert found
    assert found == records(None, pred_iou_thresh=0.0, stability_score_thresh=0.01)
    with pytest.raises(InvalidPrompt, match="embed it first"):
        session.everything("b", picture())
