"""The box tool: two clicks or a drag, for people who cannot drag (INTERACTION EDT-5)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from sam2_annotator.tools.base import (
    Button,
    Cursor,
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
from sam2_annotator.tools.geometry import reach_of_drag, span
from sam2_annotator.values.intents import SetBox
from sam2_annotator.values.prompt import Box


@dataclass(frozen=True, slots=True)
class Idle(ToolState):
    """No corner yet."""

    @property
    def active(self) -> bool:
        """Nothing to end."""
        return False


@dataclass(frozen=True, slots=True)
class Spanning(ToolState):
    """The first corner (or, `centred`, the centre) is set, the other follows the pointer; `held`: button down."""

    start: tuple[float, float]
    end: tuple[float, float]
    centred: bool
    held: bool


class BoxTool:
    """One box around the object; the model runs as for a dragged box."""

    def start(self, context: ToolContext) -> ToolResult:
        """Waiting for the first corner."""
        return ToolResult(Idle(), cursor=Cursor.CROSS)

    def on(self, state: ToolState, event: PointerEvent | KeyEvent, context: ToolContext) -> ToolResult:
        """One event."""
        if isinstance(event, KeyEvent):
            return _on_key(state, event, context)
        if isinstance(state, Spanning):
            return _span(state, event, context)
        here = (event.x, event.y)
        if event.presses(Button.LEFT):
            return _show(Spanning(here, here, event.held(Modifier.SHIFT), held=True), context)
        return ToolResult(Idle(), overlay=Overlay(crosshair=here), cursor=Cursor.CROSS)


def _on_key(state: ToolState, event: KeyEvent, context: ToolContext) -> ToolResult:
    if not isinstance(state, Spanning) or event.key is Key.ESCAPE:
        return ToolResult(Idle(), cursor=Cursor.CROSS)
    return _show(replace(state, centred=event.pressed) if event.key is Key.SHIFT else state, context)


def _span(state: Spanning, event: PointerEvent, context: ToolContext) -> ToolResult:
    if event.presses(Button.RIGHT):
        return ToolResult(Idle(), overlay=Overlay(crosshair=(event.x, event.y)), cursor=Cursor.CROSS)
    if event.presses(Button.LEFT):
        state = replace(state, held=True)
    if event.kind is PointerKind.MOVE or event.button is Button.LEFT:
        state = replace(state, end=(event.x, event.y), centred=event.held(Modifier.SHIFT))
    if not (state.held and event.releases(Button.LEFT)):
        return _show(state, context)
    if math.dist(state.start, state.end) < reach_of_drag(context):
        return _show(replace(state, held=False), context)
    box = _box(state, context)
    intents = () if box is None else (SetBox(box.x0, box.y0, box.x1, box.y1),)
    return ToolResult(Idle(), intents, Overlay(crosshair=state.end), Cursor.CROSS)


def _box(state: Spanning, context: ToolContext) -> Box | None:
    return span(*state.start, *state.end, size=context.image_size, centred=state.centred)


def _show(state: Spanning, context: ToolContext) -> ToolResult:
    return ToolResult(state, overlay=Overlay(rubber=_box(state, context), crosshair=state.end), cursor=Cursor.CROSS)
