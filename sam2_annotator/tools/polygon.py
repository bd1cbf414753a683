"""The polygon tool: corners by clicks, freehand by drags (INTERACTION EDT-3)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from sam2_annotator.tools.base import (
    NO_KEYS,
    Button,
    Cursor,
    Key,
    KeyEvent,
    Line,
    Modifier,
    Overlay,
    PointerEvent,
    PointerKind,
    ToolContext,
    ToolResult,
    ToolState,
)
from sam2_annotator.tools.geometry import POINT_REACH, is_drag
from sam2_annotator.values.drawing import Place
from sam2_annotator.values.drawing_intents import DrawingRefused, FillPolygon

_FREEHAND = 2.0  # screen px between the places of a freehand line


@dataclass(frozen=True, slots=True)
class Idle(ToolState):
    """No corner yet."""

    @property
    def active(self) -> bool:
        """Nothing to end."""
        return False


@dataclass(frozen=True, slots=True)
class Drawing(ToolState):
    """An open polygon.

    Each of `parts` was made by one click (one place) or one drag (a freehand line) and is undone as one; `undone` are
    those taken back, the last one first to return. `press` is the press that goes on, `at` the pointer; `alt` cuts.
    """

    parts: tuple[tuple[Place, ...], ...]
    at: Place
    alt: bool
    press: PointerEvent | None = None
    undone: tuple[tuple[Place, ...], ...] = ()

    @property
    def active(self) -> bool:
        """True while there is a corner."""
        return bool(self.parts)

    @property
    def keys(self) -> frozenset[Key]:
        """Close, take back the last part, bring it back, discard."""
        if not self.parts:
            return frozenset({Key.REDO}) if self.undone else NO_KEYS
        keys = frozenset({Key.ESCAPE, Key.ENTER, Key.BACKSPACE, Key.UNDO})
        return keys | {Key.REDO} if self.undone else keys

    @property
    def lasts(self) -> bool:
        """An open polygon waits."""
        return True

    @property
    def corners(self) -> tuple[Place, ...]:
        """All places in order."""
        return tuple(place for part in self.parts for place in part)


class PolygonTool:
    """Adds the inside of a ring to the object; with Alt, or Cut on the strip, takes it away."""

    def start(self, context: ToolContext) -> ToolResult:
        """Waiting for the first corner."""
        return ToolResult(Idle(), cursor=_cursor(context))

    def on(self, state: ToolState, event: PointerEvent | KeyEvent, context: ToolContext) -> ToolResult:
        """One event."""
        if isinstance(event, KeyEvent):
            return _key(state, event, context) if isinstance(state, Drawing) else self.start(context)
        here = _inside(event, context)
        if isinstance(state, Drawing) and state.parts:
            return _draw(replace(state, at=here), event, context)
        if not event.presses(Button.LEFT):
            return ToolResult(
                state if isinstance(state, Drawing) else Idle(),
                overlay=Overlay(crosshair=here),
                cursor=_cursor(context),
            )
        alt = event.held(Modifier.ALT)
        cut = context.options.cut or alt
        if not (context.may_take if cut else context.may_add):
            why = DrawingRefused.TAKING if cut else DrawingRefused.ADDING
            return ToolResult(Idle(), (why,), Overlay(crosshair=here), _cursor(context))
        return _show(Drawing(((here,),), here, alt, press=event), context)


def _key(state: Drawing, event: KeyEvent, context: ToolContext) -> ToolResult:
    match event.key:
        case Key.ESCAPE:
            return ToolResult(Idle(), cursor=_cursor(context))
        case Key.ENTER:
            return _close(state, state.alt, context)
        case Key.BACKSPACE | Key.UNDO if state.parts:
            shorter = replace(state, parts=state.parts[:-1], undone=(*state.undone, state.parts[-1]), press=None)
            return _show(shorter, context)
        case Key.REDO if state.undone:
            longer = replace(state, parts=(*state.parts, state.undone[-1]), undone=state.undone[:-1], press=None)
            return _show(longer, context)
    return _show(state, context)


def _draw(state: Drawing, event: PointerEvent, context: ToolContext) -> ToolResult:
    if event.presses(Button.LEFT):
        if _closes(state, context):
            return _close(state, state.alt or event.held(Modifier.ALT), context)
        if event.kind is PointerKind.DOUBLE:
            return _close(state, state.alt, context)
        return _show(replace(state, parts=(*state.parts, (state.at,)), undone=(), press=event), context)
    if state.press is None:
        return _show(state, context)
    if event.kind is PointerKind.MOVE:
        line = state.parts[-1]
        drawn = len(line) > 1 or is_drag(state.press, event)
        if drawn and math.dist(line[-1], state.at) >= max(1.0, _FREEHAND / context.scale):
            state = replace(state, parts=(*state.parts[:-1], (*line, state.at)))
        return _show(state, context)
    if not event.releases(Button.LEFT):
        return _show(state, context)
    freehand = len(state.parts[-1]) > 1
    state = replace(state, press=None)
    return _close(state, state.alt, context) if freehand and _closes(state, context) else _show(state, context)


def _closes(state: Drawing, context: ToolContext) -> bool:
    """True when the pointer is on the first corner and there is an area."""
    corners = state.corners
    return len(corners) > 2 and math.dist(corners[0], state.at) <= POINT_REACH / context.scale


def _close(state: Drawing, alt: bool, context: ToolContext) -> ToolResult:
    if len(state.corners) < 3:
        return _show(state, context)
    ring = FillPolygon(state.corners, cut=alt or context.options.cut)
    return ToolResult(Idle(), (ring,), Overlay(crosshair=state.at), _cursor(context))


def _show(state: Drawing, context: ToolContext) -> ToolResult:
    if not state.parts:
        return ToolResult(state, overlay=Overlay(crosshair=state.at), cursor=_cursor(context))
    corners = state.corners
    closes = _closes(state, context)
    handles = tuple(part[0] for part in state.parts)
    line = Line(
        (*corners, corners[0] if closes else state.at),
        cut=state.alt or context.options.cut,
        handles=handles,
        hot=corners[0] if closes else None,
    )
    return ToolResult(state, overlay=Overlay(crosshair=state.at, lines=(line,)), cursor=Cursor.CROSS)


def _inside(event: PointerEvent, context: ToolContext) -> Place:
    """The pointer, at most on the picture's edge."""
    width, height = context.image_size
    return min(max(event.x, 0.0), float(width)), min(max(event.y, 0.0), float(height))


def _cursor(context: ToolContext) -> Cursor:
    allowed = context.may_take if context.options.cut else context.may_add
    return Cursor.CROSS if allowed else Cursor.FORBIDDEN
