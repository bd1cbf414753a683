"""Glyphs of points and boxes."""

import numpy as np
import pytest
from numpy.typing import NDArray

from sam2_annotator.ui.canvas.view import CanvasView
from sam2_annotator.values.prompt import Box, Point, PromptSet
from support.canvas import pixels, shown_at


@pytest.fixture
def grey(view: CanvasView) -> CanvasView:
    view.set_frame(np.full((240, 320, 3), 128, np.uint8), keep_view=True)
    view.zoom_to(2)
    return view


def changed(view: CanvasView, prompts: PromptSet, *, draft: bool = True) -> NDArray[np.bool_]:
    view.set_prompts(PromptSet(), draft=draft)
    before = pixels(view)
    view.set_prompts(prompts, draft=draft)
    return (pixels(view) != before).any(axis=2)


@pytest.mark.parametrize("zoom", [0.3, 1, 7.7, 64])
def test_glyphs_keep_their_size_and_place(grey: CanvasView, zoom: float) -> None:
    grey.zoom_to(zoom)
    rows, columns = np.nonzero(changed(grey, PromptSet(points=(Point(160.4, 120.6),))))
    x, y = shown_at(grey, 160.4, 120.6)
    assert (columns.min() + columns.max() + 1) / 2 == pytest.approx(x, abs=1)
    assert (rows.min() + rows.max() + 1) / 2 == pytest.approx(y, abs=1)
    assert 16 <= columns.max() - columns.min() + 1 <= 18


def test_positive_is_round_and_negative_is_square(grey: CanvasView) -> None:
    corners = []
    for positive in (True, False):
        seen = changed(grey, PromptSet(points=(Point(160, 120, positive=positive),)))
        rows, columns = np.nonzero(seen)
        corners.append(bool(seen[rows.min(), columns.min()]))
    assert corners == [False, True]


def test_a_box_has_four_handles_and_is_dashed_in_a_draft(grey: CanvasView) -> None:
    prompts = PromptSet(box=Box(100, 80, 200, 160))
    whites = {}
    for draft in (True, False):
        changed(grey, prompts, draft=draft)
        white = (pixels(grey) == 255).all(axis=2)
        for corner in ((100, 80), (200, 80), (100, 160), (200, 160)):
            column, row = (round(v) for v in shown_at(grey, *corner))
            assert white[row - 2 : row + 2, column - 2 : column + 2].all()
        whites[draft] = white.sum()
    assert whites[True] < 0.8 * whites[False]
