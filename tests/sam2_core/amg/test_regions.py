"""Small holes and parts of masks."""

import numpy as np

from sam2_core.amg.regions import without_small_regions


def plane(*rows):
    return np.array([[c == "#" for c in row] for row in rows])


def test_holes_are_filled_and_parts_removed():
    mask = plane("#####..#", "#.###...", "#####...", "#####...")
    want = plane("#####...", "#####...", "#####...", "#####...")
    assert np.array_equal(without_small_regions(mask, 3), want)


def test_a_mask_without_small_regions_is_untouched():
    assert without_small_regions(plane("##..", "##.."), 4) is None
    assert without_small_regions(plane("####", "####"), 4) is None
    assert without_small_regions(plane("....", "...."), 4) is None


def test_corners_join_and_sizes_equal_to_the_area_stay():
    diagonal = plane("#...", ".#..", "..#.", "...#")
    assert without_small_regions(diagonal, 4) is None


def test_the_largest_stays_where_all_parts_are_small():
    mask = plane("##......", "......#.", "........", "........")
    assert np.array_equal(without_small_regions(mask, 5), plane("##......", "........", "........", "........"))
    assert without_small_regions(plane("##......", "........"), 5) is None
