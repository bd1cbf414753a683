"""The rubber box and the crosshair."""

import numpy as np

from sam2_annotator.ui.canvas.view import CanvasView
from support.canvas import Mouse, pixels, shown_at


def test_the_crosshair_crosses_the_canvas_at_the_pointer_as_a_light_and_a_dark_line(view: CanvasView) -> None:
    view.set_tool("box")
    before = pixels(view)
    Mouse(view).move(300, 200)
    shown = pixels(view)
    changed = (shown != before).any(axis=2)
    assert changed[50].nonzero()[0].tolist() == [300, 301]
    assert changed[:, 50].nonzero()[0].tolist() == [200, 201]
    assert shown[50, 300].tolist() == [255, 255, 255]
    assert shown[50, 301].tolist() == [16, 16, 16]
    view.set_tool("prompt")
    assert np.array_equal(pixels(view), before)


def test_the_rubber_box_runs_from_the_press_to_the_pointer(view: CanvasView) -> None:
    view.set_frame(np.full((240, 320, 3), 128, np.uint8), keep_view=True)
    before = pixels(view)
    mouse = Mouse(view)
    mouse.press(200, 150)
    mouse.move(330, 260)
    rows, columns = np.nonzero((pixels(view) != before).any(axis=2))
    assert (columns.min() + 1, columns.max()) == (200, 330) or abs(columns.min() - 200) <= 2
    assert abs(columns.max() - 330) <= 2
    assert abs(rows.min() - 150) <= 2
    assert abs(rows.max() - 260) <= 2
    assert shown_at(view, *view.camera.to_image(200, 150)) is not None
    mouse.release(330, 260)
    assert np.array_equal(pixels(view), before)
