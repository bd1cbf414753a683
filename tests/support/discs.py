"""A clip of moving discs with known masks."""

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Bools = npt.NDArray[np.bool_]


def disc(t: int, *, height: int = 240, width: int = 320, start: tuple[int, int] = (70, 90), radius: int = 34) -> Bools:
    """Mask of a disc that moves 4 px right and 2 px down per frame; `start` is its centre (x, y) on frame 0."""
    y, x = np.mgrid[0:height, 0:width]
    mask: Bools = (x - start[0] - 4 * t) ** 2 + (y - start[1] - 2 * t) ** 2 <= radius**2
    return mask


def moving_discs(frames: int, *, height: int = 240, width: int = 320) -> tuple[Pixels, list[Bools]]:
    """Clip uint8 (T, H, W, 3) of a moving red disc and a blue one at rest, and the red disc's masks."""
    y, x = np.mgrid[0:height, 0:width]
    ground = np.stack([60 + x * 60 // width, 110 + y * 50 // height, 80 + (x // 20 + y // 20) % 2 * 12], -1)
    ground = np.where(((x - 250) ** 2 + (y - 60) ** 2 <= 30**2)[..., None], np.array([50, 70, 210]), ground)
    masks = [disc(t, height=height, width=width) for t in range(frames)]
    clip = [np.where(mask[..., None], np.array([220, 60, 40]), ground).astype(np.uint8) for mask in masks]
    return np.stack(clip), masks


def iou(a: Bools, b: Bools) -> float:
    """Intersection over union; 1 for two empty masks."""
    union = int((a | b).sum())
    return 1.0 if union == 0 else int((a & b).sum()) / union
