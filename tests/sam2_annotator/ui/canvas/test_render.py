"""Levels for zooming out, and what reaches the screen pixel by pixel."""

import numpy as np
import pytest

from sam2_annotator.ui.canvas.render import frame_pyramid, level_for, tint
from sam2_annotator.ui.canvas.view import CanvasView
from support.canvas import pixels, shown_at


@pytest.mark.parametrize(("zoom", "level"), [(64, 0), (1, 0), (0.51, 0), (0.5, 1), (0.26, 1), (0.25, 2), (0.02, 5)])
def test_the_rest_of_the_reduction_is_less_than_two(zoom: float, level: int) -> None:
    assert level_for(zoom) == level


def test_levels_are_made_once_and_down_to_one_pixel() -> None:
    pyramid = frame_pyramid(np.zeros((3, 5, 3), np.uint8))
    assert pyramid.nbytes == 3 * 5 * 4
    pyramid.prepare(0.25)
    assert pyramid.nbytes == 4 * (3 * 5 + 2 * 3 + 1 * 2)
    pyramid.prepare(0.02)
    assert pyramid.nbytes == 4 * (3 * 5 + 2 * 3 + 1 * 2 + 1)


def test_tint_is_premultiplied_colour_inside_and_nothing_outside() -> None:
    pyramid = tint(np.array([[True, False]]), (230, 159, 0))
    image = pyramid.image(1.0)
    assert image.pixelColor(0, 0).getRgb() == (230, 159, 0, 255)
    assert image.pixelColor(1, 0).getRgb() == (0, 0, 0, 0)


def test_half_size_is_the_average_of_four(view: CanvasView) -> None:
    checks = np.indices((240, 320)).sum(axis=0) % 2 * 255
    view.set_frame(np.repeat(checks[..., None], 3, axis=2).astype(np.uint8), keep_view=True)
    view.zoom_to(0.5)
    left, top = (round(v) for v in shown_at(view, 0, 0))
    inner = pixels(view)[top + 2 : top + 118, left + 2 : left + 158]
    assert np.abs(inner.astype(int) - 127).max() <= 1


@pytest.mark.parametrize("zoom", [1, 2, 5, 7])
def test_enlarged_pixels_have_hard_edges(view: CanvasView, zoom: int) -> None:
    frame = np.random.default_rng(5).integers(0, 255, (240, 320, 3), dtype=np.uint8)
    view.set_frame(frame, keep_view=True)
    view.zoom_to(zoom)
    view.pan_by(0.3, 0.4)
    assert_pixels_are_those_of(view, frame, zoom)


def test_pixels_are_crisp_at_800_percent_between_the_lines_of_the_grid(view: CanvasView) -> None:
    frame = np.random.default_rng(5).integers(0, 255, (240, 320, 3), dtype=np.uint8)
    view.set_frame(frame, keep_view=True)
    view.zoom_to(8)
    view.pan_by(-round(view.camera.left) % 8 - view.camera.left % 1, -view.camera.top % 1)
    shown = pixels(view)
    left, top = (round(v) for v in shown_at(view, 0, 0))
    y, x = np.mgrid[max(top, 0) : 400, max(left, 0) : 600]
    inside = (x < left + 320 * 8) & (y < top + 240 * 8)
    line = ((x - left) % 8 == 0) | ((y - top) % 8 == 0)
    expected = frame[np.clip((y - top) // 8, 0, 239), np.clip((x - left) // 8, 0, 319)]
    got = shown[max(top, 0) :, max(left, 0) :]
    assert np.array_equal(got[inside & ~line], expected[inside & ~line])
    assert (got[inside & line] != expected[inside & line]).any(axis=1).mean() > 0.95


def assert_pixels_are_those_of(view: CanvasView, frame: np.ndarray, zoom: int) -> None:
    """Every device pixel shows the image pixel it lies on, up to half a device pixel of rounding."""
    shown, (left, top) = pixels(view), (round(v) for v in shown_at(view, 0, 0))
    y, x = np.mgrid[:400, :600]
    column, row = (x - left) // zoom, (y - top) // zoom
    inside = (column >= 0) & (column < 320) & (row >= 0) & (row < 240)
    assert inside.sum() > 1000
    assert np.array_equal(shown[inside], frame[row[inside], column[inside]])
