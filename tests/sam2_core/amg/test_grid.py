"""Point grids."""

import numpy as np

from sam2_core.amg.grid import layer_grids, point_grid


def test_centres_row_by_row():
    assert np.allclose(point_grid(2), [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]])


def test_layers_thin_out():
    assert [len(grid) for grid in layer_grids(8, 2, 2)] == [64, 16, 4]
    assert [len(grid) for grid in layer_grids(8, 1, 1)] == [64, 64]
