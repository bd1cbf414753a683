"""A sample scene: objects in all states, prompts and a rubber box, to look at how things are drawn."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication

from sam2_annotator.masks import rle
from sam2_annotator.ui.canvas.render import Pixels
from sam2_annotator.ui.canvas.values import CanvasMask
from sam2_annotator.ui.canvas.view import CanvasView
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Box, Point, PromptSet
from sam2_annotator.values.states import MaskState

WIDTH, HEIGHT = 1280, 800

PROMPTS = PromptSet(
    points=(Point(1000, 640), Point(1085, 640, positive=False), Point(1020, 700)), box=Box(880, 560, 1150, 770)
)


def frame() -> Pixels:
    """Soft colours with fine and coarse structure, uint8 (HEIGHT, WIDTH, 3)."""
    y, x = np.mgrid[:HEIGHT, :WIDTH].astype(np.float32)
    waves = np.stack([np.sin(x / 90 + y / 160), np.sin(x / 130 - y / 70 + 2), np.sin(x / 60 + 4)], axis=-1)
    noise = np.random.default_rng(0).normal(0, 1, (HEIGHT, WIDTH, 3)).astype(np.float32)
    texture = cv2.GaussianBlur(noise, (0, 0), 1.5) * 40 + cv2.GaussianBlur(noise, (0, 0), 25) * 400
    return np.asarray(np.clip(128 + 55 * waves + texture, 0, 255), dtype=np.uint8)


def blob(centre: tuple[float, float], radius: float, *, hole: bool = False) -> Mask:
    """A wavy disc, with a hole in it if asked."""
    return rle.encode(blob_pixels(WIDTH, HEIGHT, centre, radius, hole=hole))


def blob_pixels(
    width: int, height: int, centre: tuple[float, float], radius: float, *, hole: bool = False
) -> NDArray[np.bool_]:
    """The same as pixels, bool (height, width)."""
    y, x = np.mgrid[:height, :width] + 0.5
    angle = np.arctan2(y - centre[1], x - centre[0])
    distance = np.hypot(x - centre[0], y - centre[1])
    inside = distance < radius * (1 + 0.1 * np.sin(5 * angle) + 0.05 * np.sin(17 * angle))
    return np.asarray(inside & ~(hole & (distance < radius / 3)))


def masks() -> tuple[CanvasMask, ...]:
    """Every state once, every ring of colours, one object cut by the edge of the picture."""
    return (
        CanvasMask(ObjectId(1), 1, "1 key", blob((170, 170), 110), MaskState.KEY),
        CanvasMask(ObjectId(2), 2, "2 propagated", blob((480, 170), 110), MaskState.PROPAGATED),
        CanvasMask(ObjectId(3), 3, "3 confirmed", blob((790, 170), 110, hole=True), MaskState.CONFIRMED),
        CanvasMask(ObjectId(4), 4, "4 selected, locked", blob((1100, 170), 110), selected=True, locked=True),
        CanvasMask(ObjectId(8), 8, "8 second round", blob((170, 440), 100), MaskState.KEY),
        CanvasMask(ObjectId(9), 9, "9 overlapping", blob((260, 470), 100), MaskState.CONFIRMED),
        CanvasMask(ObjectId(16), 16, "16 third round", blob((480, 450), 100), MaskState.CONFIRMED),
        CanvasMask(ObjectId(5), 5, "5 a label so long that it does not fit", blob((780, 440), 90)),
        CanvasMask(ObjectId(6), 6, "6 at the edge", blob((1280, 430), 110), MaskState.PROPAGATED),
        CanvasMask(ObjectId(7), 7, "7 outline only", blob((230, 700), 90), MaskState.CONFIRMED, opacity=0.0),
        CanvasMask(ObjectId(10), 10, "10", blob((560, 690), 12), MaskState.PROPAGATED),
        CanvasMask(ObjectId(11), 11, "11", blob((600, 700), 12), MaskState.PROPAGATED),
        CanvasMask(ObjectId(12), 12, "12 draft", blob((1010, 660), 100), draft=True),
    )


def build(theme: Theme) -> CanvasView:
    """A canvas with everything on it."""
    view = CanvasView(theme)
    view.resize(1280, 840)
    view.set_frame(frame(), keep_view=False)
    view.set_masks(masks())
    view.set_prompts(PROMPTS, draft=True)
    return view


def main(arguments: list[str]) -> int:
    """Open the sample, or write it to the PNG named by the first argument."""
    app = QApplication([])
    view = build(Theme(app))
    view.show()
    if not arguments:
        return app.exec()
    app.processEvents()
    return 0 if view.grab().save(str(Path(arguments[0]))) else 1
