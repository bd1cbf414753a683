"""Grids of points in the unit square. SAM 1 paper (arXiv 2304.02643), appendix B, automatic mask generation."""

import numpy as np
import numpy.typing as npt


def point_grid(points_per_side: int) -> npt.NDArray[np.float64]:
    """Centres of an n x n grid, (n * n, 2) xy in 0..1, row by row."""
    centres = (np.arange(points_per_side) + 0.5) / points_per_side
    x, y = np.meshgrid(centres, centres)
    return np.stack([x, y], axis=-1).reshape(-1, 2)


def layer_grids(points_per_side: int, layers: int, downscale_factor: int) -> list[npt.NDArray[np.float64]]:
    """Grid for the whole picture and for each further layer of crops, thinner by the factor from layer to layer."""
    return [point_grid(int(points_per_side / downscale_factor**i)) for i in range(layers + 1)]
