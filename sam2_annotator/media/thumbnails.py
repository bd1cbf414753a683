"""Small pictures for lists."""

from __future__ import annotations

from contextlib import closing

import numpy as np
from PIL import Image

from sam2_annotator.media.image import read_reduced
from sam2_annotator.media.open import open_source
from sam2_annotator.media.source import Pixels
from sam2_annotator.values.frame import MediaKind, MediaRef


def thumbnail(media: MediaRef, side: int) -> Pixels:
    """The picture, or the first frame of a clip, uint8 RGB with its longer side at most `side`. Raises MediaError."""
    if media.kind is MediaKind.IMAGE:
        return np.array(read_reduced(media.path, side))
    with closing(open_source(media)) as source:
        image = Image.fromarray(source.frame(0))
    image.thumbnail((side, side))
    return np.array(image)
