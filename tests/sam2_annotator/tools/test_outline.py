"""Outlines under edit, and the handle that moves a mask, as event scripts."""

import numpy as np

from sam2_annotator.masks import rings, rle
from sam2_annotator.tools.base import Button, Cursor, Key, KeyEvent, Shift, ToolContext
from sam2_annotator.tools.select import SelectTool, grip
from sam2_annotator.values.drawing import DrawingOptions
from sam2_annotator.values.drawing_intents import MoveMask, ReshapeOutline
from sam2_annotator.values.ids import ObjectId
from support.pointer import Hand

OBJECT = ObjectId(3)
SHAPE = np.zeros((200, 300), bool)
SHAPE[40:140, 40:140] = True
SHAPE[70:90, 70:90] = False
MASK = rle.encode(SHAPE)


def hand(**context: object) -> Hand:
    return Hand(
        SelectTool(),
        ToolContext(
            scale=1.0,
            image_size=(300, 200),
            hit_test=lambda x, y: (OBJECT,) if 40 <= x < 140 and 40 <= y < 140 else (),
            editable=lambda object_id: MASK,
            **context,
        ),
    )


def opened() -> Hand:
    select = hand()
    select.click(50, 50)
    select.double(50, 50)
    select.release(50, 50)
    select.intents.clear()
    return select


def press(select: Hand, key: Key) -> None:
    assert key in select.result.state.keys
    select._feed(KeyEvent(key))


def reshaped(select: Hand) -> np.ndarray:
    press(select, Key.ENTER)
    (intent,) = select.intents
    assert isinstance(intent, ReshapeOutline)
    return rle.decode(rings.reshape(MASK, [(ring.before, ring.after) for ring in intent.rings]))


def test_a_double_click_shows_outer_rings_solid_and_holes_dashed() -> None:
    lines = opened().overlay.lines
    assert [(len(line.points), line.dashed, line.closed) for line in lines] == [(4, False, True), (4, True, True)]


def test_an_outline_that_may_not_be_edited_stays_closed() -> None:
    select = hand()
    select.set_context(editable=lambda object_id: None)
    select.double(50, 50)
    assert not select.result.state.active


def test_enter_without_a_change_changes_nothing() -> None:
    select = opened()
    press(select, Key.ENTER)
    assert select.intents == []
    assert not select.result.state.active


def test_a_dragged_vertex_changes_its_ring_alone() -> None:
    select = opened()
    select.move(141, 139)
    assert select.result.cursor is Cursor.MOVE
    select.drag(140, 140, 180, 180)
    press(select, Key.ENTER)
    (intent,) = select.intents
    (ring,) = intent.rings
    assert (180.0, 180.0) in ring.after
    assert (70.0, 70.0) not in ring.before


def test_a_press_on_an_edge_makes_a_vertex_there() -> None:
    select = opened()
    select.drag(140, 90, 170, 90)
    after = reshaped(select)
    assert after[90, 160]
    assert after[80, 80] == SHAPE[80, 80]


def test_right_click_and_backspace_remove_a_vertex() -> None:
    for remove in (lambda s: s.click(140, 140, Button.RIGHT), lambda s: press(s, Key.BACKSPACE)):
        select = opened()
        select.move(140, 140)
        remove(select)
        assert not reshaped(select)[135, 135]


def test_a_hole_whose_vertices_go_is_filled() -> None:
    select = opened()
    for place in ((70, 70), (90, 70)):
        select.move(*place)
        press(select, Key.BACKSPACE)
    assert reshaped(select)[80, 80]


def test_undo_and_redo_step_through_the_changes() -> None:
    select = opened()
    assert Key.UNDO not in select.result.state.keys
    select.drag(140, 140, 180, 180)
    select.drag(40, 40, 10, 10)
    press(select, Key.UNDO)
    press(select, Key.UNDO)
    press(select, Key.REDO)
    after = reshaped(select)
    assert after[165, 165]
    assert not after[20, 20]


def test_escape_leaves() -> None:
    select = opened()
    select.drag(140, 140, 180, 180)
    press(select, Key.ESCAPE)
    assert select.intents == []
    assert not select.result.state.active


def test_another_tolerance_gives_other_vertices_to_untouched_rings() -> None:
    y, x = np.mgrid[:200, :300]
    disc = rle.encode(np.hypot(x - 90, y - 90) < 50)
    select = hand()
    select.set_context(editable=lambda object_id: disc)
    select.double(90, 90)
    few = len(select.overlay.lines[0].points)
    select.set_context(options=DrawingOptions(tolerance=0.0))
    select.move(90, 90)
    assert len(select.overlay.lines[0].points) > 1.5 * few


def test_the_handle_moves_by_whole_pixels() -> None:
    select = hand(selection=(OBJECT,), movable=(40, 40, 140, 140))
    assert grip(select.context) == (90, 90)
    select.press(92, 88)
    select.move(102.4, 98.6)
    assert select.overlay.shift == Shift(OBJECT, 10, 11)
    select.release(102.4, 98.6)
    assert select.intents == [MoveMask(OBJECT, 10, 11)]


def test_a_click_on_the_handle_moves_nothing() -> None:
    select = hand(selection=(OBJECT,), movable=(40, 40, 140, 140))
    select.click(90, 90)
    assert select.intents == []


def test_a_small_mask_has_its_handle_below() -> None:
    select = hand(selection=(OBJECT,), movable=(40, 40, 60, 60))
    x, y = grip(select.context)
    assert (x, y) == (50, 80)


def test_undo_of_the_mask_gives_its_outline_as_it_is_then() -> None:
    select = opened()
    smaller = SHAPE.copy()
    smaller[100:] = False
    select.set_context(editable=lambda object_id: rle.encode(smaller))
    select.move(200, 190)
    outer, hole = select.overlay.lines
    assert max(y for _, y in outer.points) == 100
    assert hole.dashed


def test_an_edited_ring_stays_edited_when_another_one_changes() -> None:
    select = opened()
    select.drag(140, 140, 180, 180)
    filled = SHAPE.copy()
    filled[70:90, 70:90] = True
    select.set_context(editable=lambda object_id: rle.encode(filled))
    select.move(200, 190)
    (line,) = select.overlay.lines
    assert (180, 180) in line.points
    press(select, Key.ENTER)
    (intent,) = select.intents
    changed = rle.decode(rings.reshape(rle.encode(filled), [(ring.before, ring.after) for ring in intent.rings]))
    assert changed[filled].all()
    assert changed[150, 150]


def test_the_outline_of_an_object_that_went_closes_unless_it_was_edited() -> None:
    select = opened()
    select.set_context(editable=lambda object_id: None)
    select.move(200, 190)
    assert not select.result.state.active
    select = opened()
    select.drag(140, 140, 180, 180)
    select.set_context(editable=lambda object_id: None)
    select.move(200, 190)
    assert select.result.state.active
