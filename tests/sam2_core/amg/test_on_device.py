"""Masks measured and kept on a device, beside what the host's way gives; both on the CPU here."""

from contextlib import nullcontext

import numpy as np
import pytest
import torch

from golden import weights
from sam2_core import stills
from sam2_core.amg.nms import keep_best
from sam2_core.amg.on_device import CHUNK, kept_boxes
from sam2_core.automatic_mask_generator import SAM2AutomaticMaskGenerator
from sam2_core.build_sam import build_sam2
from sam2_core.modeling.sam2_base import SAM2Base
from support.syncs import Waits
from support.tiny_model import tiny_config

PICTURE = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
ALL = {"points_per_side": 6, "pred_iou_thresh": 0.0, "stability_score_thresh": 0.0, "output_mode": "uncompressed_rle"}


@pytest.fixture(scope="module")
def model() -> SAM2Base:
    return weights.fill(build_sam2(tiny_config(), device="cpu"))


def both(model: SAM2Base, **options: object) -> list[list[dict[str, object]]]:
    found = []
    for on_device in (False, True):
        generator = SAM2AutomaticMaskGenerator(model, **(ALL | options))
        generator.on_device = on_device
        found.append(generator.generate(PICTURE))
    return found


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"box_nms_thresh": 0.99},
        {"pred_iou_thresh": 0.5, "stability_score_thresh": 0.6, "mask_threshold": 0.3, "box_nms_thresh": 0.9},
        {"crop_n_layers": 1, "points_per_batch": 5, "box_nms_thresh": 0.95},
        {"use_m2m": True, "min_mask_region_area": 20},
        {"pred_iou_thresh": 2.0},
        {"mask_threshold": 1e6, "box_nms_thresh": 1.0},  # empty masks
    ],
)
def test_the_same_masks_in_the_same_order(model: SAM2Base, options: dict[str, object]) -> None:
    on_host, on_device = both(model, **options)
    assert len(on_host) > 0 or options.get("pred_iou_thresh") == 2.0
    assert repr(on_host) == repr(on_device)  # equal also where a stability is NaN


def test_more_masks_than_a_chunk(model: SAM2Base) -> None:
    on_host, on_device = both(model, box_nms_thresh=1.0)
    assert len(on_host) > CHUNK
    assert repr(on_host) == repr(on_device)


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.7, 1.0])
def test_duplicates_are_the_same(threshold: float) -> None:
    draw = np.random.default_rng(1)
    corner, side = draw.integers(0, 40, (300, 2)), draw.integers(0, 30, (300, 2))
    boxes = np.concatenate([corner, corner + side], axis=1).astype(float)
    scores = draw.integers(0, 20, 300) / 20.0  # many ties
    wanted = draw.random(300) < 0.8
    order, stays = kept_boxes(*(torch.from_numpy(x) for x in (boxes, scores, wanted)), threshold)
    index = np.flatnonzero(wanted)
    assert order[stays].tolist() == [int(index[i]) for i in keep_best(boxes[wanted], scores[wanted], threshold)]


def test_a_long_chain_of_boxes_that_rule_each_other_out() -> None:
    start = torch.arange(100.0)
    boxes = torch.stack([start, torch.zeros(100), start + 10, torch.ones(100)], dim=1)
    order, stays = kept_boxes(boxes, -start, torch.ones(100, dtype=torch.bool), 0.8)
    assert order[stays].tolist() == list(range(0, 100, 2))


def test_no_boxes() -> None:
    order, stays = kept_boxes(torch.zeros(0, 4), torch.zeros(0), torch.zeros(0, dtype=torch.bool), 0.5)
    assert len(order) == len(stays) == 0


def test_the_host_waits_once_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(stills._AT_ONCE, "meta", 1)
    monkeypatch.setattr(torch, "autocast", lambda *_, **__: nullcontext())  # there is none for "meta"
    model = build_sam2(tiny_config(), device="cpu").to("meta")
    generator = SAM2AutomaticMaskGenerator(model, points_per_side=4, points_per_batch=4)
    generator.on_device = True
    with Waits() as waits:
        generator.generate(PICTURE)
    assert len(waits.seen) == 4, waits.seen  # nothing passed, so there is nothing else to read
