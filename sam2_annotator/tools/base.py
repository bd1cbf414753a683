"""What every tool speaks: events in, intents and an overlay out.

Image coordinates are those of `values.prompt`. Screen coordinates and distances are device-independent pixels
of the canvas, so that a hand's tolerance does not depend on zoom or on the scaling of the screen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, Flag, auto
from typing import Protocol

from sam2_annotator.masks.boxes import PixelBox
from sam2_annotator.values.drawing import DrawingOptions, Place
from sam2_annotator.values.drawing_intents import Paint
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.intents import Intent
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Box, PromptSet

DRAG_DISTANCE = 4.0  # screen px; a shorter movement is a click
REPEAT_MS = 500  # a second press this soon and this near belongs to a double click


class PointerKind(Enum):
    """DOUBLE is the second press of a double click; a RELEASE follows it like any press."""

    PRESS = auto()
    MOVE = auto()
    RELEASE = auto()
    DOUBLE = auto()


class Button(Enum):
    """The button that went down or up; NONE for a move."""

    NONE = auto()
    LEFT = auto()
    RIGHT = auto()


class Modifier(Flag):
    """Keys held during an event. CTRL is the platform's command key (Cmd on a Mac)."""

    NONE = 0
    SHIFT = auto()
    CTRL = auto()
    ALT = auto()


class Key(Enum):
    """The keys tools look at; all others are shortcuts of the window."""

    ESCAPE = auto()
    SHIFT = auto()
    ENTER = auto()
    BACKSPACE = auto()
    UNDO = auto()
    REDO = auto()


@dataclass(frozen=True, slots=True)
class PointerEvent:
    """One event of mouse or pen: (x, y) in the image, (screen_x, screen_y) on the canvas, time in milliseconds."""

    kind: PointerKind
    x: float
    y: float
    screen_x: float
    screen_y: float
    button: Button = Button.NONE
    modifiers: Modifier = Modifier.NONE
    time_ms: int = 0

    def held(self, modifier: Modifier) -> bool:
        """True while this key is down."""
        return modifier in self.modifiers

    def presses(self, button: Button) -> bool:
        """True when this button goes down."""
        return self.kind in (PointerKind.PRESS, PointerKind.DOUBLE) and self.button is button

    def releases(self, button: Button) -> bool:
        """True when this button goes up."""
        return self.kind is PointerKind.RELEASE and self.button is button


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """A key goes down (`pressed`) or up; auto-repeat is left out."""

    key: Key
    pressed: bool = True


@dataclass(frozen=True, slots=True)
class ToolContext:
    """What a tool may know of the canvas.

    `scale` is screen px per image px, `image_size` is (width, height). `selection` and `prompts` are what the
    canvas shows now. `hit_test(x, y)` names the objects whose mask covers an image point, topmost first;
    `objects_in(box)` those with at least one mask pixel inside a box.

    `options` is how to draw. `may_add` and `may_take` tell whether the object drawn on may gain and lose pixels;
    `movable` is the box of the mask that may be moved. `editable(object_id)` gives the mask of an object whose outline
    may be edited, else None. `suggestion_at(x, y)` is the number of the smallest suggestion there.
    """

    scale: float
    image_size: tuple[int, int]
    selection: tuple[ObjectId, ...] = ()
    prompts: PromptSet = field(default_factory=PromptSet)
    hit_test: Callable[[float, float], tuple[ObjectId, ...]] = lambda x, y: ()
    objects_in: Callable[[Box], tuple[ObjectId, ...]] = lambda box: ()
    options: DrawingOptions = field(default_factory=DrawingOptions)
    may_add: bool = True
    may_take: bool = True
    movable: PixelBox | None = None
    editable: Callable[[ObjectId], Mask | None] = lambda object_id: None
    suggestion_at: Callable[[float, float], int | None] = lambda x, y: None


class Cursor(Enum):
    """Shape of the pointer: what the next press would do."""

    ARROW = auto()
    CROSS = auto()
    MOVE = auto()
    SIZE_HORIZONTAL = auto()
    SIZE_VERTICAL = auto()
    SIZE_DIAGONAL_DOWN = auto()
    SIZE_DIAGONAL_UP = auto()
    OPEN_HAND = auto()
    CLOSED_HAND = auto()
    FORBIDDEN = auto()


@dataclass(frozen=True, slots=True)
class BrushRing:
    """Where the brush would paint: around its centre (x, y) in the image; `add` False would take away."""

    x: float
    y: float
    size: int
    square: bool
    add: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line over the picture, `closed` or open, `dashed` around a hole; `cut`: its inside will be taken away.

    `handles` are drawn on it; `hot` is the one the next press takes.
    """

    points: tuple[Place, ...]
    closed: bool = False
    dashed: bool = False
    cut: bool = False
    handles: tuple[Place, ...] = ()
    hot: Place | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """A mask shown elsewhere: by (dx, dy) image px."""

    object_id: ObjectId
    dx: int
    dy: int


@dataclass(frozen=True, slots=True)
class Overlay:
    """What is drawn over the picture as long as a gesture lasts.

    `prompts` stands in for the shown prompts: as the gesture would leave them. `rubber` is a box being drawn,
    `crosshair` an image point that full-width lines cross, `hover` the object under the pointer.
    `stroke` is painted already in what is shown; `grip` is where the mask that may be moved is taken, `suggestion` the
    one under the pointer.
    """

    prompts: PromptSet | None = None
    rubber: Box | None = None
    crosshair: tuple[float, float] | None = None
    hover: ObjectId | None = None
    stroke: Paint | None = None
    ring: BrushRing | None = None
    lines: tuple[Line, ...] = ()
    shift: Shift | None = None
    grip: Place | None = None
    suggestion: int | None = None


NO_KEYS: frozenset[Key] = frozenset()
_ESCAPE = frozenset({Key.ESCAPE})


class ToolState:
    """Base of the tools' states, each a frozen dataclass private to its tool."""

    __slots__ = ()

    @property
    def active(self) -> bool:
        """True while a gesture is under way, so that Escape ends it."""
        return True

    @property
    def keys(self) -> frozenset[Key]:
        """Keys that mean something else now than they do for the window."""
        return _ESCAPE if self.active else NO_KEYS

    @property
    def lasts(self) -> bool:
        """True for work that waits while another tool is used or another picture is shown."""
        return False


@dataclass(frozen=True, slots=True)
class ToolResult:
    """The next state and what to do about it; `scroll` is how far the picture moves, in screen px."""

    state: ToolState
    intents: tuple[Intent, ...] = ()
    overlay: Overlay = Overlay()
    cursor: Cursor = Cursor.ARROW
    scroll: tuple[float, float] = (0.0, 0.0)


class Tool(Protocol):
    """A pure function from state and event to the next state and intents.

    `on` takes any event at any time without an error; a state of another tool counts as the start state.
    """

    def start(self, context: ToolContext) -> ToolResult:
        """The state, overlay and cursor before any event."""
        ...

    def on(self, state: ToolState, event: PointerEvent | KeyEvent, context: ToolContext) -> ToolResult:
        """One event."""
        ...
