"""A mask for the screen, cut along a grid, so that a stroke makes few tiles anew and a repaint draws few of them."""

from __future__ import annotations

import struct

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream, QRectF
from PySide6.QtGui import QColor, QPainter, QPainterPath

from sam2_annotator.masks import boxes, contour
from sam2_annotator.ui.canvas.render import level_for, tint

TILE = 256  # px
_GRAIN = 32  # px; whole ones keep the half-size levels of neighbours in step down to the smallest zoom
_TOLERANCE = 0.75  # device px an outline may leave the pixel edges at 100 % and below, where edges are not seen
_ELEMENT = np.dtype([("type", ">i4"), ("x", ">f8"), ("y", ">f8")])

Pixels = NDArray[np.bool_]
Colour = tuple[int, int, int]


class Tile:
    """Drawables of a part of a mask. `pixels` is bool (TILE + 2, TILE + 2): the tile at (left, top) and what is around.

    Nothing changes afterwards but that levels and paths are made when a zoom first needs them.
    """

    def __init__(self, pixels: Pixels, left: int, top: int, colour: Colour) -> None:
        x0, y0, x1, y1 = _grained(boxes.tight(pixels[1:-1, 1:-1]))
        self.box = (left + x0, top + y0, left + x1, top + y1)
        self.pixels = pixels[y0 : y1 + 2, x0 : x1 + 2].copy()
        self.core = self.pixels[1:-1, 1:-1]
        self._colour = QColor(*colour)
        self._rect = QRectF(*self.box[:2], x1 - x0, y1 - y0)
        self._fill = None if self.core.all() else tint(np.ascontiguousarray(self.core), colour)
        self._lines: list[tuple[contour.Loop, bool]] | None = None
        self._paths: dict[int, QPainterPath] = {}

    @property
    def nbytes(self) -> int:
        """Memory in use, roughly: the levels that zooming out makes take a third of the pixels."""
        return self.pixels.nbytes + (0 if self._fill is None else 4 * self.core.nbytes * 4 // 3)

    def prepare(self, zoom: float) -> None:
        """Make what drawing at this zoom needs."""
        if self._fill is not None:
            self._fill.prepare(zoom)
        level = outline_level(zoom)
        if level not in self._paths:
            if self._lines is None:
                self._lines = contour.outline_of_part(self.pixels)
            self._paths[level] = _path(self._lines, self.box[:2], level)

    def draw_fill(self, painter: QPainter, exposed: QRectF, zoom: float) -> None:
        """The pixels, in image coordinates."""
        if self._fill is None:
            painter.fillRect(self._rect & exposed, self._colour)
        else:
            self._fill.draw(painter, self._rect, exposed, zoom)

    def outline(self, zoom: float) -> QPainterPath:
        """The outline for this zoom, prepared before, in image coordinates; exact pixel edges above 100 %."""
        return self._paths[outline_level(zoom)]


def outline_level(zoom: float) -> int:
    """0: exact. n: simplified for zooms down to half of 2^(1 - n)."""
    return 0 if zoom > 1 else 1 + level_for(zoom)


def _grained(box: boxes.PixelBox) -> boxes.PixelBox:
    x0, y0, x1, y1 = box
    return x0 // _GRAIN * _GRAIN, y0 // _GRAIN * _GRAIN, -(-x1 // _GRAIN) * _GRAIN, -(-y1 // _GRAIN) * _GRAIN


def _path(lines: list[tuple[contour.Loop, bool]], corner: tuple[int, int], level: int) -> QPainterPath:
    drawn = []
    for line, closed in lines:
        points = line
        if level:
            tolerance = _TOLERANCE * 2.0 ** (level - 1)
            points = cv2.approxPolyDP(line.reshape(-1, 1, 2), tolerance, closed).reshape(-1, 2).astype(np.int32)
        if closed and len(points) > 2:
            drawn.append(np.concatenate((points, points[:1])))
        elif not closed:
            drawn.append(points)
    if not drawn:
        return QPainterPath()
    elements = np.empty(sum(map(len, drawn)), _ELEMENT)
    elements["type"] = 1
    elements["type"][np.cumsum([0, *map(len, drawn[:-1])])] = 0
    elements["x"], elements["y"] = (np.concatenate(drawn) + np.array(corner)).T
    return _read_path(elements)


def _read_path(elements: NDArray[np.void]) -> QPainterPath:
    """Lines for Qt by its serial format, many times faster than one call per vertex."""
    ends = struct.pack(">ii", int(np.flatnonzero(elements["type"] == 0)[-1]), 0)
    stream = QDataStream(QByteArray(struct.pack(">i", len(elements)) + elements.tobytes() + ends))
    path = QPainterPath()
    stream >> path
    return path
