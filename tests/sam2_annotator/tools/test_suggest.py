"""Event scripts of the tool for suggestions."""

from __future__ import annotations

from sam2_annotator.tools.base import Button, Key, KeyEvent, PointerEvent, PointerKind, ToolContext, ToolResult
from sam2_annotator.tools.suggest import SuggestTool
from sam2_annotator.values.suggesting import AcceptSuggestion, DropSuggestion

PRESS, MOVE, RELEASE, DOUBLE = PointerKind.PRESS, PointerKind.MOVE, PointerKind.RELEASE, PointerKind.DOUBLE
LEFT, RIGHT = Button.LEFT, Button.RIGHT
CONTEXT = ToolContext(1.0, (100, 100), suggestion_at=lambda x, y: 7 if x < 50 else None)


def at(kind: PointerKind, x: float, button: Button = Button.NONE) -> PointerEvent:
    return PointerEvent(kind, x, 10, x, 10, button)


def run(*events: PointerEvent | KeyEvent) -> list[ToolResult]:
    tool = SuggestTool()
    state, results = tool.start(CONTEXT).state, []
    for event in events:
        results.append(tool.on(state, event, CONTEXT))
        state = results[-1].state
    return results


def wishes(*events: PointerEvent | KeyEvent) -> list[object]:
    return [wish for result in run(*events) for wish in result.intents]


def test_a_click_accepts_and_a_right_click_drops_what_is_under_the_pointer() -> None:
    assert wishes(at(PRESS, 10, LEFT), at(RELEASE, 10, LEFT)) == [AcceptSuggestion(7)]
    assert wishes(at(PRESS, 10, RIGHT), at(RELEASE, 11, RIGHT)) == [DropSuggestion(7)]
    assert wishes(at(PRESS, 60, LEFT), at(RELEASE, 60, LEFT)) == []


def test_a_press_that_moves_away_does_nothing() -> None:
    assert wishes(at(PRESS, 10, LEFT), at(MOVE, 30), at(RELEASE, 30, LEFT)) == []
    assert wishes(at(RELEASE, 10, LEFT)) == []


def test_the_second_click_of_a_double_click_does_nothing() -> None:
    events = (at(PRESS, 10, LEFT), at(RELEASE, 10, LEFT), at(DOUBLE, 10, LEFT), at(RELEASE, 10, LEFT))
    assert wishes(*events) == [AcceptSuggestion(7)]


def test_the_pointer_lifts_what_it_is_over() -> None:
    over, beside = run(at(MOVE, 10), at(MOVE, 60))
    assert (over.overlay.suggestion, beside.overlay.suggestion) == (7, None)
    assert over.cursor is not beside.cursor
    assert not over.state.active


def test_keys_change_nothing() -> None:
    assert wishes(at(PRESS, 10, LEFT), KeyEvent(Key.SHIFT), at(RELEASE, 10, LEFT)) == [AcceptSuggestion(7)]
