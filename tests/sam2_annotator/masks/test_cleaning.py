"""What is done to a mask the model proposes, and in which order."""

import numpy as np

from sam2_annotator.masks import rle
from sam2_annotator.masks.cleaning import cleaned
from sam2_annotator.values.cleanup import AS_IT_IS, CleanUp


def spotted():
    """A square with a hole of one pixel, a speck of four and another part of nine."""
    pixels = np.zeros((30, 40), bool)
    pixels[5:15, 5:15] = True
    pixels[9, 9] = False
    pixels[20:22, 20:22] = True
    pixels[20:23, 30:33] = True
    return rle.encode(pixels)


def test_nothing_is_done_unless_asked() -> None:
    assert cleaned(spotted(), AS_IT_IS) == spotted()


def test_each_part_alone() -> None:
    area = spotted().area
    assert cleaned(spotted(), CleanUp(fill_holes=1)).area == area + 1
    assert cleaned(spotted(), CleanUp(drop_specks=4)).area == area - 4
    assert cleaned(spotted(), CleanUp(keep_largest=True)).area == 99
    assert cleaned(spotted(), CleanUp(grow=1)).area > area
    assert cleaned(spotted(), CleanUp(grow=-1)).area < area


def test_holes_are_filled_before_parts_are_weighed_and_others_left_out_last() -> None:
    clean = CleanUp(fill_holes=1, drop_specks=4, keep_largest=True, grow=1)
    other = np.zeros((30, 40), bool)
    other[:, :10] = True
    found = cleaned(spotted(), clean, (rle.encode(other), rle.empty(30, 40)))
    assert found.box[0] == 10
    assert not rle.intersect(found, rle.encode(other))


def test_an_empty_mask_stays_empty() -> None:
    assert not cleaned(rle.empty(30, 40), CleanUp(9, 9, True, 3), (spotted(),))
