"""Zoom and pan of the real widget (INTERACTION CAN-1, CAN-2, CAN-5, CAN-8)."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.canvas.view import CanvasView
from sam2_annotator.ui.canvas.wheel import WheelPreset
from sam2_annotator.values.intents import StepFrame
from support.canvas import Keys, Mouse, shown_at


@pytest.mark.parametrize("corner", [(0, 0), (320, 0), (0, 240), (320, 240), (101.3, 57.7)])
def test_the_point_under_the_pointer_stays_through_forty_steps(view: CanvasView, corner: tuple[float, float]) -> None:
    mouse = Mouse(view)
    place = shown_at(view, *corner)
    turns = [120] * 12 + [-120] * 22 + [37, 83, 120] * 2
    assert len(turns) == 40
    for turn in turns:
        mouse.wheel(*place, turn=turn)
        assert math.dist(shown_at(view, *corner), place) < 0.5 / view.devicePixelRatioF()


def test_the_transform_of_qt_is_the_camera(view: CanvasView) -> None:
    for zoom in (0.02, 0.7, 1, 64):
        view.zoom_to(zoom)
        view.pan_by(3.25, -7.5)
        assert shown_at(view, 12.5, 80) == pytest.approx(view.camera.to_canvas(12.5, 80), abs=1e-6)


def test_a_notch_is_a_quarter_and_parts_of_it_in_proportion(view: CanvasView) -> None:
    mouse, start = Mouse(view), view.zoom
    mouse.wheel(300, 200, turn=120)
    assert view.zoom == pytest.approx(start * 1.25)
    mouse.wheel(300, 200, turn=-60)
    assert view.zoom == pytest.approx(start * 1.25**0.5)


def test_the_range_is_two_to_6400_percent(view: CanvasView) -> None:
    mouse = Mouse(view)
    mouse.wheel(300, 200, turn=120 * 60)
    assert view.zoom == 64
    mouse.wheel(300, 200, turn=-120 * 120)
    assert view.zoom == 0.02


def test_a_pointer_beside_the_picture_cannot_zoom_it_away(view: CanvasView) -> None:
    mouse = Mouse(view)
    left, top = shown_at(view, 0, 0)
    for _ in range(10):
        mouse.wheel(left - 10, top + 50, turn=120)
    assert shown_at(view, 0, 0)[0] == pytest.approx(left)


def test_fit_leaves_a_margin_and_lasts_through_a_resize(view: CanvasView) -> None:
    view.resize(900, 500)
    left, top = shown_at(view, 0, 0)
    right, bottom = shown_at(view, 320, 240)
    assert (top, bottom) == pytest.approx((16, 500 - 16))
    assert left == pytest.approx(900 - right)


def test_a_zoomed_view_keeps_its_middle_through_a_resize(view: CanvasView) -> None:
    view.zoom_to(5)
    middle = view.camera.to_image(300, 200)
    view.resize(500, 300)
    assert view.camera.to_image(250, 150) == pytest.approx(middle)
    assert view.zoom == 5


def test_panning_ends_half_a_canvas_past_the_picture(view: CanvasView) -> None:
    view.zoom_to(2)
    view.pan_by(10_000, 10_000)
    assert shown_at(view, 0, 0) == pytest.approx((300, 200))
    view.pan_by(-10_000, -10_000)
    assert shown_at(view, 320, 240) == pytest.approx((300, 200))


def test_toggle_goes_between_fit_and_full_size(view: CanvasView) -> None:
    fitted = view.zoom
    view.toggle_fit()
    assert view.zoom == 1
    view.toggle_fit()
    assert view.zoom == fitted


def test_frames_of_one_size_keep_the_view_and_others_do_not(view: CanvasView) -> None:
    view.zoom_to(3)
    camera = view.camera
    view.set_frame(np.zeros((240, 320, 3), np.uint8), keep_view=True)
    assert view.camera == camera
    view.set_frame(np.zeros((240, 321, 3), np.uint8), keep_view=True)
    assert view.is_fitted
    view.zoom_to(3)
    view.set_frame(np.zeros((240, 321, 3), np.uint8), keep_view=False)
    assert view.is_fitted


def test_every_zoom_is_told(view: CanvasView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.zoom_changed) as told:
        view.zoom_to(2.5)
    assert told.args == [2.5]


@pytest.mark.parametrize(
    ("preset", "keys", "event", "expected"),
    [
        (WheelPreset.ZOOM, Keys.NoModifier, {"turn": 120}, "zoom"),
        (WheelPreset.ZOOM, Keys.ShiftModifier, {"turn": 120}, "sideways"),
        (WheelPreset.ZOOM, Keys.ShiftModifier, {"sideways": 120}, "sideways"),
        (WheelPreset.ZOOM, Keys.ControlModifier, {"turn": 120}, "upright"),
        (WheelPreset.SCROLL, Keys.NoModifier, {"turn": 120}, "upright"),
        (WheelPreset.SCROLL, Keys.ControlModifier, {"turn": 120}, "zoom"),
        (WheelPreset.FRAMES, Keys.NoModifier, {"turn": 120}, "back"),
        (WheelPreset.FRAMES, Keys.ControlModifier, {"turn": 120}, "zoom"),
        (WheelPreset.ZOOM, Keys.AltModifier, {"sideways": 120}, "back"),
        (WheelPreset.ZOOM, Keys.NoModifier, {"pixels": QPoint(0, 12), "turn": 30}, "upright"),
        (WheelPreset.ZOOM, Keys.NoModifier, {"turn": 30, "phase": Qt.ScrollPhase.ScrollUpdate}, "upright"),
    ],
)
def test_wheel_presets(
    view: CanvasView, preset: WheelPreset, keys: Keys, event: dict[str, object], expected: str
) -> None:
    view.set_wheel_preset(preset)
    view.zoom_to(3)
    before, intents = view.camera, []
    view.intent.connect(intents.append)
    mouse = Mouse(view)
    mouse.keys = keys
    mouse.wheel(300, 200, **event)
    changes = {
        "zoom": view.camera.scale > before.scale,
        "sideways": view.camera.scale == before.scale and view.camera.left > before.left,
        "upright": view.camera.scale == before.scale and view.camera.top > before.top,
        "back": intents == [StepFrame(-1)],
    }
    assert [name for name, seen in changes.items() if seen] == [expected]


def test_parts_of_a_notch_add_up_to_a_frame(view: CanvasView) -> None:
    intents: list[object] = []
    view.intent.connect(intents.append)
    mouse = Mouse(view)
    mouse.keys = Keys.AltModifier
    for turn in (-40, -40, -40, 40, 40, 40):
        mouse.wheel(300, 200, turn=turn)
    assert intents == [StepFrame(1), StepFrame(-1)]
