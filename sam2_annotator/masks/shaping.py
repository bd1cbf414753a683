"""A mask changed as a person asked."""

from __future__ import annotations

from sam2_annotator.masks import morphology
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.shaping import Shaping


def shaped(mask: Mask, shaping: Shaping) -> Mask:
    """The mask after all steps of the shaping; it may be empty."""
    mask = morphology.fill_holes(mask, shaping.fill_holes)
    mask = morphology.remove_specks(mask, shaping.drop_specks)
    if shaping.keep_largest:
        mask = morphology.keep_largest(mask)
    return morphology.smooth(morphology.grow(mask, shaping.grow), shaping.smooth)
