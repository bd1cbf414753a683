"""Pixels for the screen: frames and masks as 32-bit images with half-size levels for zooming out.

`python -m sam2_annotator.ui.canvas.render` opens a sample scene; with a path it writes a PNG of it instead.
"""

from __future__ import annotations

import sys

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

Pixels = NDArray[np.uint8]


class Pyramid:
    """An image and its area-averaged half-size levels, made when a zoom first needs them, never while painting.

    `pixels` is uint8 (H, W, 4) in the byte order of `format`; it must not be changed afterwards.
    """

    def __init__(self, pixels: Pixels, image_format: QImage.Format) -> None:
        self._format = image_format
        self._arrays = [pixels]
        self._images = [wrap(pixels, image_format)]

    @property
    def nbytes(self) -> int:
        """Bytes of all levels made so far."""
        return sum(array.nbytes for array in self._arrays)

    def prepare(self, zoom: float) -> None:
        """Make the levels for drawing at this zoom (device pixels per image pixel)."""
        for _ in range(level_for(zoom) + 1 - len(self._arrays)):
            height, width = self._arrays[-1].shape[:2]
            if height == 1 and width == 1:
                return
            smaller = cv2.resize(
                self._arrays[-1], ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_AREA
            ).astype(np.uint8, copy=False)
            self._arrays.append(smaller)
            self._images.append(wrap(smaller, self._format))

    def level(self, zoom: float) -> int:
        """The level for this zoom, or the smallest there is."""
        return min(level_for(zoom), len(self._images) - 1)

    def pixels(self, level: int) -> Pixels:
        """The pixels of a level made before, uint8 (h, w, 4)."""
        return self._arrays[level]

    def image(self, zoom: float) -> QImage:
        """The level for this zoom."""
        return self._images[self.level(zoom)]

    def draw(self, painter: QPainter, target: QRectF, exposed: QRectF, zoom: float, *, smooth: bool = False) -> None:
        """Draw into `target` (image coordinates): hard pixels above 100 % (soft if `smooth`), averaged ones below.

        Above 100 % only the pixels in `exposed` are touched, since Qt is slow with far larger targets.
        """
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, zoom < 1 or smooth)
        image = self.image(zoom)
        if zoom < 1:
            painter.drawImage(target, image)
            return
        reach = 2 if smooth else 0  # soft pixels at the edge of the part mix with those beyond it
        wanted = exposed.adjusted(-reach, -reach, reach, reach).intersected(target)
        part = QRectF(wanted.toAlignedRect()) & target
        painter.drawImage(part, image, part.translated(-target.topLeft()))


def level_for(zoom: float) -> int:
    """How often to halve so that the rest of the reduction is less than two."""
    level = 0
    while zoom <= 0.5:
        zoom *= 2
        level += 1
    return level


def frame_pyramid(frame: Pixels) -> Pyramid:
    """A frame, uint8 (H, W, 3) RGB, ready to draw."""
    return Pyramid(cv2.cvtColor(frame, cv2.COLOR_RGB2BGRA).astype(np.uint8, copy=False), QImage.Format.Format_RGB32)


def tint(pixels: NDArray[np.bool_], colour: tuple[int, int, int]) -> Pyramid:
    """A mask crop, bool (h, w), as `colour` (r, g, b) where set and transparent elsewhere, premultiplied."""
    red, green, blue = colour
    word = np.uint32(int.from_bytes(bytes((blue, green, red, 255)), sys.byteorder))
    words = np.multiply(pixels.view(np.uint8), word, dtype=np.uint32)
    return Pyramid(words.view(np.uint8).reshape(*pixels.shape, 4), QImage.Format.Format_ARGB32_Premultiplied)


def wrap(pixels: Pixels, image_format: QImage.Format) -> QImage:
    """An image over the array's memory; the array must outlive it."""
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, pixels.strides[0], image_format)


if __name__ == "__main__":
    from sam2_annotator.ui.canvas.sample import main

    raise SystemExit(main(sys.argv[1:]))
