"""Things to put into composed scenes: objects cut out of pictures, and drawn shapes."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sam2_core.training.pictures import Pictures, Pixels
from sam2_core.training.textures import texture

_LEAST_AREA = 400  # pixels of a cut-out
_TRIES = 10


@dataclass(frozen=True, slots=True)
class Cutout:
    """pixels uint8 (H, W, 3) RGB, and cover float32 (H, W) in 0..1: how much of each pixel it fills."""

    pixels: Pixels
    cover: npt.NDArray[np.float32]


def cutout(pictures: Pictures | None, rng: np.random.Generator, *, drawn: float) -> Cutout:
    """A drawn shape with probability `drawn` (always without pictures), else an object of a picture."""
    if pictures is not None and rng.random() >= drawn:
        for _ in range(_TRIES):
            found = _object(pictures, rng)
            if found is not None:
                return found
    return shape(rng)


def _object(pictures: Pictures, rng: np.random.Generator) -> Cutout | None:
    """An object that is not cut off by the picture's edge on more than one side."""
    picture = pictures.draw(rng)
    values, areas = np.unique(picture.labels[picture.labels > 0], return_counts=True)
    values = values[areas >= _LEAST_AREA]
    if not len(values):
        return None
    mask = picture.labels == rng.choice(values)
    cut_off = sum(bool(edge.any()) for edge in (mask[0], mask[-1], mask[:, 0], mask[:, -1]))
    if cut_off > 1:
        return None
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    window = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
    return Cutout(np.ascontiguousarray(picture.image[window]), mask[window].astype(np.float32))


def shape(rng: np.random.Generator, side: int = 192) -> Cutout:
    """An ellipse, a polygon or a blob filled with a texture; now and then with a hole."""
    middle, scale = side / 2, side / 2 * 0.95
    corners = int(rng.integers(3, 10))
    angles = np.sort(rng.uniform(0, 2 * np.pi, corners)) if rng.random() < 0.5 else np.linspace(0, 2 * np.pi, 40)
    radius = rng.uniform(0.45, 1, len(angles)) if len(angles) < 12 else _wavy(angles, rng)
    points = np.stack([np.cos(angles), np.sin(angles) * rng.uniform(0.4, 1)], 1) * radius[:, None] * scale + middle
    plane = np.zeros((side, side), np.uint8)
    cv2.fillPoly(plane, [np.round(points * 16).astype(np.int32)], (255,), cv2.LINE_AA, 4)
    if rng.random() < 0.15:
        cv2.circle(plane, (side // 2, side // 2), int(rng.uniform(0.08, 0.2) * side), (0,), -1, cv2.LINE_AA)
    return Cutout(texture(side, rng), (plane / np.float32(255)).astype(np.float32))


def _wavy(angles: npt.NDArray[np.float64], rng: np.random.Generator) -> npt.NDArray[np.float64]:
    waves = [rng.uniform(0, 0.3 / k) * np.sin(k * angles + rng.uniform(0, 2 * np.pi)) for k in (1, 2, 3, 5)]
    radius = 1 + np.sum(waves, axis=0)
    return np.asarray(radius / radius.max())
