"""All steps of a shaping, in their order."""

import numpy as np

from sam2_annotator.masks import morphology, rle
from sam2_annotator.masks.shaping import shaped
from sam2_annotator.values.shaping import Shaping


def test_steps_follow_each_other() -> None:
    array = np.zeros((60, 60), dtype=bool)
    array[10:30, 10:30] = True
    array[15:18, 15:18] = False
    array[40:44, 40:44] = True
    array[50, 50] = True
    mask = rle.encode(array)
    assert shaped(mask, Shaping()) == mask
    assert shaped(mask, Shaping(fill_holes=8)) == mask
    filled = morphology.fill_holes(mask)
    assert shaped(mask, Shaping(fill_holes=9)) == shaped(mask, Shaping(fill_holes=None)) == filled
    assert shaped(mask, Shaping(drop_specks=1)).area == mask.area - 1
    largest = shaped(mask, Shaping(fill_holes=None, keep_largest=True))
    assert largest.area == 400
    assert shaped(mask, Shaping(None, 1, True, -2, 3)) == morphology.smooth(morphology.grow(largest, -2), 3)
    assert not shaped(mask, Shaping(grow=-30))
