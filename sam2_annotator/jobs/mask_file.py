"""A mask prompt from a picture file."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from PIL import Image

from sam2_annotator.errors import UsageError
from sam2_annotator.masks import rle
from sam2_annotator.media.header import FORMATS
from sam2_annotator.values.mask import Mask


def read_mask(path: Path, *, width: int, height: int, where: str) -> Mask:
    """The pixels of a picture that are not zero; of a palette picture, those whose index is not zero.

    `where` begins each sentence, as in "Object 3, frame 12".

    Raises:
        UsageError: the file cannot be read, has another size than the frame, or nothing is set in it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the size is compared before decoding
            picture = Image.open(path, formats=FORMATS)  # Pillow's further readers start other programs
        with picture:
            if picture.size != (width, height):
                raise UsageError(
                    f"{where}: the mask {str(path)!r} has {picture.size[0]} x {picture.size[1]} pixels, "
                    f"the frame has {width} x {height}."
                )
            colours = [index for index, band in enumerate(picture.getbands()) if band not in ("A", "a")]
            pixels = np.asarray(picture)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UsageError(f"{where}: the mask {str(path)!r} cannot be read: {error}") from error
    mask = rle.encode(pixels[..., colours].any(axis=2) if pixels.ndim == 3 else pixels != 0)
    if not mask:
        raise UsageError(f"{where}: no pixel is set in the mask {str(path)!r}.")
    return mask
