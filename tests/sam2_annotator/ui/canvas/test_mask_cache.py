"""What is kept of a mask."""

import numpy as np

from sam2_annotator.masks import rle
from sam2_annotator.ui.canvas.mask_cache import MaskArt, MaskCache, outline_level
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Box

RED = (200, 0, 0)


def ell() -> Mask:
    """An L: a column of 3 x 30 and a row of 30 x 3, from (10, 20) on."""
    array = np.zeros((100, 100), bool)
    array[20:50, 10:13] = array[47:50, 10:40] = True
    return rle.encode(array)


def test_points_and_boxes_find_pixels_and_not_the_mask_s_box() -> None:
    art = MaskArt(ell(), RED)
    assert art.covers(10, 20)
    assert art.covers(12.99, 49.99)
    assert not art.covers(13, 20)
    assert not art.covers(30, 30)
    assert not art.covers(9.99, 30)
    assert not art.covers(30, 50)
    assert not art.touches(Box(15, 15, 39, 46))
    assert art.touches(Box(15, 15, 39, 47.1))
    assert not art.touches(Box(0, 0, 9, 100))
    assert art.touches(Box(0, 0, 10.5, 100))


def test_outlines_are_exact_above_full_size_and_simple_below() -> None:
    disc = np.hypot(*(np.indices((200, 200)) - 100)) < 90
    art = MaskArt(rle.encode(disc), RED)
    counts = []
    for zoom in (2, 1, 0.5, 0.1):
        art.prepare(zoom)
        counts.append(art.outline(zoom).elementCount())
        rect = art.outline(zoom).boundingRect()
        assert abs(rect.width() - 179) <= 2 / min(zoom, 1)
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] < counts[0] / 5
    assert [outline_level(zoom) for zoom in (1.01, 1, 0.51, 0.5, 0.25)] == [0, 1, 1, 2, 3]


def test_the_same_mask_and_colour_is_made_once() -> None:
    cache = MaskCache()
    art = cache.get(ell(), RED)
    assert cache.get(ell(), RED) is art
    assert cache.get(ell(), (0, 200, 0)) is not art


def test_the_oldest_go_when_room_is_short() -> None:
    array = np.ones((100, 100), bool)
    masks = [rle.encode(array[: 90 + i]) for i in range(4)]
    cache = MaskCache(limit=3 * MaskArt(masks[-1], RED).nbytes)
    arts = [cache.get(mask, RED) for mask in masks[:3]]
    assert cache.get(masks[0], RED) is arts[0]
    cache.get(masks[3], RED)
    assert cache.get(masks[0], RED) is arts[0]
    assert cache.get(masks[1], RED) is not arts[1]
