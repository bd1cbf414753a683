"""The select tool: a click picks the topmost object, further clicks those below (INTERACTION EDT-6)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from sam2_annotator.tools.base import (
    Button,
    Key,
    KeyEvent,
    Modifier,
    Overlay,
    PointerEvent,
    PointerKind,
    ToolContext,
    ToolResult,
    ToolState,
)
from sam2_annotator.tools.geometry import is_drag, reach_of_drag, span
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.intents import Intent, SelectObjects
from sam2_annotator.values.object_intents import ObjectMenu
from sam2_annotator.values.prompt import Box


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


class SelectTool:
    """Chooses objects; never moves or changes a mask."""

    def start(self, context: ToolContext) -> ToolResult:
        """Waiting for a press."""
        return ToolResult(Idle())

    def on(self, state: ToolState, event: PointerEvent | KeyEvent, context: ToolContext) -> ToolResult:
        """One event."""
        if isinstance(event, KeyEvent):
            return ToolResult(Idle() if event.key is Key.ESCAPE else state)
        match state:
            case Pressed():
                return _hold(state, event, context)
            case Banding():
                return _band(state, event, context)
        last = state.last if isinstance(state, Idle) else None
        if event.presses(Button.LEFT) and event.kind is PointerKind.PRESS:
            return ToolResult(Pressed(event, last))
        if event.presses(Button.RIGHT) and event.kind is PointerKind.PRESS:
            return _menu(event, context)
        return ToolResult(Idle(last), overlay=Overlay(hover=_topmost(event, context)))


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
        return ToolResult(Idle((press.x, press.y)), _click(state, context), Overlay(hover=_topmost(event, context)))
    if event.kind is PointerKind.MOVE and is_drag(press, event):
        if context.hit_test(press.x, press.y):
            return ToolResult(Idle(), overlay=Overlay(hover=_topmost(event, context)))
        return _show(Banding((press.x, press.y), (event.x, event.y)), context)
    return ToolResult(state)


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
