"""Suppression of duplicates."""

import numpy as np

from sam2_core.amg.nms import keep_best

BOXES = np.array([[0, 0, 10, 10], [0, 0, 10, 9], [20, 20, 30, 30], [0, 0, 10, 5]], float)


def test_the_better_of_two_overlapping_boxes_stays():
    assert keep_best(BOXES, np.array([0.5, 0.9, 0.1, 0.2]), 0.7) == [1, 3, 2]


def test_an_overlap_of_just_the_threshold_stays():
    assert keep_best(BOXES, np.array([0.9, 0.1, 0.5, 0.2]), 0.5) == [0, 2, 3]


def test_ties_keep_their_order():
    assert keep_best(BOXES, np.ones(4), 0.95) == [0, 1, 2, 3]


def test_boxes_without_area_and_no_boxes():
    assert keep_best(np.zeros((2, 4)), np.ones(2), 0.5) == [0, 1]
    assert keep_best(np.zeros((0, 4)), np.zeros(0), 0.5) == []
