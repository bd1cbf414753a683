"""Brush ring, lines and handle as they are painted."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from sam2_annotator.masks import raster, rle
from sam2_annotator.ui.canvas.values import CanvasMask, DrawingTarget
from sam2_annotator.ui.canvas.view import CanvasView
from sam2_annotator.values.drawing import DrawingOptions
from sam2_annotator.values.ids import ObjectId
from support.canvas import RIGHT, Mouse, pixels, shown_at

GREY = np.full((240, 320, 3), 128, np.uint8)


def target(array: np.ndarray | None = None) -> CanvasMask:
    mask = rle.empty(240, 320) if array is None else rle.encode(array)
    return CanvasMask(ObjectId(1), 1, "1", mask, opacity=0.0)


@pytest.mark.parametrize("square", [False, True])
def test_the_ring_goes_around_what_a_press_paints(view: CanvasView, square: bool) -> None:
    view.set_frame(GREY, keep_view=False)
    view.set_target(DrawingTarget(target(), may_add=True, may_take=True, editable=True))
    view.set_tool("brush")
    view.set_drawing(DrawingOptions(size=9, square=square))
    view.zoom_to(16)
    mouse = Mouse(view)
    clean = pixels(view)
    mouse.move(300.4, 200.7)
    ring = (pixels(view) != clean).any(axis=2)
    at = view.camera.to_image(300.4, 200.7)
    dab = rle.decode(raster.stroke([at], size=9, square=square, height=240, width=320))
    x0, y0, x1, y1 = rle.encode(dab).box
    left, top = (round(v) for v in shown_at(view, x0, y0))
    right, bottom = (round(v) for v in shown_at(view, x1, y1))
    middle = (top + bottom) // 2
    columns = np.flatnonzero(ring[middle - 1 : middle + 1].any(axis=0))
    assert abs(columns.min() - left) <= 3
    assert abs(columns.max() - right) <= 3


def test_a_stroke_on_the_way_is_seen_without_any_fill(view: CanvasView) -> None:
    view.set_frame(GREY, keep_view=False)
    array = np.zeros((240, 320), bool)
    array[100:140, 100:220] = True
    shape = target(array)
    view.set_masks((shape,))
    view.set_target(DrawingTarget(shape, may_add=True, may_take=True, editable=True))
    view.set_tool("brush")
    view.set_drawing(DrawingOptions(size=20))
    before = pixels(view)
    mouse = Mouse(view)
    places = [shown_at(view, x, 120) for x in (160, 161, 162)]
    mouse.press(*places[0], RIGHT)
    mouse.move(*places[1])
    mouse.move(*places[2])
    x, y = (round(v) for v in shown_at(view, 160, 110))
    assert (pixels(view)[y - 4 : y + 5, x - 4 : x + 5] != before[y - 4 : y + 5, x - 4 : x + 5]).any()
    mouse.release(*places[2], RIGHT)


def test_the_handle_of_a_selected_mask_shows_in_select_and_goes_with_it(view: CanvasView) -> None:
    view.set_frame(GREY, keep_view=False)
    array = np.zeros((240, 320), bool)
    array[40:200, 60:260] = True
    chosen = CanvasMask(ObjectId(1), 1, "1", rle.encode(array), selected=True, opacity=0.0)
    view.set_masks((chosen,))
    view.set_target(DrawingTarget(chosen, may_add=True, may_take=True, editable=True))
    view.set_context(selection=(ObjectId(1),))
    x, y = (round(v) for v in shown_at(view, 160, 120))
    assert (pixels(view)[y - 3 : y + 4, x - 3 : x + 4] == 128).all()
    view.set_tool("select")
    assert not (pixels(view)[y - 3 : y + 4, x - 3 : x + 4] == 128).all()
    Mouse(view).move(x, y)
    assert view.viewport().cursor().shape() == Qt.CursorShape.SizeAllCursor
    view.set_context(selection=())
    assert (pixels(view)[y - 3 : y + 4, x - 3 : x + 4] == 128).all()
