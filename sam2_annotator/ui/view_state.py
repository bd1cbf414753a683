"""What the window looks at: item, frame, selection, tool. Not part of the document and not undone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, Signal, Slot

from sam2_annotator.engine.messages import Candidate
from sam2_annotator.tools.base import NO_KEYS, Key
from sam2_annotator.values.adjustment import Adjustment
from sam2_annotator.values.drawing import DrawingOptions
from sam2_annotator.values.frame import MediaFacts, MediaRef
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import PromptSet
from sam2_annotator.values.states import Direction
from sam2_annotator.values.suggesting import Suggestion, SuggestOptions


class View(Enum):
    """Parts of the view state, named by a ViewChange."""

    ITEM = "item"
    FRAME = "frame"
    SELECTION = "selection"
    TOOL = "tool"
    MASKS = "masks"
    ADJUSTMENT = "adjustment"
    PLAYING = "playing"
    OFFER = "offer"
    PREVIEW = "preview"
    RUN = "run"
    WAITING = "waiting"
    DRAWING = "drawing"
    GESTURE = "gesture"
    SUGGESTIONS = "suggestions"


@dataclass(frozen=True, slots=True)
class ViewChange:
    """Which parts changed; a new item names the frame and the selection as well."""

    parts: frozenset[View]

    def concerns(self, *parts: View) -> bool:
        """True when one of these parts changed."""
        return not self.parts.isdisjoint(parts)


@dataclass(frozen=True, slots=True)
class ShownItem:
    """The item in the window: its media and what its header told."""

    media: MediaRef
    facts: MediaFacts


@dataclass(frozen=True, slots=True)
class Offer:
    """Masks to choose from for one prompt set, smallest first. It holds as long as the document has that set."""

    item: ItemId
    frame: FrameIndex
    object_id: ObjectId
    prompts: PromptSet
    candidates: tuple[Candidate, ...]
    chosen: int


@dataclass(frozen=True, slots=True)
class ShownPreview:
    """A mask that is in no document: of a click not made yet (`ghost`), or of the object whose point is dragged."""

    mask: Mask
    ghost: bool


@dataclass(frozen=True, slots=True)
class RunProgress:
    """A run of the tracker: `done` of `total` frames at `rate` frames per second; `seconds_left` None while unknown."""

    item: ItemId
    direction: Direction
    done: int
    total: int
    rate: float = 0.0
    seconds_left: float | None = None
    stopping: bool = False


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Masks nobody asked for on a frame: `shown` of the `found` ones, the best first. While they are looked for,
    `done` of `total` points; `seconds_left` None while it cannot be told."""

    item: ItemId
    frame: FrameIndex
    shown: tuple[Suggestion, ...] = ()
    found: int = 0
    searching: bool = False
    done: int = 0
    total: int = 0
    seconds_left: float | None = None


class ViewState(QObject):
    """The one place that knows what is looked at; `changed` is sent only when something did change."""

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._item: ShownItem | None = None
        self._frame = FrameIndex(0)
        self._selection: tuple[ObjectId, ...] = ()
        self._tool = "prompt"
        self._masks_visible = True
        self._only_selected = False
        self._adjustment = Adjustment()
        self._playing = False
        self._offer: Offer | None = None
        self._preview: ShownPreview | None = None
        self._run: RunProgress | None = None
        self._waiting = False
        self._drawing = DrawingOptions()
        self._gesture: frozenset[Key] = NO_KEYS
        self._suggestions: Suggestions | None = None
        self._suggesting = SuggestOptions()

    @property
    def item(self) -> ShownItem | None:
        """The shown item, None when there is none."""
        return self._item

    @property
    def frame(self) -> FrameIndex:
        """The frame that is wanted in the window; 0 in a picture."""
        return self._frame

    @property
    def selection(self) -> tuple[ObjectId, ...]:
        """The selected objects in the order they were chosen."""
        return self._selection

    @property
    def tool(self) -> str:
        """Id of the tool in use."""
        return self._tool

    @property
    def masks_visible(self) -> bool:
        """False while masks are hidden."""
        return self._masks_visible

    @property
    def only_selected(self) -> bool:
        """True while masks of objects that are neither selected nor the draft are hidden."""
        return self._only_selected

    @property
    def adjustment(self) -> Adjustment:
        """How pictures are shown."""
        return self._adjustment

    @property
    def playing(self) -> bool:
        """True while the clip plays."""
        return self._playing

    @property
    def offer(self) -> Offer | None:
        """The candidates of the newest single click."""
        return self._offer

    @property
    def preview(self) -> ShownPreview | None:
        """The mask that only stands for what would come."""
        return self._preview

    @property
    def run(self) -> RunProgress | None:
        """The run in progress."""
        return self._run

    @property
    def waiting(self) -> bool:
        """True while a prompt is not answered."""
        return self._waiting

    @property
    def drawing(self) -> DrawingOptions:
        """How brush, polygons and outlines are drawn."""
        return self._drawing

    @property
    def gesture(self) -> frozenset[Key]:
        """Keys that the tool in use takes for the work it has begun, such as Undo in an open polygon."""
        return self._gesture

    @property
    def suggestions(self) -> Suggestions | None:
        """The suggestions of the shown frame, None where they were not looked for."""
        return self._suggestions

    @property
    def suggesting(self) -> SuggestOptions:
        """How suggestions are looked for and shown."""
        return self._suggesting

    def show_item(self, item: ShownItem | None, frame: int = 0) -> None:
        """Look at another item; nothing is selected there."""
        self._item = item
        self._frame = _within(frame, item)
        self._selection = ()
        self._tell(View.ITEM, View.FRAME, View.SELECTION)

    def show_frame(self, frame: int) -> None:
        """Look at another frame; out-of-range numbers stop at the ends."""
        wanted = _within(frame, self._item)
        if wanted != self._frame:
            self._frame = wanted
            self._tell(View.FRAME)

    def select(self, *objects: ObjectId) -> None:
        """Make these the selection; none clears it."""
        if objects != self._selection:
            self._selection = objects
            self._tell(View.SELECTION)

    def use_tool(self, tool: str) -> None:
        """Take up a tool."""
        if tool != self._tool:
            self._tool = tool
            self._tell(View.TOOL)

    def show_masks(self, visible: bool) -> None:
        """Show or hide all masks."""
        if visible != self._masks_visible:
            self._masks_visible = visible
            self._tell(View.MASKS)

    def show_only_selected(self, only: bool) -> None:
        """Hide the masks of all other objects, or show them again."""
        if only != self._only_selected:
            self._only_selected = only
            self._tell(View.MASKS)

    def adjust(self, adjustment: Adjustment) -> None:
        """Show pictures so."""
        if adjustment != self._adjustment:
            self._adjustment = adjustment
            self._tell(View.ADJUSTMENT)

    def set_playing(self, playing: bool) -> None:
        """Note whether the clip plays."""
        if playing != self._playing:
            self._playing = playing
            self._tell(View.PLAYING)

    def set_offer(self, offer: Offer | None) -> None:
        """Offer candidates, or none."""
        if offer != self._offer:
            self._offer = offer
            self._tell(View.OFFER)

    def set_preview(self, preview: ShownPreview | None) -> None:
        """Show a mask that would come, or none."""
        if preview != self._preview:
            self._preview = preview
            self._tell(View.PREVIEW)

    def set_run(self, run: RunProgress | None) -> None:
        """Note how far a run is."""
        if run != self._run:
            self._run = run
            self._tell(View.RUN)

    def set_waiting(self, waiting: bool) -> None:
        """Note whether a prompt waits for its mask."""
        if waiting != self._waiting:
            self._waiting = waiting
            self._tell(View.WAITING)

    def set_drawing(self, options: DrawingOptions) -> None:
        """Draw like this from now on."""
        if options != self._drawing:
            self._drawing = options
            self._tell(View.DRAWING)

    @Slot(object)
    def set_gesture(self, keys: frozenset[Key]) -> None:
        """Note which keys the tool takes."""
        if keys != self._gesture:
            self._gesture = keys
            self._tell(View.GESTURE)

    def set_suggestions(self, suggestions: Suggestions | None) -> None:
        """Show suggestions, or none."""
        if suggestions != self._suggestions:
            self._suggestions = suggestions
            self._tell(View.SUGGESTIONS)

    def set_suggesting(self, options: SuggestOptions) -> None:
        """Look for suggestions and show them so."""
        if options != self._suggesting:
            self._suggesting = options
            self._tell(View.SUGGESTIONS)

    def _tell(self, *parts: View) -> None:
        self.changed.emit(ViewChange(frozenset(parts)))


def _within(frame: int, item: ShownItem | None) -> FrameIndex:
    last = 0 if item is None else max(0, item.facts.frames - 1)
    return FrameIndex(min(max(frame, 0), last))
