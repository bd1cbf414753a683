"""What is drawn of a mask, made once: its pixels, tinted levels and outline paths, kept for a bounded while."""

from __future__ import annotations

import math
import struct
from collections import OrderedDict

import cv2
import numpy as np
from PySide6.QtCore import QByteArray, QDataStream
from PySide6.QtGui import QPainterPath, QPolygonF

from sam2_annotator.masks import contour, rle
from sam2_annotator.ui.canvas.render import Pyramid, level_for, tint
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Box

CACHE_BYTES = 256 << 20
_TOLERANCE = 0.75  # device px an outline may leave the pixel edges at 100 % and below, where edges are not seen
_VERTEX_BYTES = 32


class MaskArt:
    """Drawables of one mask in one colour."""

    def __init__(self, mask: Mask, colour: tuple[int, int, int]) -> None:
        self.box = mask.box
        self.pixels = rle.crop(mask)
        self.fill: Pyramid = tint(self.pixels, colour)
        self._loops = contour.outline(mask)
        self._paths: dict[int, QPainterPath] = {}

    @property
    def nbytes(self) -> int:
        """Memory in use, roughly."""
        vertices = sum(len(loop) for loop in self._loops) + sum(path.elementCount() for path in self._paths.values())
        return self.pixels.nbytes + self.fill.nbytes + vertices * _VERTEX_BYTES

    def covers(self, x: float, y: float) -> bool:
        """True when the image point lies on a set pixel."""
        x0, y0, x1, y1 = self.box
        return x0 <= x < x1 and y0 <= y < y1 and bool(self.pixels[int(y) - y0, int(x) - x0])

    def touches(self, box: Box) -> bool:
        """True when the box (image coordinates) reaches into a set pixel."""
        x0, y0 = self.box[:2]
        rows = slice(max(math.floor(box.y0) - y0, 0), max(math.ceil(box.y1) - y0, 0))
        columns = slice(max(math.floor(box.x0) - x0, 0), max(math.ceil(box.x1) - x0, 0))
        return bool(self.pixels[rows, columns].any())

    def prepare(self, zoom: float) -> None:
        """Make what drawing at this zoom needs."""
        self.fill.prepare(zoom)
        level = outline_level(zoom)
        if level not in self._paths:
            self._paths[level] = _path(self._loops, level)

    def outline(self, zoom: float) -> QPainterPath:
        """The outline for this zoom, prepared before; exact pixel edges above 100 %."""
        return self._paths[outline_level(zoom)]


def outline_level(zoom: float) -> int:
    """0: exact. n: simplified for zooms down to half of 2^(1 - n)."""
    return 0 if zoom > 1 else 1 + level_for(zoom)


def _path(loops: list[contour.Loop], level: int) -> QPainterPath:
    path = QPainterPath()
    for loop in loops:
        points = loop
        if level:
            tolerance = _TOLERANCE * 2.0 ** (level - 1)
            points = cv2.approxPolyDP(loop.reshape(-1, 1, 2), tolerance, True).reshape(-1, 2).astype(np.int32)
        if len(points) > 2:
            path.addPolygon(_polygon(points))
            path.closeSubpath()
    return path


def _polygon(points: contour.Loop) -> QPolygonF:
    """The same vertices for Qt, by its serial format: fifteen times faster than one call per vertex."""
    stream = QDataStream(QByteArray(struct.pack(">I", len(points)) + points.astype(">f8").tobytes()))
    polygon = QPolygonF()
    stream >> polygon
    return polygon


class MaskCache:
    """Drawables of masks seen lately, so that going back and forth between frames decodes nothing twice."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self._limit = limit
        self._arts: OrderedDict[tuple[Mask, tuple[int, int, int]], MaskArt] = OrderedDict()

    def get(self, mask: Mask, colour: tuple[int, int, int]) -> MaskArt:
        """The drawables, made now if they are not at hand."""
        key = (mask, colour)
        art = self._arts.get(key)
        if art is None:
            art = self._arts[key] = MaskArt(mask, colour)
            self._trim()
        self._arts.move_to_end(key)
        return art

    def _trim(self) -> None:
        total = sum(art.nbytes for art in self._arts.values())
        while total > self._limit and len(self._arts) > 1:
            _, oldest = self._arts.popitem(last=False)
            total -= oldest.nbytes
