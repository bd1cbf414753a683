from pathlib import Path

import cv2
import numpy as np

from sam2_core.training.plot import chart, plot


def test_a_falling_loss_is_a_falling_line() -> None:
    rows = [{"step": float(i), "loss": 10.0 - i} for i in range(10)]
    drawn = (chart("losses", rows, ["loss"]) == (200, 110, 20)).all(-1)[:, :770]
    columns = np.flatnonzero(drawn.any(0))
    heights = [np.flatnonzero(drawn[:, x]).mean() for x in (columns[0], columns[len(columns) // 2], columns[-1])]
    assert heights == sorted(heights)


def test_the_file_is_a_picture_also_before_there_is_anything_to_draw(tmp_path: Path) -> None:
    plot(tmp_path / "plot.png", [], ["loss"], ["box"])
    assert cv2.imread(str(tmp_path / "plot.png")).shape == (720, 960, 3)
