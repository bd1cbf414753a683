"""Editing an object's outline: drag, make and remove vertices (INTERACTION EDT-4). A part of the select tool."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from sam2_annotator.masks.rings import Ring, rings
from sam2_annotator.tools.base import (
    Button,
    Cursor,
    Key,
    KeyEvent,
    Line,
    Overlay,
    PointerEvent,
    PointerKind,
    ToolContext,
    ToolResult,
    ToolState,
)
from sam2_annotator.tools.geometry import EDGE_REACH, POINT_REACH
from sam2_annotator.values.drawing import Place
from sam2_annotator.values.drawing_intents import NewRing, ReshapeOutline
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.mask import Mask

Rings = tuple[Ring, ...]
_KEYS = frozenset({Key.ESCAPE, Key.ENTER, Key.BACKSPACE, Key.UNDO, Key.REDO})


@dataclass(frozen=True, slots=True)
class Vertex:
    """Vertex `index` of ring `ring`."""

    ring: int
    index: int


@dataclass(frozen=True, slots=True)
class Editing(ToolState):
    """Rings of `mask` as they are, before each change made so far (`past`), and after those taken back (`future`).

    `hot` is the vertex under the pointer, `edge` the one a new vertex would come before, `held` the one being dragged.
    """

    object_id: ObjectId
    mask: Mask
    rings: Rings
    tolerance: float
    past: tuple[Rings, ...] = ()
    future: tuple[Rings, ...] = ()
    hot: Vertex | None = None
    edge: Vertex | None = None
    at: Place = (0.0, 0.0)
    held: Vertex | None = None

    @property
    def keys(self) -> frozenset[Key]:
        """Take over, leave, remove a vertex, step through the changes."""
        unavailable = {Key.REDO} if not self.future else set()
        return _KEYS - unavailable - ({Key.UNDO} if not self.past else set())

    @property
    def lasts(self) -> bool:
        """An outline with changes waits."""
        return any(ring.touched for ring in self.rings)


def begin(object_id: ObjectId, event: PointerEvent, context: ToolContext) -> ToolResult | None:
    """Open an object's outline; None when it has none to edit."""
    tolerance = context.options.tolerance
    mask = context.editable(object_id)
    if not mask:
        return None
    editing = Editing(object_id, mask, rings(mask, tolerance), tolerance, at=(event.x, event.y))
    return _show(_pointed(editing, context), context)


def on(state: Editing, event: PointerEvent | KeyEvent, context: ToolContext) -> ToolResult | None:
    """One event while an outline is open; None when that ends."""
    mask = context.editable(state.object_id)
    if not mask and not state.lasts:
        return None
    state = _with_tolerance(_of_mask(state, mask), context)
    if isinstance(event, KeyEvent):
        return None if event.key in (Key.ESCAPE, Key.ENTER) else _key(state, event, context)
    state = replace(state, at=_inside(event, context))
    if state.held is not None:
        return _drag(state, state.held, event, context)
    state = _pointed(state, context)
    if event.presses(Button.RIGHT) and state.hot is not None:
        return _show(_pointed(_removed(state, state.hot), context), context)
    if not event.presses(Button.LEFT):
        return _show(state, context)
    if state.hot is not None:
        return _show(replace(_changed(state, state.rings), held=state.hot), context)
    if state.edge is not None:
        place = state.edge
        longer = _put(state.rings, place.ring, state.rings[place.ring].inserted(place.index, state.at))
        return _show(replace(_changed(state, longer), held=place, hot=place, edge=None), context)
    return _show(state, context)


def changes(state: Editing) -> tuple[ReshapeOutline, ...]:
    """What Enter makes of it: nothing when no vertex was touched."""
    changed = tuple(NewRing(ring.exact, ring.line()) for ring in state.rings if ring.touched)
    return (ReshapeOutline(state.object_id, changed),) if changed else ()


def _key(state: Editing, event: KeyEvent, context: ToolContext) -> ToolResult:
    match event.key:
        case Key.BACKSPACE if state.hot is not None:
            return _show(_pointed(_removed(replace(state, held=None), state.hot), context), context)
        case Key.UNDO if state.past:
            state = replace(
                state, rings=state.past[-1], past=state.past[:-1], future=(*state.future, state.rings), held=None
            )
            return _show(_pointed(state, context), context)
        case Key.REDO if state.future:
            state = replace(
                state, rings=state.future[-1], past=(*state.past, state.rings), future=state.future[:-1], held=None
            )
            return _show(_pointed(state, context), context)
    return _show(state, context)


def _drag(state: Editing, held: Vertex, event: PointerEvent, context: ToolContext) -> ToolResult:
    if event.kind is PointerKind.MOVE or event.releases(Button.LEFT):
        ring = state.rings[held.ring]
        if ring.points[held.index] != state.at:
            state = replace(state, rings=_put(state.rings, held.ring, ring.moved(held.index, state.at)))
    if event.releases(Button.LEFT):
        state = replace(state, held=None)
        if state.past and state.past[-1] == state.rings:  # a press without a move changed nothing
            state = replace(state, past=state.past[:-1])
        return _show(_pointed(state, context), context)
    return _show(state, context)


def _of_mask(state: Editing, mask: Mask | None) -> Editing:
    """The mask was changed meanwhile, by Undo for one: edited rings that it still has stay as they are edited.

    Without a mask, which may only be hidden, edited rings wait.
    """
    if not mask or mask == state.mask:
        return state
    edited = {ring.exact: ring for ring in state.rings if ring.touched}
    fresh = tuple(edited.get(ring.exact, ring) for ring in rings(mask, state.tolerance))
    return replace(state, mask=mask, rings=fresh, past=(), future=(), hot=None, edge=None, held=None)


def _with_tolerance(state: Editing, context: ToolContext) -> Editing:
    """Another tolerance gives the untouched rings other vertices."""
    tolerance = context.options.tolerance
    if tolerance == state.tolerance or state.held is not None:
        return state
    fresh = {ring.exact: ring for ring in rings(state.mask, tolerance)}
    shown = tuple(ring if ring.touched else fresh.get(ring.exact, ring) for ring in state.rings)
    return replace(state, rings=shown, tolerance=tolerance, hot=None, edge=None)


def _changed(state: Editing, changed: Rings) -> Editing:
    return replace(state, rings=changed, past=(*state.past, state.rings), future=())


def _removed(state: Editing, vertex: Vertex) -> Editing:
    ring = state.rings[vertex.ring].removed(vertex.index)
    return _changed(state, _put(state.rings, vertex.ring, ring))


def _put(all_rings: Rings, place: int, ring: Ring) -> Rings:
    return (*all_rings[:place], ring, *all_rings[place + 1 :])


def _pointed(state: Editing, context: ToolContext) -> Editing:
    """What is under the pointer: the nearest vertex in reach, else the nearest edge."""
    x, y = state.at
    hot, edge = None, None
    best, reach = POINT_REACH / context.scale, EDGE_REACH / context.scale
    for number, ring in enumerate(state.rings):
        before = ring.points[-1] if ring.points else (0.0, 0.0)
        for index, point in enumerate(ring.points):
            distance = math.hypot(point[0] - x, point[1] - y)
            if distance <= best:
                hot, best = Vertex(number, index), distance
            if _near(before, point, x, y, reach) and (gap := _gap(before, point, x, y)) <= reach:
                edge, reach = Vertex(number, index), gap
            before = point
    return replace(state, hot=hot, edge=None if hot is not None else edge)


def _near(a: Place, b: Place, x: float, y: float, reach: float) -> bool:
    return (
        min(a[0], b[0]) - reach <= x <= max(a[0], b[0]) + reach
        and min(a[1], b[1]) - reach <= y <= max(a[1], b[1]) + reach
    )


def _gap(a: Place, b: Place, x: float, y: float) -> float:
    """How far a point is from the line between two others."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    along = 0.0 if length == 0 else min(max(((x - a[0]) * dx + (y - a[1]) * dy) / length, 0.0), 1.0)
    return math.hypot(a[0] + along * dx - x, a[1] + along * dy - y)


def _inside(event: PointerEvent, context: ToolContext) -> Place:
    width, height = context.image_size
    return min(max(event.x, 0.0), float(width)), min(max(event.y, 0.0), float(height))


def _show(state: Editing, context: ToolContext) -> ToolResult:
    lines = []
    for number, ring in enumerate(state.rings):
        hot = state.held or state.hot
        at = ring.points[hot.index] if hot is not None and hot.ring == number and ring.points else None
        lines.append(Line(ring.points, closed=True, dashed=ring.hole, handles=ring.points, hot=at))
    if state.edge is not None and state.held is None:
        lines.append(Line((), handles=(state.at,), hot=state.at))
    cursor = Cursor.MOVE if state.hot or state.held else Cursor.CROSS if state.edge else Cursor.ARROW
    return ToolResult(state, overlay=Overlay(lines=tuple(line for line in lines if line.handles)), cursor=cursor)
