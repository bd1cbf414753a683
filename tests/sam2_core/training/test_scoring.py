import numpy as np
import pytest

from sam2_core.training.scoring import (
    border,
    boundary_f,
    box_of,
    click_on,
    correction,
    deepest_pixel,
    iou,
    largest_part,
)


def block(rows: slice, columns: slice) -> np.ndarray:
    mask = np.zeros((100, 120), np.bool_)
    mask[rows, columns] = True
    return mask


SQUARE = block(slice(20, 60), slice(30, 70))


def test_iou_counts_pixels() -> None:
    assert iou(SQUARE, block(slice(20, 40), slice(30, 70))) == 0.5
    assert iou(SQUARE & False, SQUARE & False) == 1.0


def test_borders_that_lie_near_agree() -> None:
    assert boundary_f(SQUARE, SQUARE) == 1.0
    assert boundary_f(block(slice(21, 61), slice(31, 71)), SQUARE) > 0.95
    assert boundary_f(block(slice(60, 90), slice(80, 110)), SQUARE) == 0.0
    assert boundary_f(SQUARE & False, SQUARE) == 0.0
    assert boundary_f(SQUARE & False, SQUARE & False) == 1.0
    far = boundary_f(block(slice(20, 60), slice(30, 80)), SQUARE)  # three of four sides agree
    assert 0.6 < far < 0.9


def test_the_border_is_one_pixel_wide() -> None:
    assert border(SQUARE).sum() == pytest.approx(4 * 40, abs=2)


def test_clicks_are_deep_in_the_largest_part() -> None:
    both = SQUARE | block(slice(80, 90), slice(80, 90))
    assert np.array_equal(largest_part(both), SQUARE)
    (x, y), label = click_on(both)
    assert label == 1
    assert abs(x - 49.5) <= 1
    assert abs(y - 39.5) <= 1


def test_the_edge_of_the_picture_counts_as_outside() -> None:
    assert deepest_pixel(block(slice(0, 21), slice(0, 120)))[1] == 10


def test_corrections_go_to_the_larger_error() -> None:
    assert correction(SQUARE, SQUARE) is None
    assert correction(SQUARE & False, SQUARE) == click_on(SQUARE)
    found = block(slice(20, 60), slice(35, 110))  # 5 columns missed, 40 too many
    answer = correction(found, SQUARE)
    assert answer is not None
    (x, _), label = answer
    assert label == 0
    assert 85 <= x <= 95


def test_boxes_are_pixel_indices() -> None:
    assert box_of(SQUARE) == (30, 20, 69, 59)
