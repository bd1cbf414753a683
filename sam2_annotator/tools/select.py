"""The select tool: a click picks the topmost object, further clicks those below (INTERACTION EDT-6).

A drag moves a mask only from the handle of the selected object. A double click opens an object's outline.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from sam2_annotator.masks.boxes import PixelBox
from sam2_annotator.tools import outline
from sam2_annotator.tools.base import (
    Button,
    Cursor,
    Key,
    KeyEvent,
    Modifier,
    Overlay,
    PointerEvent,
    PointerKind,
    Shift,
    ToolContext,
    ToolResult,
    ToolState,
)
from sam2_annotator.tools.geometry import is_drag, reach_of_drag, span
from sam2_annotator.values.drawing import Place
from sam2_annotator.values.drawing_intents import MoveMask
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.intents import Intent, SelectObjects
from sam2_annotator.values.object_intents import ObjectMenu
from sam2_annotator.values.prompt import Box

GRIP_REACH = 11.0  # screen px around the middle of the handle
_GRIP_ROOM = 60.0  # screen px; a smaller mask has its handle below it, where it hides nothing
_GRIP_GAP = 20.0


@dataclass(frozen=True, slots=True)
class Idle(ToolState):
    """No button down; `last` is the image point of the newest click, None after anything else."""

    last: tuple[float, float] | None = None

    @property
    def active(self) -> bool:
        """Nothing to end."""
        return False


@dataclass(frozen=True, slots=True)
class Pressed(ToolState):
    """The button is down and has not moved; `last` as before the press."""

    press: PointerEvent
    last: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Banding(ToolState):
    """A rubber band from `start` to `end`."""

    start: tuple[float, float]
    end: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Moving(ToolState):
    """The handle is held; the mask goes with the pointer from `start` to `end`."""

    object_id: ObjectId
    start: Place
    end: Place

    @property
    def way(self) -> tuple[int, int]:
        """Whole pixels to the right and down."""
        return round(self.end[0] - self.start[0]), round(self.end[1] - self.start[1])


class SelectTool:
    """Chooses objects, moves a mask by its handle, opens outlines."""

    def start(self, context: ToolContext) -> ToolResult:
        """Waiting for a press."""
        return ToolResult(Idle(), overlay=Overlay(grip=grip(context)))

    def on(self, state: ToolState, event: PointerEvent | KeyEvent, context: ToolContext) -> ToolResult:
        """One event."""
        if isinstance(state, outline.Editing):
            going_on = outline.on(state, event, context)
            if going_on is not None:
                return going_on
            enter = isinstance(event, KeyEvent) and event.key is Key.ENTER
            return replace(self.start(context), intents=outline.changes(state) if enter else ())
        if isinstance(event, KeyEvent):
            return self.start(context) if event.key is Key.ESCAPE else _wait(state, context)
        match state:
            case Pressed():
                return _hold(state, event, context)
            case Banding():
                return _band(state, event, context)
            case Moving():
                return _move(state, event, context)
        last = state.last if isinstance(state, Idle) else None
        if event.presses(Button.LEFT):
            return _press(last, event, context)
        if event.presses(Button.RIGHT) and event.kind is PointerKind.PRESS:
            return _menu(event, context)
        return _hover(Idle(last), event, context)


def grip(context: ToolContext) -> Place | None:
    """Where the selected mask is taken to be moved, in image px; None when there is none to move."""
    box: PixelBox | None = context.movable
    if box is None or len(context.selection) != 1:
        return None
    x0, y0, x1, y1 = box
    roomy = min(x1 - x0, y1 - y0) * context.scale >= _GRIP_ROOM
    return (x0 + x1) / 2, (y0 + y1) / 2 if roomy else y1 + _GRIP_GAP / context.scale


def _on_grip(event: PointerEvent, context: ToolContext) -> bool:
    place = grip(context)
    return place is not None and math.dist(place, (event.x, event.y)) <= GRIP_REACH / context.scale


def _wait(state: ToolState, context: ToolContext) -> ToolResult:
    return (
        _show_move(state, context)
        if isinstance(state, Moving)
        else ToolResult(state, overlay=Overlay(grip=grip(context)))
    )


def _hover(state: Idle, event: PointerEvent, context: ToolContext) -> ToolResult:
    on_grip = _on_grip(event, context)
    hover = None if on_grip else _topmost(event, context)
    cursor = Cursor.MOVE if on_grip else Cursor.ARROW
    return ToolResult(state, overlay=Overlay(hover=hover, grip=grip(context)), cursor=cursor)


def _press(last: Place | None, event: PointerEvent, context: ToolContext) -> ToolResult:
    here = (event.x, event.y)
    if _on_grip(event, context):
        return _show_move(Moving(context.selection[0], here, here), context)
    if event.kind is not PointerKind.DOUBLE:
        return ToolResult(Pressed(event, last), overlay=Overlay(grip=grip(context)))
    hits = context.hit_test(event.x, event.y)
    chosen = next((o for o in context.selection if o in hits), next(iter(hits), None))
    opened = None if chosen is None else outline.begin(chosen, event, context)
    return opened or _hover(Idle(last), event, context)


def _move(state: Moving, event: PointerEvent, context: ToolContext) -> ToolResult:
    if event.kind is PointerKind.MOVE or event.releases(Button.LEFT):
        state = replace(state, end=(event.x, event.y))
    if not event.releases(Button.LEFT):
        return _show_move(state, context)
    dx, dy = state.way
    result = _hover(Idle(), event, context)
    return replace(result, intents=(MoveMask(state.object_id, dx, dy),)) if dx or dy else result


def _show_move(state: Moving, context: ToolContext) -> ToolResult:
    place, (dx, dy) = grip(context), state.way
    moved = None if place is None else (place[0] + dx, place[1] + dy)
    return ToolResult(state, overlay=Overlay(shift=Shift(state.object_id, dx, dy), grip=moved), cursor=Cursor.MOVE)


def _menu(event: PointerEvent, context: ToolContext) -> ToolResult:
    """The menu of the object under the pointer, or of the selection it is part of."""
    hit = _topmost(event, context)
    if hit is None:
        return ToolResult(Idle())
    select: tuple[Intent, ...] = () if hit in context.selection else (SelectObjects((hit,)),)
    return ToolResult(Idle(), (*select, ObjectMenu((event.x, event.y))), Overlay(hover=hit))


def _topmost(event: PointerEvent, context: ToolContext) -> ObjectId | None:
    return next(iter(context.hit_test(event.x, event.y)), None)


def _hold(state: Pressed, event: PointerEvent, context: ToolContext) -> ToolResult:
    press = state.press
    if event.releases(Button.LEFT):
        return replace(_hover(Idle((press.x, press.y)), event, context), intents=_click(state, context))
    if event.kind is PointerKind.MOVE and is_drag(press, event):
        if context.hit_test(press.x, press.y):
            return _hover(Idle(), event, context)
        return _show(Banding((press.x, press.y), (event.x, event.y)), context)
    return ToolResult(state, overlay=Overlay(grip=grip(context)))


def _click(state: Pressed, context: ToolContext) -> tuple[Intent, ...]:
    press, selection = state.press, context.selection
    hits = context.hit_test(press.x, press.y)
    if not hits:
        return () if press.held(Modifier.SHIFT) else (SelectObjects(),)
    if press.held(Modifier.SHIFT):
        return (SelectObjects(_toggled(selection, hits[0])),)
    again = state.last is not None and math.dist(state.last, (press.x, press.y)) < reach_of_drag(context)
    if again and len(selection) == 1 and selection[0] in hits:
        return (SelectObjects((hits[(hits.index(selection[0]) + 1) % len(hits)],)),)
    return (SelectObjects((hits[0],)),)


def _toggled(selection: tuple[ObjectId, ...], object_id: ObjectId) -> tuple[ObjectId, ...]:
    if object_id in selection:
        return tuple(other for other in selection if other != object_id)
    return (*selection, object_id)


def _band(state: Banding, event: PointerEvent, context: ToolContext) -> ToolResult:
    if event.kind is PointerKind.MOVE or event.releases(Button.LEFT):
        state = replace(state, end=(event.x, event.y))
    if not event.releases(Button.LEFT):
        return _show(state, context)
    box = _box(state, context)
    found = () if box is None else context.objects_in(box)
    if event.held(Modifier.SHIFT):
        found = (*context.selection, *(object_id for object_id in found if object_id not in context.selection))
    return ToolResult(Idle(), (SelectObjects(found),))


def _box(state: Banding, context: ToolContext) -> Box | None:
    return span(*state.start, *state.end, size=context.image_size)


def _show(state: Banding, context: ToolContext) -> ToolResult:
    return ToolResult(state, overlay=Overlay(rubber=_box(state, context)))
