"""The arithmetic of zoom and position."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sam2_annotator.ui.canvas.camera import MAX_ZOOM, MIN_ZOOM, Camera, fit, show_box

IMAGE, CANVAS = (3840.0, 2160.0), (1200.0, 700.0)
ratios = st.sampled_from([1.0, 1.25, 1.5, 2.0, 3.0])


@given(
    st.tuples(st.floats(0, 3840), st.floats(0, 2160)),
    st.lists(st.floats(0.5, 2.0), min_size=1, max_size=40),
    ratios,
)
def test_zooming_at_a_point_of_the_picture_never_moves_it(
    point: tuple[float, float], factors: list[float], ratio: float
) -> None:
    camera = fit(IMAGE, CANVAS, ratio)
    place = camera.to_canvas(*point)
    for factor in factors:
        camera = camera.zoomed(camera.scale * ratio * factor, at=place, image=IMAGE, ratio=ratio)
        assert camera.scale * ratio * (1 + 1e-12) >= MIN_ZOOM
        assert camera.scale * ratio <= MAX_ZOOM * (1 + 1e-12)
    assert camera.to_canvas(*point) == pytest.approx(place, abs=0.01)


@given(st.floats(0.02, 64), st.lists(st.tuples(st.floats(-900, 900), st.floats(-900, 900)), max_size=20), ratios)
def test_panning_stays_within_half_a_canvas(zoom: float, ways: list[tuple[float, float]], ratio: float) -> None:
    middle = (CANVAS[0] / 2, CANVAS[1] / 2)
    camera = fit(IMAGE, CANVAS, ratio).zoomed(zoom, at=middle, image=IMAGE, ratio=ratio)
    for dx, dy in ways:
        camera = camera.panned(dx, dy, image=IMAGE, viewport=CANVAS)
    left, top = camera.to_canvas(0, 0)
    right, bottom = camera.to_canvas(*IMAGE)
    assert left <= CANVAS[0] / 2 + 1e-6
    assert right >= CANVAS[0] / 2 - 1e-6
    assert top <= CANVAS[1] / 2 + 1e-6
    assert bottom >= CANVAS[1] / 2 - 1e-6


def test_a_view_that_zooming_took_past_the_limit_does_not_jump_when_panned() -> None:
    camera = Camera(0.1, left=1100, top=0)
    assert camera.panned(5, 0, image=IMAGE, viewport=CANVAS).left == 1100
    assert camera.panned(-5, 0, image=IMAGE, viewport=CANVAS).left == 1095


def test_full_size_means_device_pixels() -> None:
    assert Camera().zoomed(1.0, at=(0, 0), image=IMAGE, ratio=2.0).scale == 0.5


def test_a_box_is_shown_in_the_middle_with_its_margin() -> None:
    camera = show_box((100, 50, 300, 100), (1000, 600), 1.0, margin=100)
    assert camera.to_canvas(100, 75) == pytest.approx((100, 300))
    assert camera.to_canvas(300, 75) == pytest.approx((900, 300))


def test_a_canvas_smaller_than_its_margins_is_no_accident() -> None:
    assert fit((10, 10), (5, 5), 1.0).scale > 0
