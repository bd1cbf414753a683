"""Brush and eraser: paint along the pointer's way (INTERACTION EDT-1, EDT-2)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from sam2_annotator.tools.base import (
    BrushRing,
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
from sam2_annotator.values.drawing import Place
from sam2_annotator.values.drawing_intents import DrawingRefused, Paint
from sam2_annotator.values.intents import Intent

_DENSITY = 50  # places a brush's diameter holds; more would not be seen and cost time


@dataclass(frozen=True, slots=True)
class Idle(ToolState):
    """No button down. `last` is where the last stroke ended, `at` where the pointer is."""

    last: Place | None = None
    at: Place | None = None

    @property
    def active(self) -> bool:
        """Nothing to end."""
        return False


@dataclass(frozen=True, slots=True)
class Stroking(ToolState):
    """The button is down. `eraser` tells whose stroke it is."""

    eraser: bool
    button: Button
    stroke: Paint

    @property
    def keys(self) -> frozenset[Key]:
        """Escape and undo drop the stroke."""
        return frozenset({Key.ESCAPE, Key.UNDO})


@dataclass(frozen=True, slots=True)
class BrushTool:
    """Adds to the object (the eraser takes away); the right button or Alt does the opposite for one stroke."""

    eraser: bool

    def start(self, context: ToolContext) -> ToolResult:
        """Waiting for a press."""
        return ToolResult(Idle(), cursor=self._cursor(context))

    def on(self, state: ToolState, event: PointerEvent | KeyEvent, context: ToolContext) -> ToolResult:
        """One event."""
        stroking = isinstance(state, Stroking) and state.eraser is self.eraser
        if isinstance(event, KeyEvent):
            if event.key is Key.ESCAPE:
                return self.start(context)
            return self._key(state, event, context) if isinstance(state, Idle | Stroking) else self.start(context)
        if isinstance(state, Stroking) and stroking:
            return self._stroke(state, event, context)
        last = state.last if isinstance(state, Idle) else None
        if event.presses(Button.LEFT) or event.presses(Button.RIGHT):
            return self._press(last, event, context)
        return self._wait(Idle(last, (event.x, event.y)), event.held(Modifier.SHIFT), context)

    def _key(self, state: Idle | Stroking, event: KeyEvent, context: ToolContext) -> ToolResult:
        if isinstance(state, Idle):
            return self._wait(state, event.key is Key.SHIFT and event.pressed, context)
        if event.key is Key.UNDO or state.eraser is not self.eraser:
            return self.start(context)
        return self._show(state, context)

    def _wait(self, state: Idle, straight: bool, context: ToolContext) -> ToolResult:
        if state.at is None:
            return ToolResult(state, cursor=self._cursor(context))
        stroke = None
        if straight and state.last is not None and self._allowed(not self.eraser, context):
            stroke = self._paint((state.last, state.at), not self.eraser, context)
        overlay = Overlay(ring=_ring(self._paint((state.at,), not self.eraser, context)), stroke=stroke)
        return ToolResult(state, overlay=overlay, cursor=self._cursor(context))

    def _press(self, last: Place | None, event: PointerEvent, context: ToolContext) -> ToolResult:
        here = (event.x, event.y)
        opposite = event.button is Button.RIGHT or event.held(Modifier.ALT)
        add = self.eraser if opposite else not self.eraser
        if not self._allowed(add, context):
            why = DrawingRefused.ADDING if add else DrawingRefused.TAKING
            return replace(self._wait(Idle(last, here), False, context), intents=(why,))
        path = (last, here) if last is not None and event.held(Modifier.SHIFT) else (here,)
        return self._show(Stroking(self.eraser, event.button, self._paint(path, add, context)), context)

    def _stroke(self, state: Stroking, event: PointerEvent, context: ToolContext) -> ToolResult:
        here = (event.x, event.y)
        if event.presses(state.button):  # its release went elsewhere
            again = self._press(state.stroke.path[-1], event, context)
            return replace(again, intents=(state.stroke, *again.intents))
        if event.kind is PointerKind.MOVE:
            path = state.stroke.path
            if math.dist(path[-1], here) >= max(1.0, state.stroke.size / _DENSITY):
                state = replace(state, stroke=replace(state.stroke, path=(*path, here)))
            return self._show(state, context)
        if not event.releases(state.button):
            return self._show(state, context)
        path = state.stroke.path
        stroke = state.stroke if path[-1] == here else replace(state.stroke, path=(*path, here))
        intents: tuple[Intent, ...] = (stroke,)
        return replace(self._wait(Idle(here, here), False, context), intents=intents)

    def _show(self, state: Stroking, context: ToolContext) -> ToolResult:
        return ToolResult(
            state, overlay=Overlay(stroke=state.stroke, ring=_ring(state.stroke)), cursor=self._cursor(context)
        )

    def _paint(self, path: tuple[Place, ...], add: bool, context: ToolContext) -> Paint:
        return Paint(path, context.options.size, context.options.square, add)

    def _allowed(self, add: bool, context: ToolContext) -> bool:
        return context.may_add if add else context.may_take

    def _cursor(self, context: ToolContext) -> Cursor:
        return Cursor.CROSS if self._allowed(not self.eraser, context) else Cursor.FORBIDDEN


def _ring(stroke: Paint) -> BrushRing:
    x, y = stroke.path[-1]
    return BrushRing(x, y, stroke.size, stroke.square, stroke.add)
