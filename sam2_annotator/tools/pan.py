"""The pan tool: the left button drags the picture."""

from __future__ import annotations

from dataclasses import dataclass

from sam2_annotator.tools.base import (
    Button,
    Cursor,
    Key,
    KeyEvent,
    PointerEvent,
    PointerKind,
    ToolContext,
    ToolResult,
    ToolState,
)


@dataclass(frozen=True, slots=True)
class Idle(ToolState):
    """No button down."""

    @property
    def active(self) -> bool:
        """Nothing to end."""
        return False


@dataclass(frozen=True, slots=True)
class Dragging(ToolState):
    """The button is down; the screen point the picture was last moved to."""

    screen_x: float
    screen_y: float


class PanTool:
    """Moves the view and nothing else."""

    def start(self, context: ToolContext) -> ToolResult:
        """Waiting for a press."""
        return ToolResult(Idle(), cursor=Cursor.OPEN_HAND)

    def on(self, state: ToolState, event: PointerEvent | KeyEvent, context: ToolContext) -> ToolResult:
        """One event."""
        if isinstance(event, KeyEvent):
            return self.start(context) if event.key is Key.ESCAPE else ToolResult(state, cursor=_cursor(state))
        if event.presses(Button.LEFT):
            return ToolResult(Dragging(event.screen_x, event.screen_y), cursor=Cursor.CLOSED_HAND)
        if not isinstance(state, Dragging) or event.releases(Button.LEFT):
            return self.start(context)
        if event.kind is not PointerKind.MOVE:
            return ToolResult(state, cursor=Cursor.CLOSED_HAND)
        scroll = (event.screen_x - state.screen_x, event.screen_y - state.screen_y)
        return ToolResult(Dragging(event.screen_x, event.screen_y), cursor=Cursor.CLOSED_HAND, scroll=scroll)


def _cursor(state: ToolState) -> Cursor:
    return Cursor.CLOSED_HAND if isinstance(state, Dragging) else Cursor.OPEN_HAND
