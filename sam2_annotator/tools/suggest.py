"""The tool for suggestions: a click takes one over, a right click drops it (INTERACTION PRM-9)."""

from __future__ import annotations

from dataclasses import dataclass

from sam2_annotator.tools.base import (
    Button,
    Cursor,
    Key,
    KeyEvent,
    Overlay,
    PointerEvent,
    PointerKind,
    ToolContext,
    ToolResult,
    ToolState,
)
from sam2_annotator.tools.geometry import is_drag
from sam2_annotator.values.suggesting import AcceptSuggestion, DropSuggestion


@dataclass(frozen=True, slots=True)
class Idle(ToolState):
    """A button is down since `press`, or none."""

    press: PointerEvent | None = None

    @property
    def active(self) -> bool:
        """Nothing to end."""
        return False


class SuggestTool:
    """Takes over what is under the pointer."""

    def start(self, context: ToolContext) -> ToolResult:
        """Waiting for a press."""
        return ToolResult(Idle())

    def on(self, state: ToolState, event: PointerEvent | KeyEvent, context: ToolContext) -> ToolResult:
        """One event; a press that moves away does nothing, nor does the second of a double click."""
        press = state.press if isinstance(state, Idle) else None
        if isinstance(event, KeyEvent):
            return ToolResult(Idle(None if event.key is Key.ESCAPE else press))
        under = context.suggestion_at(event.x, event.y)
        overlay = Overlay(suggestion=under)
        cursor = Cursor.ARROW if under is None else Cursor.CROSS
        if event.kind is PointerKind.DOUBLE:
            return ToolResult(Idle(), overlay=overlay, cursor=cursor)
        if event.presses(Button.LEFT) or event.presses(Button.RIGHT):
            return ToolResult(Idle(event), overlay=overlay, cursor=cursor)
        if press is None or not event.releases(press.button):
            return ToolResult(Idle(press), overlay=overlay, cursor=cursor)
        if under is None or is_drag(press, event):
            return ToolResult(Idle(), overlay=overlay, cursor=cursor)
        taken = AcceptSuggestion(under) if press.button is Button.LEFT else DropSuggestion(under)
        return ToolResult(Idle(), (taken,), cursor=cursor)
