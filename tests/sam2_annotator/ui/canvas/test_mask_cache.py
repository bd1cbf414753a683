"""What is kept of a mask."""

import numpy as np
import pytest

from sam2_annotator.masks import raster, rle
from sam2_annotator.ui.canvas.mask_cache import MaskArt, MaskCache, make_art
from sam2_annotator.ui.canvas.mask_tiles import TILE, outline_level
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Box

RED = (200, 0, 0)


def ell() -> Mask:
    """An L: a column of 3 x 30 and a row of 30 x 3, from (10, 20) on."""
    array = np.zeros((100, 100), bool)
    array[20:50, 10:13] = array[47:50, 10:40] = True
    return rle.encode(array)


def test_points_and_boxes_find_pixels_and_not_the_mask_s_box() -> None:
    art = make_art(ell(), RED)
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


def blob(height: int = 700, width: int = 900) -> np.ndarray:
    """A ragged shape over several tiles, with holes and specks."""
    y, x = np.mgrid[:height, :width]
    rough = np.random.default_rng(3).random((height, width))
    far = np.hypot(x - 430, (y - 340) * 1.2)
    return (far < 300 + 8 * rough) & ~((far > 100) & (far < 120)) | (rough > 0.9995)


def pixels_of(art: MaskArt, height: int, width: int) -> np.ndarray:
    array = np.zeros((height + TILE, width + TILE), bool)
    for tile in art.tiles.values():
        x0, y0, x1, y1 = tile.box
        array[y0:y1, x0:x1] |= tile.core
    return array[:height, :width]


def same(one: MaskArt, two: MaskArt) -> bool:
    """True when both draw the same at full size and at half."""
    for art in (one, two):
        art.prepare(2)
        art.prepare(0.5)
    if one.tiles.keys() != two.tiles.keys():
        return False
    pairs = [(one.tiles[cell], two.tiles[cell]) for cell in one.tiles]
    return all(
        a.box == b.box and np.array_equal(a.core, b.core) and all(a.outline(z) == b.outline(z) for z in (2, 0.5))
        for a, b in pairs
    )


def test_tiles_hold_the_mask_s_pixels() -> None:
    array = blob()
    assert np.array_equal(pixels_of(make_art(rle.encode(array), RED), *array.shape), array)


@pytest.mark.parametrize("seed", range(6))
def test_a_changed_art_is_as_if_made_anew_and_shares_the_rest(seed: int) -> None:
    random = np.random.default_rng(seed)
    array = blob()
    mask, art = rle.encode(array), make_art(rle.encode(array), RED)
    for _ in range(4):
        path = [tuple(place) for place in random.uniform((0, 0), (900, 700), (2, 2))]
        stroke = raster.stroke(path, size=int(random.integers(1, 90)), square=False, height=700, width=900)
        add = bool(random.integers(2))
        before, art = art, art.changed(stroke, np.logical_or if add else np.greater)
        mask = (rle.union if add else rle.subtract)(mask, stroke)
        assert same(art, make_art(mask, RED))
        assert any(before.tiles.get(cell) is tile for cell, tile in art.tiles.items())


def test_a_tile_that_grows_to_its_edge_joins_the_next_one() -> None:
    """No line may run between two tiles of one shape, also when the second half is painted later."""
    array = np.zeros((100, 2 * TILE), bool)
    array[40:60, TILE - 200 : TILE - 190] = array[40:60, TILE : TILE + 30] = True
    more = np.zeros_like(array)
    more[40:60, TILE - 190 : TILE] = True
    art = make_art(rle.encode(array), RED).changed(rle.encode(more), np.logical_or)
    assert same(art, make_art(rle.encode(array | more), RED))
    for tile in art.tiles.values():
        path = tile.outline(2)
        upright = [
            path.elementAt(i).x
            for i in range(1, path.elementCount())
            if path.elementAt(i).isLineTo() and path.elementAt(i).x == path.elementAt(i - 1).x
        ]
        assert TILE not in upright


def test_what_was_made_during_the_change_is_used() -> None:
    array = blob()
    mask = rle.encode(array)
    cache = MaskCache()
    stroke = raster.stroke([(100, 100), (600, 500)], size=40, square=False, height=700, width=900)
    live = cache.get(mask, RED).changed(stroke, np.logical_or)
    final = cache.get_changed(rle.union(mask, stroke), mask, RED, live)
    assert list(final.differing(live)) == []
    assert cache.get(rle.union(mask, stroke), RED) is final


def test_outlines_are_exact_above_full_size_and_simple_below() -> None:
    disc = np.hypot(*(np.indices((200, 200)) - 100)) < 90
    ((_, tile),) = make_art(rle.encode(disc), RED).tiles.items()
    counts = []
    for zoom in (2, 1, 0.5, 0.1):
        tile.prepare(zoom)
        counts.append(tile.outline(zoom).elementCount())
        rect = tile.outline(zoom).boundingRect()
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
    cache = MaskCache(limit=3 * make_art(masks[-1], RED).nbytes + 100)
    arts = [cache.get(mask, RED) for mask in masks[:3]]
    assert cache.get(masks[0], RED) is arts[0]
    cache.get(masks[3], RED)
    assert cache.get(masks[0], RED) is arts[0]
    assert cache.get(masks[1], RED) is not arts[1]


def test_what_differs_is_told_for_old_and_new_pixels() -> None:
    array = np.zeros((300, 600), bool)
    array[10:40, 10:40] = array[10:40, 300:340] = True
    art = make_art(rle.encode(array), RED)
    gone = np.zeros_like(array)
    gone[0:300, 290:350] = True
    assert list(art.changed(rle.encode(gone), np.greater).differing(art)) == [art.tiles[1, 0].box]
    far = np.zeros_like(array)
    far[200:220, 100:120] = True
    grown = art.changed(rle.encode(far), np.logical_or)
    assert list(grown.differing(art)) == [grown.tiles[0, 0].box]
    assert grown.box == (0, 0, 352, 224)
