"""Plays event scripts to a tool and collects what it says."""

from __future__ import annotations

from dataclasses import replace

from sam2_annotator.tools.base import (
    Button,
    Key,
    KeyEvent,
    Modifier,
    Overlay,
    PointerEvent,
    PointerKind,
    Tool,
    ToolContext,
    ToolResult,
)
from sam2_annotator.values.intents import Intent


class Hand:
    """A hand on mouse and keyboard; every event comes a second after the one before unless `quick` is given."""

    def __init__(self, tool: Tool, context: ToolContext) -> None:
        self.tool = tool
        self.context = context
        self.result: ToolResult = tool.start(context)
        self.intents: list[Intent] = []
        self.held = Modifier.NONE
        self.time_ms = 0

    @property
    def overlay(self) -> Overlay:
        return self.result.overlay

    def set_context(self, **changes: object) -> None:
        self.context = replace(self.context, **changes)

    def press(self, x: float, y: float, button: Button = Button.LEFT, *, quick: bool = False) -> None:
        self._pointer(PointerKind.PRESS, x, y, button, quick)

    def double(self, x: float, y: float, button: Button = Button.LEFT) -> None:
        self._pointer(PointerKind.DOUBLE, x, y, button, quick=True)

    def move(self, x: float, y: float) -> None:
        self._pointer(PointerKind.MOVE, x, y, Button.NONE, quick=True)

    def release(self, x: float, y: float, button: Button = Button.LEFT) -> None:
        self._pointer(PointerKind.RELEASE, x, y, button, quick=True)

    def click(self, x: float, y: float, button: Button = Button.LEFT) -> None:
        self.press(x, y, button)
        self.release(x, y, button)

    def drag(self, x0: float, y0: float, x1: float, y1: float, button: Button = Button.LEFT) -> None:
        self.press(x0, y0, button)
        self.move(x1, y1)
        self.release(x1, y1, button)

    def hold_shift(self) -> None:
        self.held |= Modifier.SHIFT
        self._feed(KeyEvent(Key.SHIFT, pressed=True))

    def let_go_shift(self) -> None:
        self.held &= ~Modifier.SHIFT
        self._feed(KeyEvent(Key.SHIFT, pressed=False))

    def escape(self) -> None:
        self._feed(KeyEvent(Key.ESCAPE))

    def _pointer(self, kind: PointerKind, x: float, y: float, button: Button, quick: bool) -> None:
        self.time_ms += 1 if quick else 1000
        scale = self.context.scale
        self._feed(PointerEvent(kind, x, y, x * scale, y * scale, button, self.held, self.time_ms))

    def _feed(self, event: PointerEvent | KeyEvent) -> None:
        self.result = self.tool.on(self.result.state, event, self.context)
        self.intents += self.result.intents
