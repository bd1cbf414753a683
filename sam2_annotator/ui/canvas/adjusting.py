"""The picture as adjusted: a table of 256 values over the level of the pyramid that shows, never while painting."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from sam2_annotator.ui.canvas.render import Pixels, Pyramid, wrap
from sam2_annotator.values.adjustment import Adjustment

Table = NDArray[np.uint8]
_TAIL = 0.005  # share of the pixels that a stretch may clip at each end
_SAMPLES = 65_536
_UNUSED = np.frombuffer(b"\0\0\0\xff", np.uint32)[0]


def table(adjustment: Adjustment, frame: Pixels) -> Table:
    """Values for blue, green, red and the unused byte, uint8 (1, 256, 4). `frame` is uint8 (H, W, 3); a stretch
    looks at a part of its pixels."""
    low, high = _used(frame) if adjustment.stretch else (0.0, 255.0)
    values = np.clip((np.arange(256) - low) / max(high - low, 1.0), 0, 1)
    values = values ** (1 / adjustment.gamma)
    slope = np.tan((adjustment.contrast * 0.98 + 1) * np.pi / 4)
    values = np.clip((values - 0.5) * slope + 0.5 + adjustment.brightness, 0, 1)
    tone = np.rint(values * 255).astype(np.uint8)
    red, green, blue = (tone if shown else np.zeros_like(tone) for shown in adjustment.channels)
    return np.stack([blue, green, red, np.arange(256, dtype=np.uint8)], axis=-1)[np.newaxis]


def _used(frame: Pixels) -> tuple[float, float]:
    step = max(1, int(np.sqrt(frame.shape[0] * frame.shape[1] / _SAMPLES)))
    low, high = np.quantile(frame[::step, ::step], (_TAIL, 1 - _TAIL))
    return float(low), float(high)


def _through(values: Table, pixels: Pixels) -> Pixels:
    """`pixels`, uint8 (h, w, 4), by the table; one for all channels is twice as fast as one each."""
    tone = values[0, :, 2]
    if not all(np.array_equal(values[0, :, channel], tone) for channel in range(3)):
        return cv2.LUT(pixels, values).astype(np.uint8, copy=False)
    shown = cv2.LUT(pixels, np.ascontiguousarray(tone)).astype(np.uint8, copy=False)
    shown.view(np.uint32)[...] |= _UNUSED
    return shown


class AdjustedPyramid(Pyramid):
    """Levels of another pyramid seen through a table, each made when a zoom first needs it."""

    def __init__(self, base: Pyramid, values: Table) -> None:
        self._base = base
        self._values = values
        self._made: dict[int, tuple[Pixels, QImage]] = {}

    @property
    def nbytes(self) -> int:
        """Bytes of the base and of all levels made so far."""
        return self._base.nbytes + sum(pixels.nbytes for pixels, _ in self._made.values())

    def prepare(self, zoom: float) -> None:
        """Make the level for drawing at this zoom."""
        self._base.prepare(zoom)
        level = self._base.level(zoom)
        if level not in self._made:
            pixels = _through(self._values, self._base.pixels(level))
            self._made[level] = (pixels, wrap(pixels, QImage.Format.Format_RGB32))

    def image(self, zoom: float) -> QImage:
        """The level for this zoom, prepared before."""
        return self._made[self._base.level(zoom)][1]
