"""What is done to a mask the model proposes (INTERACTION PRM-7)."""

from __future__ import annotations

from collections.abc import Iterable

from sam2_annotator.masks import boxes, rle
from sam2_annotator.masks.morphology import fill_holes, grow, keep_largest, remove_specks
from sam2_annotator.values.cleanup import CleanUp
from sam2_annotator.values.mask import Mask


def cleaned(mask: Mask, clean: CleanUp, avoid: Iterable[Mask] = ()) -> Mask:
    """The mask after clean-up, without the pixels of the masks to avoid."""
    mask = remove_specks(fill_holes(mask, clean.fill_holes), clean.drop_specks)
    if clean.keep_largest:
        mask = keep_largest(mask)
    if clean.grow:
        mask = grow(mask, clean.grow)
    for other in avoid:
        if not boxes.is_empty(boxes.intersection(mask.box, other.box)):
            mask = rle.subtract(mask, other)
    return mask
