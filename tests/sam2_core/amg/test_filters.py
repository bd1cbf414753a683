"""Stability and boxes of masks."""

import numpy as np
import pytest
import torch

from sam2_core.amg.filters import above, areas, mask_box, stability_score


def test_stability_is_the_share_of_area_that_stays():
    logits = torch.tensor([[[3.0, 0.5, -0.5, -3.0]], [[-3.0, -3.0, -3.0, -3.0]]])
    score = stability_score(logits, 0.0, 1.0)
    assert score[0] == pytest.approx(1 / 3)
    assert np.isnan(score[1])


def test_areas_and_flags_are_those_of_the_tensor():
    logits = torch.randn(3, 40, 50)
    for threshold in (0.1, -0.7, float(logits[0, 0, 0])):
        flags = logits > threshold
        assert areas(logits, threshold).tolist() == flags.sum((-2, -1)).tolist()
        assert np.array_equal(above(logits[0], threshold), flags[0].numpy())


def test_boxes_go_from_the_first_to_the_last_pixel():
    masks = np.zeros((4, 5, 7), dtype=bool)
    masks[0, 1:4, 2:6] = True
    masks[1, 4, 6] = True
    masks[3, 0, 0] = True
    assert [mask_box(mask) for mask in masks] == [(2, 1, 5, 3), (6, 4, 6, 4), (0, 0, 0, 0), (0, 0, 0, 0)]
