"""Masks after a shaping."""

from __future__ import annotations

from collections.abc import Iterable

from sam2_annotator.masks import boxes, morphology, rle
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.shaping import Shaping


def shaped(mask: Mask, shaping: Shaping, avoid: Iterable[Mask] = ()) -> Mask:
    """The mask after all steps of the shaping, without the pixels of the masks to avoid; it may be empty."""
    mask = morphology.fill_holes(mask, shaping.fill_holes)
    mask = morphology.remove_specks(mask, shaping.drop_specks)
    if shaping.keep_largest:
        mask = morphology.keep_largest(mask)
    mask = morphology.smooth(morphology.grow(mask, shaping.grow), shaping.smooth)
    for other in avoid:
        if not boxes.is_empty(boxes.intersection(mask.box, other.box)):
            mask = rle.subtract(mask, other)
    return mask
