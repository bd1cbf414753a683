"""The prompt tool: clicks make points, drags make boxes, glyphs and box edges can be grabbed (INTERACTION 3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import assert_never

from sam2_annotator.tools.base import (
    REPEAT_MS,
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
from sam2_annotator.tools.geometry import (
    Edge,
    clamp_to_image,
    edge_cursor,
    edges_at,
    is_drag,
    is_inside,
    move_point,
    point_at,
    span,
    stretch,
)
from sam2_annotator.values.intents import (
    AddPoint,
    DragPoint,
    FlipPoint,
    Intent,
    MovePoint,
    PromptAction,
    RemovePoint,
    SetBox,
)
from sam2_annotator.values.prompt import Box, Point, PromptSet


@dataclass(frozen=True, slots=True)
class PointGrip:
    """The press hit the glyph of a point."""

    index: int


@dataclass(frozen=True, slots=True)
class BoxGrip:
    """The press hit edges of the box."""

    edges: Edge


Grip = PointGrip | BoxGrip | None


@dataclass(frozen=True, slots=True)
class PromptState(ToolState):
    """`collecting` is True from a click with Shift until Shift is let go."""

    collecting: bool = False


@dataclass(frozen=True, slots=True)
class Idle(PromptState):
    """No button down. `last` is the press of the newest click, to know the second half of a double click."""

    last: PointerEvent | None = None

    @property
    def active(self) -> bool:
        """Nothing to end."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed(PromptState):
    """A button is down and has not moved: a click, unless it turns into a drag."""

    press: PointerEvent
    grip: Grip


@dataclass(frozen=True, slots=True, kw_only=True)
class Dragging(Pressed):
    """The left button moves a point, box edges, or draws a box; (x, y) is where the pointer is."""

    x: float
    y: float
    centred: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoilt(PromptState):
    """A press that became neither a click nor a drag (a right button that moved); waits for its release."""

    button: Button


class PromptTool:
    """Points and boxes for the draft or the selected object."""

    def start(self, context: ToolContext) -> ToolResult:
        """Waiting for a press."""
        return ToolResult(Idle(), cursor=Cursor.CROSS)

    def on(self, state: ToolState, event: PointerEvent | KeyEvent, context: ToolContext) -> ToolResult:
        """One event; letting go of Shift after collecting adds the intent to run."""
        prompt_state = state if isinstance(state, PromptState) else Idle()
        run = prompt_state.collecting and not _shift_held(event)
        if run:
            prompt_state = replace(prompt_state, collecting=False)
        result = (
            _on_key(prompt_state, event, context)
            if isinstance(event, KeyEvent)
            else _on_pointer(prompt_state, event, context)
        )
        return replace(result, intents=(PromptAction.RUN, *result.intents)) if run else result


def _shift_held(event: PointerEvent | KeyEvent) -> bool:
    """Also True for keys that say nothing about Shift."""
    if isinstance(event, KeyEvent):
        return event.key is not Key.SHIFT or event.pressed
    return event.held(Modifier.SHIFT)


def _on_key(state: PromptState, event: KeyEvent, context: ToolContext) -> ToolResult:
    if event.key is Key.ESCAPE:
        return ToolResult(Idle(), cursor=Cursor.CROSS)
    if isinstance(state, Dragging):
        return _show_drag(replace(state, centred=event.pressed) if event.key is Key.SHIFT else state, context)
    if isinstance(state, Pressed):
        return _show_press(state, context)
    return ToolResult(state, cursor=Cursor.CROSS)


def _on_pointer(state: PromptState, event: PointerEvent, context: ToolContext) -> ToolResult:
    if isinstance(state, Pressed) and event.presses(state.press.button):
        return _wait(Idle(collecting=state.collecting), event, context)  # its release went elsewhere
    match state:
        case Dragging():
            return _drag(state, event, context)
        case Pressed():
            return _hold(state, event, context)
        case Spoilt(button=button):
            done = event.releases(button)
            return ToolResult(Idle(collecting=state.collecting) if done else state, cursor=Cursor.CROSS)
        case Idle():
            return _wait(state, event, context)
    return _wait(Idle(collecting=state.collecting), event, context)


# ------------------------------------------------------------------------------------------ no button down


def _wait(state: Idle, event: PointerEvent, context: ToolContext) -> ToolResult:
    grip = _grip(event, context)
    if not (event.presses(Button.LEFT) or event.presses(Button.RIGHT)):
        return ToolResult(state, cursor=_hover_cursor(grip))
    if state.last is not None and _repeats(state.last, event):
        return ToolResult(replace(state, last=event), cursor=_hover_cursor(grip))
    return _show_press(Pressed(collecting=state.collecting, press=event, grip=grip), context)


def _repeats(last: PointerEvent, event: PointerEvent) -> bool:
    """True for the further presses of a double or triple click, which would undo the first."""
    soon = event.kind is PointerKind.DOUBLE or 0 <= event.time_ms - last.time_ms < REPEAT_MS
    return soon and event.button is last.button and not is_drag(last, event)


def _grip(event: PointerEvent, context: ToolContext) -> Grip:
    index = point_at(context.prompts, event.x, event.y, context.scale)
    if index is not None and not event.held(Modifier.CTRL):
        return PointGrip(index)
    edges = edges_at(context.prompts.box, event.x, event.y, context.scale)
    return BoxGrip(edges) if edges else None


def _hover_cursor(grip: Grip) -> Cursor:
    match grip:
        case PointGrip():
            return Cursor.MOVE
        case BoxGrip(edges=edges):
            return edge_cursor(edges)
    return Cursor.CROSS


# -------------------------------------------------------------------------------------------- button down


def _hold(state: Pressed, event: PointerEvent, context: ToolContext) -> ToolResult:
    press = state.press
    if event.kind is PointerKind.MOVE and is_drag(press, event):
        if press.button is not Button.LEFT:
            return ToolResult(Spoilt(collecting=state.collecting, button=press.button), cursor=Cursor.CROSS)
        dragging = Dragging(
            collecting=state.collecting,
            press=press,
            grip=state.grip,
            x=event.x,
            y=event.y,
            centred=event.held(Modifier.SHIFT),
        )
        return _show_drag(dragging, context)
    if event.releases(press.button):
        intents = _click(state, context)
        collecting = state.collecting or any(isinstance(i, AddPoint) and not i.run for i in intents)
        return ToolResult(Idle(collecting, press if intents else None), intents, cursor=Cursor.CROSS)
    return _show_press(state, context)


def _is_negative(press: PointerEvent) -> bool:
    return press.button is Button.RIGHT or press.held(Modifier.ALT)


def _click(state: Pressed, context: ToolContext) -> tuple[Intent, ...]:
    press, negative = state.press, _is_negative(state.press)
    if isinstance(state.grip, PointGrip):
        if state.grip.index >= len(context.prompts.points):
            return ()
        return (FlipPoint(state.grip.index) if negative else RemovePoint(state.grip.index),)
    if not is_inside(press.x, press.y, context.image_size):
        return ()
    accept = press.held(Modifier.CTRL) and not negative
    run = accept or not press.held(Modifier.SHIFT)
    return (AddPoint(press.x, press.y, positive=not negative, run=run, accept=accept),)


def _show_press(state: Pressed, context: ToolContext) -> ToolResult:
    press, shown = state.press, context.prompts
    if isinstance(state.grip, PointGrip) or not is_inside(press.x, press.y, context.image_size):
        return ToolResult(state, cursor=_hover_cursor(state.grip))
    points = (*shown.points, Point(press.x, press.y, not _is_negative(press)))
    return ToolResult(state, overlay=Overlay(prompts=replace(shown, points=points)), cursor=_hover_cursor(state.grip))


def _drag(state: Dragging, event: PointerEvent, context: ToolContext) -> ToolResult:
    if event.kind is PointerKind.MOVE or event.releases(Button.LEFT):
        state = replace(state, x=event.x, y=event.y, centred=event.held(Modifier.SHIFT))
    if event.releases(Button.LEFT):
        return ToolResult(Idle(collecting=state.collecting), _drop(state, context), cursor=Cursor.CROSS)
    return _show_drag(state, context)


def _drop(state: Dragging, context: ToolContext) -> tuple[Intent, ...]:
    if isinstance(state.grip, PointGrip):
        if state.grip.index >= len(context.prompts.points):
            return ()
        return (MovePoint(state.grip.index, *clamp_to_image(state.x, state.y, context.image_size)),)
    box = _drawn_box(state, context)
    return () if box is None else (SetBox(box.x0, box.y0, box.x1, box.y1),)


def _drawn_box(state: Dragging, context: ToolContext) -> Box | None:
    size, shown = context.image_size, context.prompts.box
    if isinstance(state.grip, BoxGrip):
        return None if shown is None else stretch(shown, state.grip.edges, state.x, state.y, size=size)
    return span(state.press.x, state.press.y, state.x, state.y, size=size, centred=state.centred)


def _show_drag(state: Dragging, context: ToolContext) -> ToolResult:
    shown: PromptSet = context.prompts
    match state.grip:
        case PointGrip(index=index):
            if index >= len(shown.points):
                return ToolResult(state, cursor=Cursor.MOVE)
            x, y = clamp_to_image(state.x, state.y, context.image_size)
            overlay = Overlay(prompts=replace(shown, points=move_point(shown, index, x, y)))
            return ToolResult(state, (DragPoint(index, x, y),), overlay, Cursor.MOVE)
        case BoxGrip(edges=edges):
            overlay = Overlay(prompts=replace(shown, box=_drawn_box(state, context)))
            return ToolResult(state, overlay=overlay, cursor=edge_cursor(edges))
        case None:
            return ToolResult(state, overlay=Overlay(rubber=_drawn_box(state, context)), cursor=Cursor.CROSS)
    assert_never(state.grip)
