"""The automatic mask generator's options and records (its numbers are checked in tests/golden)."""

import cv2
import numpy as np
import pytest
import torch
from pycocotools import mask as coco

from golden import weights
from sam2_core import stills
from sam2_core.amg.regions import without_small_regions
from sam2_core.automatic_mask_generator import SAM2AutomaticMaskGenerator
from sam2_core.build_sam import build_sam2
from sam2_core.errors import Cancelled
from support.tiny_model import tiny_config

ALL = {"points_per_side": 3, "pred_iou_thresh": 0.0, "stability_score_thresh": 0.0, "box_nms_thresh": 0.99}


@pytest.fixture(scope="module")
def model():
    """The small model."""
    return weights.fill(build_sam2(tiny_config(), device="cpu"))


@pytest.fixture(scope="module")
def image():
    """A picture (60, 80, 3)."""
    return np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)


def test_records(model, image):
    records = SAM2AutomaticMaskGenerator(model, **ALL).generate(image)
    assert records
    for record in records:
        mask = record["segmentation"]
        assert (mask.dtype, mask.shape) == (np.bool_, (60, 80))
        assert record["area"] == mask.sum()
        ys, xs = np.nonzero(mask)
        if len(xs):
            assert record["bbox"] == [xs.min(), ys.min(), np.ptp(xs), np.ptp(ys)]
        assert record["crop_box"] == [0, 0, 80, 60]
        assert len(record["point_coords"][0]) == 2
    ious = [record["predicted_iou"] for record in records]
    assert ious == sorted(ious, reverse=True)


def test_output_modes_agree(model, image):
    by_mode = {
        mode: SAM2AutomaticMaskGenerator(model, output_mode=mode, **ALL).generate(image)
        for mode in ("binary_mask", "uncompressed_rle", "coco_rle")
    }
    for binary, plain, packed in zip(*by_mode.values(), strict=True):
        want = coco.encode(np.asfortranarray(binary["segmentation"].astype(np.uint8)))
        assert coco.frPyObjects(plain["segmentation"], 60, 80) == want
        assert packed["segmentation"] == {"size": want["size"], "counts": want["counts"].decode()}


def test_fewer_points_at_once_where_memory_is_short(model, image, monkeypatch):
    wanted = SAM2AutomaticMaskGenerator(model, **ALL).generate(image)
    decode, sizes = stills.decode, []

    def short(model, still, prompts, **more):
        sizes.append(len(prompts.points[0]))
        if sizes[-1] > 2:
            raise torch.OutOfMemoryError("no room")
        return decode(model, still, prompts, **more)

    monkeypatch.setattr(stills, "decode", short)
    found = SAM2AutomaticMaskGenerator(model, **ALL).generate(image)
    assert [record["point_coords"] for record in found] == [record["point_coords"] for record in wanted]
    assert sizes == [9, 4, 2, 2, 2, 2, 1]


def test_filters_drop_masks(model, image):
    count = len(SAM2AutomaticMaskGenerator(model, **ALL).generate(image))
    best = SAM2AutomaticMaskGenerator(model, **{**ALL, "pred_iou_thresh": 0.99}).generate(image)
    stable = SAM2AutomaticMaskGenerator(model, **{**ALL, "stability_score_thresh": 0.999}).generate(image)
    assert len(best) < count
    assert len(stable) < count


def test_batches_and_parts_change_nothing(model, image, monkeypatch):
    whole = SAM2AutomaticMaskGenerator(model, output_mode="uncompressed_rle", **ALL).generate(image)
    monkeypatch.setattr("sam2_core.amg.found._PIXELS_ON_CPU", 7 * 60 * 80)
    parts = SAM2AutomaticMaskGenerator(model, output_mode="uncompressed_rle", points_per_batch=2, **ALL)
    assert [r["point_coords"] for r in parts.generate(image)] == [r["point_coords"] for r in whole]


def test_small_regions_are_removed(model):
    """Areas are in low-res pixels, which are those of this picture."""
    area = 40
    picture = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    kept = SAM2AutomaticMaskGenerator(model, **ALL).generate(picture)
    cleaned = SAM2AutomaticMaskGenerator(model, min_mask_region_area=area, **ALL).generate(picture)

    def smallest(records):
        parts = []
        for record in records:
            for plane in (record["segmentation"], ~record["segmentation"]):
                _, _, stats, _ = cv2.connectedComponentsWithStats(plane.astype(np.uint8), connectivity=8)
                parts += stats[1:, cv2.CC_STAT_AREA].tolist()
        return min(parts)

    assert smallest(kept) <= area
    assert smallest(cleaned) > area


def test_own_grids_and_crops(model, image):
    grids = [np.array([[0.5, 0.5]]), np.array([[0.25, 0.25], [0.75, 0.75]])]
    options = {**ALL, "points_per_side": None, "point_grids": grids, "crop_n_layers": 1, "crop_nms_thresh": 1.0}
    records = SAM2AutomaticMaskGenerator(model, **options).generate(image)
    crops = {tuple(record["crop_box"]) for record in records}
    assert (0, 0, 80, 60) in crops


def test_a_picture_without_masks(model, image):
    assert SAM2AutomaticMaskGenerator(model, **{**ALL, "pred_iou_thresh": 2.0}).generate(image) == []


@pytest.mark.parametrize(
    "options", [{"points_per_side": None}, {"point_grids": [np.zeros((1, 2))]}, {"output_mode": "polygon"}]
)
def test_options_that_do_not_fit(model, options):
    with pytest.raises(ValueError, match=r"points_per_side|output_mode"):
        SAM2AutomaticMaskGenerator(model, **options)


def test_batch_by_batch_and_from_features_at_hand(model, image, monkeypatch):
    options = {**ALL, "stability_score_thresh": 0.01, "output_mode": "uncompressed_rle"}
    generator = SAM2AutomaticMaskGenerator(model, points_per_batch=4, **options)
    whole = generator.generate(image)
    features = stills.embed(model, [image])[0]
    monkeypatch.setattr(stills, "embed", lambda *args: pytest.fail("embedded again"))
    found = []

    def run():
        found.extend((yield from generator.steps(image, features=features)))

    assert list(run()) == [(4, 9), (8, 9), (9, 9)]
    assert found == whole


def test_embedding_a_crop_can_be_given_up(model, image):
    steps = SAM2AutomaticMaskGenerator(model, crop_n_layers=1, **ALL).steps(image, cancel=lambda: True)
    with pytest.raises(Cancelled):
        next(steps)


def test_small_regions_are_removed_in_pixels_of_the_picture(model, image):
    """Parts of 100 low-res pixels would be 469 here."""
    area = 100
    options = {**ALL, "points_per_side": 4, "output_mode": "binary_mask"}
    records = SAM2AutomaticMaskGenerator(model, min_mask_region_area=area, **options).generate(image[:24, :32])
    assert records
    for record in records:
        assert without_small_regions(record["segmentation"], area) is None
        assert record["area"] == record["segmentation"].sum()


def test_logits_are_smoothed_on_request(model, image):
    records = SAM2AutomaticMaskGenerator(model, **ALL).generate(image)
    smoothed = SAM2AutomaticMaskGenerator(model, smoothing=2.0, **ALL).generate(image)

    def edges(found):
        return np.mean([np.count_nonzero(np.diff(r["segmentation"].astype(np.int8))) for r in found])

    assert edges(smoothed) < edges(records)
