"""What every tool of the registry keeps to, under any sequence of events."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sam2_annotator.masks import rle
from sam2_annotator.tools.base import Button, Key, KeyEvent, Modifier, PointerEvent, PointerKind, ToolContext
from sam2_annotator.tools.registry import TOOLS, ToolEntry
from sam2_annotator.values.drawing import DrawingOptions
from sam2_annotator.values.drawing_intents import FillPolygon, MoveMask, Paint, ReshapeOutline
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.intents import AddPoint, DragPoint, FlipPoint, MovePoint, RemovePoint, SetBox
from sam2_annotator.values.prompt import Box, Point, PromptSet

WIDTH, HEIGHT = 64, 48
coordinates = st.one_of(st.floats(-20, 90), st.floats(allow_nan=False, allow_infinity=False, width=32))
prompt_sets = st.builds(
    PromptSet,
    points=st.lists(st.builds(Point, st.floats(0, 63), st.floats(0, 47), st.booleans()), max_size=3).map(tuple),
    box=st.none() | st.builds(lambda x, y: Box(x, y, x + 9, y + 7), st.floats(0, 50), st.floats(0, 40)),
)
square = np.zeros((HEIGHT, WIDTH), bool)
square[10:30, 10:40] = True
square[15:20, 15:20] = False
MASK = rle.encode(square)
OTHER = rle.encode(square[::-1, ::-1])
contexts = st.builds(
    ToolContext,
    scale=st.sampled_from([0.02, 0.5, 1.0, 3.3, 64.0]),
    image_size=st.just((WIDTH, HEIGHT)),
    selection=st.sampled_from([(), (ObjectId(1),), (ObjectId(1), ObjectId(2))]),
    prompts=prompt_sets,
    hit_test=st.sampled_from([lambda x, y: (), lambda x, y: (ObjectId(2), ObjectId(1))]),
    objects_in=st.just(lambda box: (ObjectId(1),)),
    options=st.builds(
        DrawingOptions,
        size=st.sampled_from([1, 24, 500]),
        square=st.booleans(),
        cut=st.booleans(),
        tolerance=st.sampled_from([0.0, 0.7, 5.0]),
    ),
    may_add=st.booleans(),
    may_take=st.booleans(),
    movable=st.sampled_from([None, MASK.box]),
    editable=st.sampled_from([lambda object_id: None, lambda object_id: MASK, lambda object_id: OTHER]),
    suggestion_at=st.sampled_from([lambda x, y: None, lambda x, y: 3]),
)
pointer_events = st.builds(
    PointerEvent,
    kind=st.sampled_from(PointerKind),
    x=coordinates,
    y=coordinates,
    screen_x=coordinates,
    screen_y=coordinates,
    button=st.sampled_from(Button),
    modifiers=st.sampled_from([Modifier.NONE, Modifier.SHIFT, Modifier.CTRL, Modifier.ALT, ~Modifier.NONE]),
    time_ms=st.integers(-10, 10_000),
)
key_events = st.builds(KeyEvent, key=st.sampled_from(Key), pressed=st.booleans())
scripts = st.lists(st.tuples(pointer_events | key_events, contexts), max_size=12)


def check_intent(intent: object, context: ToolContext) -> None:
    """Prompts lie in the picture and name points that are there."""
    match intent:
        case AddPoint(x=x, y=y) | MovePoint(x=x, y=y) | DragPoint(x=x, y=y):
            assert 0 <= x < WIDTH
            assert 0 <= y < HEIGHT
        case SetBox():
            assert 0 <= intent.x0 < intent.x1 <= WIDTH
            assert 0 <= intent.y0 < intent.y1 <= HEIGHT
        case Paint():
            assert intent.path
        case FillPolygon():
            assert len(intent.ring) >= 3
            assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in intent.ring)
        case MoveMask():
            assert (intent.dx, intent.dy) != (0, 0)
        case ReshapeOutline():
            assert intent.rings
            assert all(ring.before != ring.after and len(ring.after) != 1 for ring in intent.rings)
    if isinstance(intent, MovePoint | DragPoint | RemovePoint | FlipPoint):
        assert 0 <= intent.index < len(context.prompts.points)


@pytest.mark.parametrize("entry", TOOLS, ids=lambda entry: entry.id)
@given(first=contexts, script=scripts)
@settings(max_examples=150, deadline=None)
def test_any_events_give_sane_intents_and_escape_leads_back(
    entry: ToolEntry, first: ToolContext, script: Sequence[tuple[PointerEvent | KeyEvent, ToolContext]]
) -> None:
    tool = entry.tool
    start = tool.start(first)
    assert not start.state.active
    state = start.state
    for event, context in script:
        result = tool.on(state, event, context)
        assert result == tool.on(state, event, context)
        for intent in result.intents:
            check_intent(intent, context)
        state = result.state
    back = tool.on(state, KeyEvent(Key.ESCAPE), first)
    assert back.state == start.state
    assert back.overlay == start.overlay


@pytest.mark.parametrize("entry", TOOLS, ids=lambda entry: entry.id)
def test_the_state_of_another_tool_counts_as_the_start(entry: ToolEntry) -> None:
    context = ToolContext(scale=1.0, image_size=(WIDTH, HEIGHT))
    press = PointerEvent(PointerKind.PRESS, 5, 5, 5, 5, Button.LEFT)
    for other in TOOLS:
        foreign = other.tool.on(other.tool.start(context).state, press, context).state
        move = PointerEvent(PointerKind.MOVE, 30, 30, 30, 30)
        result = entry.tool.on(foreign, move, context)
        if other is not entry:
            assert not result.state.active
            assert result.intents == ()
