from __future__ import annotations

from sam2_annotator.engine import coords
from sam2_annotator.values.prompt import Box, Point


def test_centre_of_a_pixel_becomes_its_index() -> None:
    coordinates, labels = coords.point_arrays([Point(310.5, 88.5), Point(0.5, 7.5, positive=False)])
    assert coordinates.tolist() == [[310.0, 88.0], [0.0, 7.0]]
    assert labels.tolist() == [1, 0]


def test_no_points() -> None:
    coordinates, labels = coords.point_arrays([])
    assert coordinates.shape == (0, 2)
    assert labels.shape == (0,)


def test_box_edges_move_half_a_pixel() -> None:
    assert coords.box_array(Box(1, 2, 11, 22)).tolist() == [0.5, 1.5, 10.5, 21.5]
