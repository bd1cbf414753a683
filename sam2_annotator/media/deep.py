"""Pictures of more than eight bits a channel, undiminished: Pillow alone keeps only the high byte of colour ones."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from PIL.ImageFile import ImageFile
from PIL.TiffImagePlugin import BITSPERSAMPLE, TiffImageFile

from sam2_annotator.media.tones import Deep

cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # what it cannot read is said by us, once


def is_deep(image: Image.Image) -> bool:
    """True when the page an image stands at holds more than eight bits a channel; ask before it is loaded."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return True
    if isinstance(image, TiffImageFile):  # pages may be loaded already, from a look at their levels
        return any(bits > 8 for bits in image.tag_v2.get(BITSPERSAMPLE, ()))
    return isinstance(image, ImageFile) and any(";16" in str(part.args) for part in image.tile)


def deep_values(image: Image.Image, path: Path, page: int) -> Deep:
    """Values of a loaded deep page, turned as Pillow loads it: (H, W), or (H, W, 3 or 4) with alpha last."""
    if len(image.getbands()) == 1:
        return _as_words(np.asarray(image))
    try:
        is_read, pages = cv2.imdecodemulti(
            np.memmap(path, np.uint8, mode="r"), cv2.IMREAD_UNCHANGED, range=(page, page + 1)
        )
    except cv2.error:
        is_read, pages = False, ()
    if not is_read or pages[0].dtype != np.uint16 or pages[0].ndim != 3:
        return np.asarray(image.convert("RGB")).astype(np.uint16) * 257  # the high byte is all that is to be had
    order = [2, 1, 0, 3][: pages[0].shape[2]]
    return np.asarray(pages[0][..., order])


def colours(values: Deep) -> Deep:
    """`values` without alpha, which they themselves are where they have none."""
    return values[..., :3] if values.ndim == 3 and values.shape[2] > 3 else values


def _as_words(values: Deep) -> Deep:
    """Whole numbers of 16 bits as such, whatever they are stored in."""
    if values.dtype.kind in "iu" and values.size and values.min() >= 0 and values.max() <= 0xFFFF:
        return values.astype(np.uint16)
    return values
