"""Crops cover the picture and overlap; masks cut by a crop's edge are found."""

import numpy as np

from sam2_core.amg.crops import Crop, crops, cut_by_crop


def test_only_the_picture_without_layers():
    assert crops((60, 80), 0, 0.3) == [Crop(0, 0, 80, 60, 0)]


def test_each_layer_covers_the_picture():
    parts = crops((61, 83), 2, 0.34)
    assert [sum(c.layer == layer for c in parts) for layer in range(3)] == [1, 4, 16]
    for layer in (1, 2):
        seen = np.zeros((61, 83), int)
        for crop in parts:
            if crop.layer == layer:
                seen[crop.y0 : crop.y1, crop.x0 : crop.x1] += 1
        assert seen.min() >= 1
        assert seen.max() > 1


def test_columns_come_first():
    _, first, second, *_ = crops((60, 80), 1, 0.3)
    assert first.x0 == second.x0 == 0
    assert first.y0 < second.y0


def test_boxes_cut_by_an_inner_edge():
    crop = Crop(100, 0, 300, 200, 1)
    boxes = np.array(
        [
            [50, 50, 120, 150],  # inside
            [10, 50, 120, 150],  # near the left edge of the crop, inside the picture
            [50, 5, 120, 150],  # near the top edge, which is the picture's
            [50, 50, 195, 150],  # near the right edge of the crop
        ],
        float,
    )
    assert cut_by_crop(boxes, crop, (200, 400)).tolist() == [False, True, False, True]
    assert not cut_by_crop(boxes, Crop(0, 0, 400, 200, 0), (200, 400)).any()


def test_no_boxes():
    assert cut_by_crop(np.zeros((0, 4)), Crop(0, 0, 4, 4, 0), (4, 4)).shape == (0,)
