"""What is drawn of a mask, made once and kept for a bounded while; a changed mask shares what did not change."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from functools import cached_property, reduce

import numpy as np
from PySide6.QtCore import QRectF

from sam2_annotator.masks import boxes, rle, runs
from sam2_annotator.ui.canvas.mask_tiles import TILE, Colour, Pixels, Tile
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Box

CACHE_BYTES = 256 << 20
Cell = tuple[int, int]  # column and row of the grid
_FEW = 16  # cells that are sooner made than searched


class MaskArt:
    """Drawables of one mask in one colour; never changes."""

    def __init__(self, tiles: Mapping[Cell, Tile], colour: Colour) -> None:
        self.tiles = tiles
        self.colour = colour

    @cached_property
    def box(self) -> boxes.PixelBox:
        """Around all tiles."""
        return reduce(boxes.union, (tile.box for tile in self.tiles.values()), boxes.EMPTY)

    @cached_property
    def nbytes(self) -> int:
        """Memory in use, roughly; what arts share counts for each."""
        return sum(tile.nbytes for tile in self.tiles.values())

    def covers(self, x: float, y: float) -> bool:
        """True when the image point lies on a set pixel."""
        column, row = math.floor(x), math.floor(y)
        tile = self.tiles.get((column // TILE, row // TILE))
        if tile is None:
            return False
        x0, y0, x1, y1 = tile.box
        return x0 <= column < x1 and y0 <= row < y1 and bool(tile.core[row - y0, column - x0])

    def touches(self, box: Box) -> bool:
        """True when the box (image coordinates) reaches into a set pixel."""
        left, top, right, bottom = (*map(math.floor, (box.x0, box.y0)), *map(math.ceil, (box.x1, box.y1)))
        for tile in self.tiles.values():
            x0, y0 = tile.box[:2]
            rows = slice(max(top - y0, 0), max(bottom - y0, 0))
            columns = slice(max(left - x0, 0), max(right - x0, 0))
            if tile.core[rows, columns].any():
                return True
        return False

    def prepare(self, zoom: float, *, like: MaskArt | None = None) -> None:
        """Make what drawing at this zoom needs; `like` is an art that is prepared already."""
        for cell, tile in self.tiles.items():
            if like is None or like.tiles.get(cell) is not tile:
                tile.prepare(zoom)

    def shown(self, exposed: QRectF, margin: float) -> list[Tile]:
        """The tiles that reach into a part of the picture; lines go `margin` image px beyond pixels."""
        rect = exposed.adjusted(-margin, -margin, margin, margin)
        x0, y0, x1, y1 = rect.left(), rect.top(), rect.right(), rect.bottom()
        return [t for t in self.tiles.values() if t.box[0] < x1 and t.box[2] > x0 and t.box[1] < y1 and t.box[3] > y0]

    def changed(self, change: Mask, operation: np.ufunc, near: MaskArt | None = None) -> MaskArt:
        """The art of the mask that a logical operation makes of this one's and the pixels of `change`.

        Tiles without a change are shared with this one, and changed ones with `near` where that has them.
        """
        tiles = dict(self.tiles)
        for cell in _cells_of(change):
            old = tiles.pop(cell, None)
            left, top = cell[0] * TILE, cell[1] * TILE
            before = self._pixels(cell)
            part = rle.within(change, (left - 1, top - 1, left + TILE + 1, top + TILE + 1))
            pixels = operation(before, part)
            if not pixels[1:-1, 1:-1].any():
                continue
            if old is not None and np.array_equal(pixels, before):
                tiles[cell] = old
            elif near is not None and cell in near.tiles and np.array_equal(pixels, near._pixels(cell)):
                tiles[cell] = near.tiles[cell]
            else:
                tiles[cell] = Tile(pixels, left, top, self.colour)
        return MaskArt(tiles, self.colour)

    def _pixels(self, cell: Cell) -> Pixels:
        """Pixels of a cell and of what is around it, bool (TILE + 2, TILE + 2)."""
        pixels = np.zeros((TILE + 2, TILE + 2), bool)
        left, top = cell[0] * TILE - 1, cell[1] * TILE - 1
        for column in (cell[0] - 1, cell[0], cell[0] + 1):
            for row in (cell[1] - 1, cell[1], cell[1] + 1):
                tile = self.tiles.get((column, row))
                if tile is None:
                    continue
                x0, y0, x1, y1 = common = boxes.intersection(tile.box, (left, top, left + TILE + 2, top + TILE + 2))
                if not boxes.is_empty(common):
                    x, y = tile.box[:2]
                    pixels[y0 - top : y1 - top, x0 - left : x1 - left] = tile.core[y0 - y : y1 - y, x0 - x : x1 - x]
        return pixels

    def differing(self, other: MaskArt) -> Iterator[boxes.PixelBox]:
        """Boxes of the tiles that the two do not share."""
        for cell in self.tiles.keys() | other.tiles.keys():
            one, two = self.tiles.get(cell), other.tiles.get(cell)
            if one is not two:
                yield boxes.union(boxes.EMPTY if one is None else one.box, boxes.EMPTY if two is None else two.box)


def make_art(mask: Mask, colour: Colour) -> MaskArt:
    """The art of a mask, from nothing."""
    if not mask:
        return MaskArt({}, colour)
    x0, y0, x1, y1 = mask.box
    columns, rows = range(x0 // TILE, (x1 - 1) // TILE + 1), range(y0 // TILE, (y1 - 1) // TILE + 1)
    left, top = columns[0] * TILE - 1, rows[0] * TILE - 1
    pixels = np.zeros((len(rows) * TILE + 2, len(columns) * TILE + 2), bool)
    pixels[y0 - top : y1 - top, x0 - left : x1 - left] = rle.crop(mask)
    tiles = {}
    for i, column in enumerate(columns):
        for j, row in enumerate(rows):
            part: Pixels = pixels[j * TILE : (j + 1) * TILE + 2, i * TILE : (i + 1) * TILE + 2]
            if part[1:-1, 1:-1].any():
                tiles[column, row] = Tile(part, column * TILE, row * TILE, colour)
    return MaskArt(tiles, colour)


def _cells_of(mask: Mask) -> list[Cell]:
    """Cells whose tiles a change of these pixels concerns: those that hold one of them or a neighbour of one."""
    if not mask:
        return []
    x0, y0, x1, y1 = mask.box
    across, down = range((x0 - 1) // TILE, x1 // TILE + 1), range((y0 - 1) // TILE, y1 // TILE + 1)
    if len(across) * len(down) <= _FEW:
        return [(column, row) for column in across for row in down]
    starts, ends = runs.split_at_columns(rle.edges(mask), mask.height)
    columns = starts // mask.height
    first, last = (starts % mask.height - 1) // TILE, (ends - 1 - columns * mask.height + 1) // TILE
    found: set[Cell] = set()
    for column in (columns - 1, columns + 1):
        spans = np.unique(np.column_stack((column // TILE, first, last)), axis=0) if column.size else ()
        for cell_column, low, high in np.asarray(spans).tolist():
            found.update((cell_column, row) for row in range(low, high + 1))
    return sorted(found)


class MaskCache:
    """Drawables of masks seen lately, so that going back and forth between frames decodes nothing twice."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self._limit = limit
        self._total = 0
        self._arts: OrderedDict[tuple[Mask, Colour], MaskArt] = OrderedDict()

    def get(self, mask: Mask, colour: Colour) -> MaskArt:
        """The drawables, made now if they are not at hand."""
        key = (mask, colour)
        if key not in self._arts:
            self._keep(key, make_art(mask, colour))
        self._arts.move_to_end(key)
        return self._arts[key]

    def get_changed(self, mask: Mask, before: Mask, colour: Colour, near: MaskArt | None) -> MaskArt:
        """The same for a mask that came of the mask `before`, whose art it shares as far as it can.

        `near` is an art that may have the rest, made while the change was still going on.
        """
        key = (mask, colour)
        if key not in self._arts and (mask.height, mask.width) == (before.height, before.width):
            change = rle.difference(before, mask)
            if near is not None or change.area < mask.area:
                self._keep(key, self.get(before, colour).changed(change, np.logical_xor, near))
        return self.get(mask, colour)

    def _keep(self, key: tuple[Mask, Colour], art: MaskArt) -> None:
        self._arts[key] = art
        self._total += art.nbytes
        while self._total > self._limit and len(self._arts) > 1:
            _, oldest = self._arts.popitem(last=False)
            self._total -= oldest.nbytes
