"""Small pictures of candidates for the strip."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QImage

from sam2_annotator.engine.messages import Candidate
from sam2_annotator.masks import rle
from sam2_annotator.values.mask import Mask

_WIDTH, _HEIGHT = 152, 116
_MARGIN = 0.3
_FILL = 0.25
_DIMMED = 0.4

Area = tuple[int, int, int, int]


def candidate_pictures(
    image: npt.NDArray[np.uint8], candidates: tuple[Candidate, ...], colour: tuple[int, int, int]
) -> tuple[QImage, ...]:
    """The same part of a frame, uint8 (H, W, 3), with each candidate lit and tinted; the part holds all of them."""
    area = _area([candidate.mask.box for candidate in candidates if candidate.mask], image.shape[1], image.shape[0])
    x0, y0, x1, y1 = area
    scale = min(_WIDTH / (x1 - x0), _HEIGHT / (y1 - y0))
    size = max(1, round((x1 - x0) * scale)), max(1, round((y1 - y0) * scale))
    part = cv2.resize(image[y0:y1, x0:x1], size, interpolation=cv2.INTER_AREA)
    return tuple(_tinted(part, rle.within(candidate.mask, area), colour) for candidate in candidates)


def object_picture(
    image: npt.NDArray[np.uint8], mask: Mask, colour: tuple[int, int, int], size: tuple[int, int]
) -> npt.NDArray[np.uint8]:
    """The part of a frame, uint8 (H, W, 3), around a mask, which is tinted; it fits into `size` (width, height)."""
    area = _area([mask.box], image.shape[1], image.shape[0])
    x0, y0, x1, y1 = area
    scale = min(size[0] / (x1 - x0), size[1] / (y1 - y0))
    fitting = max(1, round((x1 - x0) * scale)), max(1, round((y1 - y0) * scale))
    part = cv2.resize(image[y0:y1, x0:x1], fitting, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_NEAREST)
    return _blended(part, rle.within(mask, area), colour)


def _area(boxes: list[Area], width: int, height: int) -> Area:
    """Around all boxes with a margin, inside the frame; the whole frame when there is none."""
    if not boxes:
        return 0, 0, width, height
    x0, y0 = min(box[0] for box in boxes), min(box[1] for box in boxes)
    x1, y1 = max(box[2] for box in boxes), max(box[3] for box in boxes)
    margin = round(_MARGIN * max(x1 - x0, y1 - y0))
    return max(0, x0 - margin), max(0, y0 - margin), min(width, x1 + margin), min(height, y1 + margin)


def _tinted(part: npt.NDArray[np.generic], pixels: npt.NDArray[np.bool_], colour: tuple[int, int, int]) -> QImage:
    rgb = _blended(part, pixels, colour)
    height, width = rgb.shape[:2]
    return QImage(rgb.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def _blended(
    part: npt.NDArray[np.generic], pixels: npt.NDArray[np.bool_], colour: tuple[int, int, int]
) -> npt.NDArray[np.uint8]:
    height, width = part.shape[:2]
    level = cv2.resize(pixels.view(np.uint8) * np.uint8(255), (width, height), interpolation=cv2.INTER_AREA)
    cover = level[..., None].astype(np.float32) / 255
    lit = part.astype(np.float32) * (_DIMMED + (1 - _DIMMED) * cover)
    blended = lit * (1 - _FILL * cover) + np.array(colour, np.float32) * _FILL * cover
    return np.ascontiguousarray(blended.round().astype(np.uint8))
