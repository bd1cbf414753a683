"""SAM2ImagePredictor: inputs, shapes, errors, threads; and that the bundled model segments a disc."""

import threading

import numpy as np
import pytest
import torch
from PIL import Image

from golden import weights
from sam2_core.build_sam import build_sam2
from sam2_core.errors import InvalidPrompt
from sam2_core.sam2_image_predictor import SAM2ImagePredictor
from support.discs import disc, iou, moving_discs
from support.tiny_model import tiny_config

CLICK = {"point_coords": np.array([[40, 30]]), "point_labels": np.array([1])}


@pytest.fixture(scope="module")
def model():
    """The small model."""
    return weights.fill(build_sam2(tiny_config(), device="cpu"))


@pytest.fixture(scope="module")
def image():
    """A picture (60, 80, 3)."""
    return np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)


@pytest.fixture
def predictor(model, image):
    """A predictor with the picture set."""
    predictor = SAM2ImagePredictor(model)
    predictor.set_image(image)
    return predictor


def test_shapes_and_types(predictor):
    masks, ious, low_res = predictor.predict(**CLICK)
    assert (masks.shape, ious.shape, low_res.shape) == ((3, 60, 80), (3,), (3, 32, 32))
    assert {masks.dtype, ious.dtype, low_res.dtype} == {np.dtype(np.float32)}
    assert set(np.unique(masks)) <= {0.0, 1.0}
    assert predictor.predict(multimask_output=False, **CLICK)[0].shape == (1, 60, 80)
    assert predictor.get_image_embedding().shape == (1, 32, 8, 8)


def test_several_objects_at_once(predictor):
    boxes = np.array([[5, 5, 30, 30], [20, 10, 60, 50]])
    masks, ious, low_res = predictor.predict(box=boxes, multimask_output=False)
    assert (masks.shape, ious.shape, low_res.shape) == ((2, 1, 60, 80), (2, 1), (2, 1, 32, 32))
    one, *_ = predictor.predict(box=boxes[1], multimask_output=False)
    assert np.array_equal(masks[1], one)


def test_boxes_with_a_point_each(predictor):
    masks, *_ = predictor.predict(
        point_coords=np.array([[[10, 10]], [[40, 30]]]),
        point_labels=np.array([[1], [0]]),
        box=np.array([[5, 5, 30, 30], [20, 10, 60, 50]]),
    )
    assert masks.shape == (2, 3, 60, 80)


def test_the_same_box_in_all_shapes(predictor):
    flat, *_ = predictor.predict(box=[5, 5, 30, 30], return_logits=True)
    row, *_ = predictor.predict(box=[[5, 5, 30, 30]], return_logits=True)
    assert np.array_equal(flat, row)


def test_coordinates_from_0_to_1(predictor):
    pixels, *_ = predictor.predict(return_logits=True, **CLICK)
    shares, *_ = predictor.predict(
        point_coords=np.array([[0.5, 0.5]]), point_labels=np.array([1]), normalize_coords=False, return_logits=True
    )
    assert np.allclose(pixels, shares, atol=1e-4)


def test_a_mask_is_fed_back(predictor):
    _, ious, low_res = predictor.predict(**CLICK)
    best = low_res[[ious.argmax()]]
    alone, *_ = predictor.predict(multimask_output=False, return_logits=True, **CLICK)
    refined, *_ = predictor.predict(mask_input=best, multimask_output=False, return_logits=True, **CLICK)
    assert not np.array_equal(alone, refined)
    as_batch, *_ = predictor.predict(mask_input=best[None], multimask_output=False, return_logits=True, **CLICK)
    assert np.array_equal(refined, as_batch)


def test_no_prompt_is_legal(predictor):
    assert predictor.predict()[0].shape == (3, 60, 80)


def test_low_res_logits_are_clamped(predictor):
    assert np.abs(predictor.predict(**CLICK)[2]).max() <= 32.0


def test_batches_of_pictures_of_different_sizes(model, image):
    predictor = SAM2ImagePredictor(model)
    predictor.set_image_batch([image, image[:40, :50]])
    masks, ious, low_res = predictor.predict_batch(
        point_coords_batch=[[[40, 30]], [[10, 10]]], point_labels_batch=[[1], [1]], return_logits=True
    )
    assert [m.shape for m in masks] == [(3, 60, 80), (3, 40, 50)]
    assert len(ious) == len(low_res) == 2
    predictor.set_image(image)
    alone, *_ = predictor.predict(return_logits=True, **CLICK)
    assert np.allclose(masks[0], alone, atol=1e-3)


def _grey(image):
    return image.mean(-1).astype(np.uint8)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (_grey, lambda image: np.repeat(_grey(image)[..., None], 3, -1)),
        (lambda image: _grey(image)[..., None], lambda image: np.repeat(_grey(image)[..., None], 3, -1)),
        (lambda image: np.dstack([image, _grey(image)]), lambda image: image),
        (lambda image: image.astype(np.uint16) * 257, lambda image: image),
        (lambda image: image[:, ::-1], lambda image: image[:, ::-1].copy()),
        (lambda image: image.astype(np.float64) / 255, lambda image: image),
        (Image.fromarray, lambda image: image),
        (lambda image: Image.fromarray(image).convert("RGBA"), lambda image: image),
    ],
    ids=["grey", "one channel", "alpha", "uint16", "negative strides", "float", "PIL", "PIL with alpha"],
)
def test_kinds_of_pictures(model, image, given, meant):
    predictor = SAM2ImagePredictor(model)
    predictor.set_image(given(image))
    got = predictor.get_image_embedding()
    predictor.set_image(meant(image))
    assert torch.allclose(got, predictor.get_image_embedding(), atol=1e-4)


@pytest.mark.parametrize(
    "bad",
    [
        np.full((4, 4, 3), 255.0),
        np.full((4, 4, 3), np.nan),
        np.zeros((4, 4, 3), np.int32),
        np.zeros((4, 4, 2), np.uint8),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros(4, np.uint8),
    ],
)
def test_arrays_that_are_no_pictures(predictor, bad):
    with pytest.raises(InvalidPrompt, match="A picture"):
        predictor.set_image(bad)
    with pytest.raises(RuntimeError, match="call set_image first"):
        predictor.predict(**CLICK)


def test_other_types(predictor):
    with pytest.raises(NotImplementedError, match="not str"):
        predictor.set_image("picture.jpg")
    with pytest.raises(AssertionError):
        predictor.set_image_batch([Image.new("RGB", (4, 4))])


def test_prompts_before_a_picture(model):
    predictor = SAM2ImagePredictor(model)
    with pytest.raises(RuntimeError, match="set_image"):
        predictor.predict(**CLICK)
    with pytest.raises(RuntimeError, match="set_image"):
        predictor.get_image_embedding()
    with pytest.raises(RuntimeError, match="set_image_batch"):
        predictor.predict_batch()


def test_points_without_labels(predictor):
    with pytest.raises(AssertionError):
        predictor.predict(point_coords=np.array([[1, 1]]))


@pytest.mark.parametrize(
    ("prompts", "message"),
    [
        ({"point_coords": [[1, 1], [2, 2]], "point_labels": [1]}, "do not belong together"),
        ({"point_coords": [[1, 1, 1]], "point_labels": [1]}, "do not belong together"),
        ({"point_coords": [[np.nan, 1]], "point_labels": [1]}, "A point must be made of finite numbers, not of nan"),
        ({"point_coords": [[1, -np.inf]], "point_labels": [1]}, "A point .* not of -inf"),
        ({"point_coords": [["a", "b"]], "point_labels": [1]}, "A point must be made of numbers"),
        ({"point_coords": [[1, 1]], "point_labels": [4]}, "A label must be among .* not 4"),
        ({"point_coords": [[1, 1]], "point_labels": [0.5]}, "A label .* not 0.5"),
        ({"point_coords": np.zeros((0, 1, 2)), "point_labels": np.zeros((0, 1))}, "at least one object"),
        ({"box": [1, 2, 3]}, r"A box must have four numbers .* \(3,\)"),
        ({"box": np.zeros((0, 4))}, r"A box must have four numbers .* \(0, 4\)"),
        ({"box": [1, 2, 3, np.inf]}, "A box must be made of finite numbers, not of inf"),
        ({"box": [9, 2, 3, 4]}, r"A box must have x0 <= x1 .* not \[9.0, 2.0, 3.0, 4.0\]"),
        ({"box": [[1, 2, 3, 4], [1, 9, 3, 4]]}, "A box .* y0 <= y1"),
        ({"box": [[1, 2, 3, 4]] * 2, "point_coords": [[1, 1]], "point_labels": [1]}, "2 boxes cannot go with points"),
        ({"mask_input": np.zeros((1, 16, 16))}, "A mask prompt must be low-res logits"),
        ({"mask_input": np.full((1, 32, 32), np.nan)}, "A mask prompt must be made of finite numbers"),
        ({"mask_input": np.zeros((2, 1, 32, 32)), "box": [[1, 2, 3, 4]] * 3}, "2 mask prompts cannot go with"),
    ],
)
def test_prompts_that_cannot_be_used(predictor, prompts, message):
    with pytest.raises(InvalidPrompt, match=message):
        predictor.predict(**prompts)
    assert predictor.predict(**CLICK)[0].shape == (3, 60, 80)


def test_reset(predictor):
    predictor.reset_predictor()
    with pytest.raises(RuntimeError, match="set_image"):
        predictor.predict(**CLICK)


def test_small_components_are_cleaned(model, image):
    raw = SAM2ImagePredictor(model)
    cleaned = SAM2ImagePredictor(model, max_hole_area=2000, max_sprinkle_area=2000)
    for predictor in (raw, cleaned):
        predictor.set_image(image)
    before, *_ = raw.predict(return_logits=True, **CLICK)
    after, *_ = cleaned.predict(return_logits=True, **CLICK)
    assert not np.array_equal(before, after)


def test_the_model_cards_context(model, image):
    predictor = SAM2ImagePredictor(model)
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        predictor.set_image(image)
        masks, ious, low_res = predictor.predict(return_logits=True, **CLICK)
    assert {masks.dtype, ious.dtype, low_res.dtype} == {np.dtype(np.float32)}
    predictor.set_image(image)
    exact, *_ = predictor.predict(return_logits=True, **CLICK)
    assert not np.array_equal(masks, exact)
    assert np.abs(masks - exact).mean() < 0.1 * np.abs(exact).mean()


def test_the_model_s_precision_holds_in_any_thread(image):
    model = weights.fill(build_sam2(tiny_config(), device="cpu"))
    results = []

    def work():
        predictor = SAM2ImagePredictor(model)
        predictor.set_image(image)
        results.append(predictor.predict(return_logits=True, **CLICK)[0])

    work()
    model.compute_in(torch.bfloat16)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    work()
    assert np.array_equal(results[1], results[2])
    assert not np.array_equal(results[0], results[1])


def test_the_bundled_model_segments_a_disc():
    predictor = SAM2ImagePredictor.from_pretrained("sam2-nano", device="cpu")
    predictor.set_image(moving_discs(1)[0][0])
    masks, ious, _ = predictor.predict(point_coords=np.array([[70, 90]]), point_labels=np.array([1]))
    assert iou(masks[ious.argmax()] > 0, disc(0)) > 0.5
