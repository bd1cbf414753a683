"""Masks as they are painted."""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication

from sam2_annotator.masks import rle
from sam2_annotator.ui.canvas.sample import blob_pixels
from sam2_annotator.ui.canvas.strokes import outline_strokes
from sam2_annotator.ui.canvas.values import CanvasMask
from sam2_annotator.ui.canvas.view import CanvasView
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.palette import colour
from sam2_annotator.values.states import MaskState
from support.canvas import pixels, shown_at

GREY = np.full((240, 320, 3), 128, np.uint8)
DARK = (16, 16, 16)


def canvas_mask(array: NDArray[np.bool_], number: int = 1, **style: object) -> CanvasMask:
    return CanvasMask(ObjectId(number), number, str(number), rle.encode(array), **style)


def spots() -> NDArray[np.bool_]:
    """A shape with a hole, a corner-to-corner touch and a single pixel, around (100, 100)."""
    array = np.zeros((240, 320), bool)
    array[98:103, 98:103] = True
    array[100, 100] = False
    array[103, 103] = True
    array[99, 105] = True
    return array


def test_the_outline_encloses_exactly_the_mask_at_6400_percent(view: CanvasView) -> None:
    array = spots()
    view.set_frame(GREY, keep_view=True)
    view.zoom_to(64, None)
    view.pan_by(300 - shown_at(view, 101, 101)[0], 200 - shown_at(view, 101, 101)[1])
    view.set_masks((canvas_mask(array, opacity=0.0, state=MaskState.CONFIRMED),))
    shown = pixels(view)
    line = (shown == colour(1)).all(axis=2)
    edges_seen = 0
    for y in range(98, 104):
        for x in range(97, 106):
            for along, other in (((0, 1), array[y, x - 1]), ((1, 0), array[y - 1, x])):
                place = shown_at(view, x + along[0] / 2, y + along[1] / 2)
                column, row = (int(np.floor(v + 0.5)) for v in place)
                if not (4 < column < 596 and 30 < row < 396):
                    continue
                around = line[row - 1 : row + 2, column - 1 : column + 2]
                assert around.any() == (array[y, x] != other), (x, y, along)
                edges_seen += around.any()
    assert edges_seen > 15
    # Below the tag, nothing of the line is farther from an edge than half its width.
    y, x = np.mgrid[:400, :600] + 0.5
    image_x, image_y = view.camera.to_image(x, y)
    distance = 64 * np.minimum(np.abs(image_x - np.round(image_x)), np.abs(image_y - np.round(image_y)))
    assert not line[30:][distance[30:] > 2].any()


def test_fill_covers_the_mask_s_pixels_and_no_others(view: CanvasView) -> None:
    array = spots()
    view.set_frame(GREY, keep_view=True)
    view.zoom_to(32)
    view.pan_by(300 - shown_at(view, 101, 101)[0], 200 - shown_at(view, 101, 101)[1])
    view.set_masks((canvas_mask(array, opacity=1.0),))
    shown = pixels(view)
    for y in range(97, 105):
        for x in range(96, 108):
            column, row = (round(v) for v in shown_at(view, x + 0.5, y + 0.5))
            tinted = tuple(shown[row, column]) == colour(1)
            assert tinted == array[y, x], (x, y)


def disc(radius: float = 60) -> NDArray[np.bool_]:
    return blob_pixels(320, 240, (160, 120), radius)


def at_middle(view: CanvasView, mask: CanvasMask) -> NDArray[np.int64]:
    view.set_masks((mask,))
    column, row = (round(v) for v in shown_at(view, 160, 120))
    return pixels(view)[row, column].astype(np.int64)


def test_opacity_is_that_of_the_object_and_weaker_while_propagated(view: CanvasView) -> None:
    view.set_frame(GREY, keep_view=True)
    base = np.array([128, 128, 128])
    full = at_middle(view, canvas_mask(disc(), opacity=1.0)) - base
    key = at_middle(view, canvas_mask(disc(), opacity=0.5)) - base
    propagated = at_middle(view, canvas_mask(disc(), opacity=0.5, state=MaskState.PROPAGATED)) - base
    assert np.abs(key - full * 0.5).max() <= 2
    assert np.abs(propagated - full * 0.3).max() <= 2


def line_colours(view: CanvasView, mask: CanvasMask) -> set[tuple[int, int, int]]:
    """Colours shown once the mask is there, and not before, at 400 % where lines are hard."""
    view.zoom_to(4)
    view.set_masks(())
    before = {tuple(c) for c in np.unique(pixels(view).reshape(-1, 3), axis=0).tolist()}
    view.set_masks((mask,))
    return {tuple(c) for c in np.unique(pixels(view)[60:].reshape(-1, 3), axis=0).tolist()} - before


@pytest.mark.parametrize(
    ("number", "style", "expected"),
    [
        (1, {}, {DARK, colour(1)}),
        (8, {}, {DARK, (255, 255, 255), colour(1)}),
        (2, {"state": MaskState.PROPAGATED}, {DARK, colour(2)}),
        (2, {"draft": True}, {DARK, (255, 255, 255)}),
    ],
)
def test_lines_by_state_and_number(
    view: CanvasView, number: int, style: dict[str, object], expected: set[tuple[int, int, int]]
) -> None:
    view.set_frame(GREY, keep_view=True)
    assert expected <= line_colours(view, canvas_mask(disc(20), number, opacity=0.0, **style))


def line_pixels(view: CanvasView, mask: CanvasMask) -> int:
    view.set_masks((mask,))
    return int((pixels(view) == colour(1)).all(axis=2).sum())


def test_selected_is_stronger_and_propagated_is_dotted(view: CanvasView) -> None:
    view.set_frame(GREY, keep_view=True)
    view.zoom_to(2.5)
    plain, selected, dotted = (
        line_pixels(view, canvas_mask(disc(40), opacity=0.0, **style))
        for style in ({}, {"selected": True}, {"state": MaskState.PROPAGATED})
    )
    assert selected > 1.2 * plain
    assert 0.3 * plain < dotted < 0.7 * plain


def test_lines_keep_their_width_at_every_zoom(view: CanvasView) -> None:
    view.set_frame(GREY, keep_view=True)
    array = np.zeros((240, 320), bool)
    array[:, 160:] = True
    view.set_masks((canvas_mask(array, opacity=0.0),))
    for zoom in (1.5, 3, 20, 64):
        view.zoom_to(zoom)
        row = pixels(view)[200]
        edge = round(shown_at(view, 160, 0)[0])
        near = row[edge - 10 : edge + 10]
        assert (near == colour(1)).all(axis=1).sum() == 2, zoom
        assert (near == DARK).all(axis=1).sum() == 2, zoom


def test_a_changed_mask_is_painted_anew_and_the_rest_stays(view: CanvasView) -> None:
    view.set_frame(GREY, keep_view=True)
    clean = pixels(view)
    view.set_masks((canvas_mask(disc()),))
    assert (pixels(view) != clean).any()
    view.set_masks((canvas_mask(np.zeros((240, 320), bool)),))
    assert np.array_equal(pixels(view), clean)
    view.set_masks((canvas_mask(disc()),))
    view.set_masks_visible(False)
    assert np.array_equal(pixels(view), clean)


def test_a_panned_view_shows_the_same_masks(view: CanvasView) -> None:
    view.set_masks((canvas_mask(disc()), canvas_mask(disc(30), 2)))
    view.zoom_to(3)
    view.pan_by(40, -30)
    panned = pixels(view)
    view.zoom_to(3.5)
    view.zoom_to(3)
    fresh = pixels(view)
    assert (np.abs(panned.astype(int) - fresh).max(axis=2) > 40).mean() < 0.02


def test_a_preview_stands_in_for_the_draft(view: CanvasView) -> None:
    view.set_frame(GREY, keep_view=True)
    draft = canvas_mask(disc(60), opacity=1.0, draft=True)
    view.set_masks((draft,))
    big = pixels(view)
    view.set_preview(rle.encode(disc(20)))
    small = pixels(view)
    view.set_preview(None)
    assert np.array_equal(pixels(view), big)
    place = [round(v) for v in shown_at(view, 160 + 45, 120)]
    assert tuple(big[place[1], place[0]]) == colour(1)
    assert tuple(small[place[1], place[0]]) == (128, 128, 128)


def test_painting_a_4k_frame_with_twenty_masks(
    view: CanvasView, record_property: Callable[[str, object], None]
) -> None:
    """Budget on a free machine is 16 ms; the bound only catches drawing that fell off its fast paths."""
    random = np.random.default_rng(1)
    frame = random.integers(0, 255, (2160, 3840, 3), dtype=np.uint8)
    view.resize(1920, 1080)
    view.set_frame(frame, keep_view=False)
    centres = random.uniform((400, 400), (3440, 1760), (20, 2))
    blob, masks = blob_pixels(700, 700, (350, 350), 300), []
    for x, y in centres.astype(int):
        masks.append(np.zeros((2160, 3840), bool))
        masks[-1][y - 350 : y + 350, x - 350 : x + 350] = blob
    view.set_masks(tuple(canvas_mask(mask, i + 1) for i, mask in enumerate(masks)))
    for zoom in (0.5, 1, 3, 8):
        view.zoom_to(zoom)
        QApplication.processEvents()
        times = []
        for _ in range(5):
            view.pan_by(3, 2)
            start = time.perf_counter()
            view.viewport().repaint()
            times.append(time.perf_counter() - start)
        record_property(f"paint_ms_at_{zoom}", round(1000 * float(np.median(times)), 1))
        assert np.median(times) < 0.3


def test_the_outline_of_what_is_flagged_has_gaps(view: CanvasView) -> None:
    whole = canvas_mask(disc(), opacity=0.0)
    flagged = line_pixels(view, replace(whole, flagged=True))
    assert 0.5 < flagged / line_pixels(view, whole) < 0.9
    dotted = replace(whole, state=MaskState.PROPAGATED)
    strokes = outline_strokes(dotted, lifted=False)
    assert outline_strokes(replace(dotted, flagged=True), lifted=False) == strokes, "dots tell more"
