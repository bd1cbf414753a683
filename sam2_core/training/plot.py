"""A picture of a training log: losses above, scores on held-out pictures below."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from sam2_core.training.log import Row

Canvas = npt.NDArray[np.uint8]
_WIDTH, _HEIGHT = 960, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 190, 30, 40
_COLOURS = ((200, 110, 20), (40, 120, 230), (70, 160, 60), (160, 70, 170), (60, 60, 60), (30, 170, 190))  # BGR
_FONT, _INK, _GRID = cv2.FONT_HERSHEY_SIMPLEX, (60, 60, 60), (225, 225, 225)


def plot(path: Path, rows: Sequence[Row], losses: Sequence[str], scores: Sequence[str]) -> None:
    """Write a PNG of the named columns over the steps; a column that is empty is left out.

    Raises:
        OSError: the file cannot be written.
    """
    panels = [chart("losses", rows, losses), chart("held-out pictures", rows, scores)]
    done, content = cv2.imencode(".png", np.concatenate(panels))
    assert done
    path.write_bytes(content.tobytes())


def chart(title: str, rows: Sequence[Row], names: Sequence[str]) -> Canvas:
    """Curves of the named columns, uint8 (360, 960, 3) BGR."""
    canvas = np.full((_HEIGHT, _WIDTH, 3), 255, np.uint8)
    _write(canvas, title, (_LEFT, _TOP - 10))
    curves = {name: [(row["step"], row[name]) for row in rows if name in row] for name in names}
    curves = {name: points for name, points in curves.items() if points}
    if not curves:
        _write(canvas, "nothing yet", (_LEFT + 10, _HEIGHT // 2))
        return canvas
    every = np.array([point for points in curves.values() for point in points])
    (x0, y0), (x1, y1) = every.min(0), every.max(0)
    x1, y1 = max(x1, x0 + 1), max(y1, y0 + 1e-3)

    def place(step: float, value: float) -> tuple[int, int]:
        across = (step - x0) / (x1 - x0) * (_WIDTH - _LEFT - _RIGHT)
        up = (value - y0) / (y1 - y0) * (_HEIGHT - _TOP - _BOTTOM)
        return _LEFT + round(across), _HEIGHT - _BOTTOM - round(up)

    for part in np.linspace(0, 1, 5):
        value, step = y0 + part * (y1 - y0), x0 + part * (x1 - x0)
        cv2.line(canvas, place(x0, value), place(x1, value), _GRID, 1)
        _write(canvas, f"{value:.3g}", (8, place(x0, value)[1] + 4))
        _write(canvas, f"{step:.0f}", (place(step, y0)[0] - 15, _HEIGHT - 15))
    for i, (name, points) in enumerate(curves.items()):
        colour = _COLOURS[i % len(_COLOURS)]
        line = np.array([place(*point) for point in points], np.int32)
        cv2.polylines(canvas, [line], False, colour, 2, cv2.LINE_AA)
        if len(points) < 40:
            for dot in line:
                cv2.circle(canvas, (int(dot[0]), int(dot[1])), 3, colour, -1, cv2.LINE_AA)
        label = (_WIDTH - _RIGHT + 15, _TOP + 20 * i + 10)
        cv2.putText(canvas, f"{name}  {points[-1][1]:.3f}", label, _FONT, 0.45, colour, 1, cv2.LINE_AA)
    return canvas


def _write(canvas: Canvas, text: str, place: tuple[int, int]) -> None:
    cv2.putText(canvas, text, place, _FONT, 0.42, _INK, 1, cv2.LINE_AA)
