"""A labelled picture as a training example: turned, cropped, recoloured and brought to the model's square input."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sam2_core.errors import TrainingError
from sam2_core.training.pictures import Labels, Pictures, Pixels

Bools = npt.NDArray[np.bool_]
_SMALLEST = 0.0005  # share of the input that an object must fill to be asked for
_TRIES = 20


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How far a picture is changed; each value is the largest change, 0 for none.

    crop: share of each side that may be cut away; turn: degrees; colour: strength of changes of light and colour.
    """

    flip: bool = True
    crop: float = 0.5
    turn: float = 8.0
    colour: float = 0.3


@dataclass(frozen=True, slots=True)
class Example:
    """image uint8 (S, S, 3) RGB and the masks of M objects, bool (M, S, S), none of them empty."""

    image: Pixels
    masks: Bools


def example(pictures: Pictures, rng: np.random.Generator, *, size: int, objects: int, how: Augmentation) -> Example:
    """An example with `objects` masks; where a picture has fewer objects, some come twice.

    Raises:
        TrainingError: no object was found in many pictures.
    """
    for _ in range(_TRIES):
        picture = pictures.draw(rng)
        matrix = placement(picture.image.shape[:2], size, rng, how)
        labels = warp_labels(picture.labels, matrix, size)
        values, areas = np.unique(labels, return_counts=True)
        seen = values[(values > 0) & (areas >= _SMALLEST * size * size)]
        if len(seen):
            chosen = rng.choice(seen, objects, replace=len(seen) < objects)
            image = recolour(warp_image(picture.image, matrix, size), rng, how.colour)
            return Example(image, object_masks(picture.labels, [int(v) for v in chosen], matrix, size))
    raise TrainingError(f"No object was found in {_TRIES} training pictures; are the masks empty?")


def placement(shape: Sequence[int], size: int, rng: np.random.Generator, how: Augmentation) -> npt.NDArray[np.float64]:
    """Affine map (2, 3) from pixels of a picture (height, width) to the square input."""
    height, width = shape
    keep_x, keep_y = 1 - how.crop * rng.random() * np.array([rng.uniform(0.7, 1), rng.uniform(0.7, 1)])
    x0, y0 = rng.random() * (1 - keep_x) * width, rng.random() * (1 - keep_y) * height
    scale = np.diag([size / (keep_x * width), size / (keep_y * height), 1.0])
    shift = np.array([[1, 0, -x0], [0, 1, -y0], [0, 0, 1]])
    angle = np.deg2rad(how.turn * rng.uniform(-1, 1))
    cos, sin, middle = np.cos(angle), np.sin(angle), size / 2
    turn = np.array(
        [[cos, -sin, middle - cos * middle + sin * middle], [sin, cos, middle - sin * middle - cos * middle], [0, 0, 1]]
    )
    whole = turn @ scale @ shift
    if how.flip and rng.random() < 0.5:
        whole = np.array([[-1, 0, size], [0, 1, 0], [0, 0, 1]]) @ whole
    return _between_centres(whole)[:2]


def _between_centres(matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The map of continuous coordinates as OpenCV wants it, between pixel centres."""
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    return np.asarray(np.linalg.inv(half) @ matrix @ half)


def warp_image(image: Pixels, matrix: npt.NDArray[np.float64], size: int) -> Pixels:
    """Picture (H, W, 3) in the square input; what lies outside is mirrored in."""
    shrink = float(np.sqrt(abs(np.linalg.det(matrix[:, :2]))))
    if shrink < 0.6:  # bilinear sampling alone would alias
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.4 / shrink), dtype=np.uint8)
    warped = cv2.warpAffine(image, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(warped, dtype=np.uint8)


def warp_labels(labels: Labels, matrix: npt.NDArray[np.float64], size: int) -> Labels:
    """Labels (H, W) in the square input, mirrored in like the picture."""
    warped = cv2.warpAffine(labels, matrix, (size, size), flags=cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(warped, dtype=np.uint16)


def object_masks(labels: Labels, values: Sequence[int], matrix: npt.NDArray[np.float64], size: int) -> Bools:
    """Masks (M, S, S) of objects, with smooth borders where the picture is enlarged."""
    masks = np.empty((len(values), size, size), dtype=np.bool_)
    for i, value in enumerate(values):
        plane = (labels == value).astype(np.float32)
        warped = cv2.warpAffine(plane, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
        masks[i] = warped >= 0.5
        if not masks[i].any():  # thinner than a pixel
            masks[i] = warp_labels(labels, matrix, size) == value
    return masks


def recolour(image: Pixels, rng: np.random.Generator, strength: float) -> Pixels:
    """Light, contrast, saturation and tint of a picture changed at random; now and then grey or soft."""
    if strength <= 0:
        return image
    x = image.astype(np.float32)
    gain, contrast, saturation = 1 + strength * rng.uniform(-1, 1, 3)
    tint = 1 + 0.3 * strength * rng.uniform(-1, 1, 3).astype(np.float32)
    x = (x - 128) * np.float32(contrast) + 128 * np.float32(gain)
    grey = x.mean(axis=2, keepdims=True)
    x = grey + (x - grey) * np.float32(0.0 if rng.random() < 0.05 else saturation)
    x = np.clip(x * tint, 0, 255).astype(np.uint8)
    if rng.random() < 0.1:
        x = np.asarray(cv2.GaussianBlur(x, (0, 0), rng.uniform(0.5, 1.5)), dtype=np.uint8)
    return np.ascontiguousarray(x)
