"""Stability and boxes of masks."""

import torch

from sam2_core.amg.filters import mask_boxes, stability_score


def test_stability_is_the_share_of_area_that_stays():
    logits = torch.tensor([[[3.0, 0.5, -0.5, -3.0]], [[-3.0, -3.0, -3.0, -3.0]]])
    score = stability_score(logits, 0.0, 1.0)
    assert torch.isclose(score[0], torch.tensor(1 / 3))
    assert score[1].isnan()


def test_boxes_go_from_the_first_to_the_last_pixel():
    masks = torch.zeros(3, 5, 7, dtype=torch.bool)
    masks[0, 1:4, 2:6] = True
    masks[1, 4, 6] = True
    assert mask_boxes(masks).tolist() == [[2, 1, 5, 3], [6, 4, 6, 4], [0, 0, 0, 0]]
