"""Overlapping crops of a picture. SAM 1 paper (arXiv 2304.02643), appendix B, cropping."""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

EDGE = 20.0  # pixels within which a mask counts as touching an edge


@dataclass(frozen=True, slots=True)
class Crop:
    """Part of a picture in pixels, x1 and y1 exclusive, and the layer it belongs to (0: the whole picture)."""

    x0: int
    y0: int
    x1: int
    y1: int
    layer: int

    @property
    def size(self) -> tuple[int, int]:
        """(height, width)."""
        return self.y1 - self.y0, self.x1 - self.x0

    @property
    def xywh(self) -> list[int]:
        """Left, top, width, height."""
        return [self.x0, self.y0, self.x1 - self.x0, self.y1 - self.y0]


def crops(size: tuple[int, int], layers: int, overlap_ratio: float) -> list[Crop]:
    """The whole (height, width) picture, then for layer i a grid of 2^i x 2^i overlapping crops, column by column."""
    height, width = size
    found = [Crop(0, 0, width, height, 0)]
    for layer in range(1, layers + 1):
        per_side = 2**layer
        overlap = int(overlap_ratio * min(size) * 2 / per_side)
        crop_width = math.ceil((overlap * (per_side - 1) + width) / per_side)
        crop_height = math.ceil((overlap * (per_side - 1) + height) / per_side)
        starts = ([(length - overlap) * k for k in range(per_side)] for length in (crop_width, crop_height))
        found += [
            Crop(x, y, min(x + crop_width, width), min(y + crop_height, height), layer)
            for x, y in itertools.product(*starts)
        ]
    return found


def cut_by_crop(boxes: npt.NDArray[np.float64], crop: Crop, size: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """Which boxes (N, 4) xyxy, in pixels of the crop, come near an edge of the crop that is not one of the picture."""
    in_picture = np.add(boxes, [crop.x0, crop.y0, crop.x0, crop.y0])
    near_crop = np.abs(in_picture - [crop.x0, crop.y0, crop.x1, crop.y1]) <= EDGE
    near_picture = np.abs(in_picture - [0, 0, size[1], size[0]]) <= EDGE
    cut: npt.NDArray[np.bool_] = np.any(near_crop & ~near_picture, axis=1)
    return cut
