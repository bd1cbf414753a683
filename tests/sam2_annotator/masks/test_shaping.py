"""All steps of a shaping, in their order."""

import numpy as np

from sam2_annotator.masks import morphology, rle
from sam2_annotator.masks.shaping import shaped
from sam2_annotator.values.shaping import AS_IT_IS, CleanUp, Shaping


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


def spotted():
    """A square with a hole of one pixel, a speck of four and another part of nine."""
    pixels = np.zeros((30, 40), bool)
    pixels[5:15, 5:15] = True
    pixels[9, 9] = False
    pixels[20:22, 20:22] = True
    pixels[20:23, 30:33] = True
    return rle.encode(pixels)


def test_nothing_is_done_unless_asked() -> None:
    assert shaped(spotted(), AS_IT_IS) == spotted()


def test_each_part_alone() -> None:
    area = spotted().area
    assert shaped(spotted(), CleanUp(fill_holes=1)).area == area + 1
    assert shaped(spotted(), CleanUp(drop_specks=4)).area == area - 4
    assert shaped(spotted(), CleanUp(keep_largest=True)).area == 99
    assert shaped(spotted(), CleanUp(grow=1)).area > area
    assert shaped(spotted(), CleanUp(grow=-1)).area < area


def test_holes_are_filled_before_parts_are_weighed_and_others_left_out_last() -> None:
    clean = CleanUp(fill_holes=1, drop_specks=4, keep_largest=True, grow=1)
    other = np.zeros((30, 40), bool)
    other[:, :10] = True
    found = shaped(spotted(), clean, (rle.encode(other), rle.empty(30, 40)))
    assert found.box[0] == 10
    assert not rle.intersect(found, rle.encode(other))


def test_an_empty_mask_stays_empty() -> None:
    assert not shaped(rle.empty(30, 40), CleanUp(9, 9, True, 3), (spotted(),))
