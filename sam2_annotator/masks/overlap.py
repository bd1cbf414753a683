"""One pixel, one object: what is left of masks that lie over each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sam2_annotator.masks import boxes, rle
from sam2_annotator.values.mask import Mask


@dataclass(frozen=True, slots=True)
class Layer:
    """Another object of the frame; higher `z` lies on top, a `fixed` one gives nothing away wherever it lies."""

    mask: Mask
    z: int
    fixed: bool = False


def settle(changed: Mask, z: int, others: Sequence[Layer]) -> tuple[Mask, tuple[Mask, ...]]:
    """A mask that was changed without what fixed and higher objects hold, and the others without what it then holds.

    All masks are of one frame; the others come back in their order, as they were where nothing was taken.
    """
    for other in others:
        if _gives_nothing(other, z) and _touch(changed, other.mask):
            changed = rle.subtract(changed, other.mask)
    return changed, tuple(
        other.mask if _gives_nothing(other, z) or not _touch(changed, other.mask) else rle.subtract(other.mask, changed)
        for other in others
    )


def _gives_nothing(other: Layer, z: int) -> bool:
    return other.fixed or other.z > z


def _touch(a: Mask, b: Mask) -> bool:
    return not boxes.is_empty(boxes.intersection(a.box, b.box))
