"""What a person wants to be done to objects that are there: shaped, combined, ordered, copied; see `values.intents`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.shaping import Shaping
from sam2_annotator.values.suggesting import SuggestionWish


class ObjectAction(Enum):
    """Wishes about the selected objects that need no further words; the first selected one is the one that changes."""

    MERGE = "merge"
    SPLIT = "split"
    UNITE = "unite"
    SUBTRACT = "subtract"
    INTERSECT = "intersect"
    CLEAN_UP = "clean_up"
    FILL_HOLES = "fill_holes"
    REMOVE_SPECKS = "remove_specks"
    KEEP_LARGEST = "keep_largest"
    GROW = "grow"
    SHRINK = "shrink"
    SMOOTH = "smooth"
    FORWARD = "forward"
    BACK = "back"
    TO_FRONT = "to_front"
    TO_BACK = "to_back"
    NOTE = "note"
    COLOUR = "colour"
    COLOUR_BY_NUMBER = "colour_by_number"
    SOLO = "solo"
    NO_OVERLAP = "no_overlap"


@dataclass(frozen=True, slots=True)
class ShowOnly:
    """Hide all objects but these; when they are the only ones to be seen, show all again."""

    objects: tuple[ObjectId, ...]


@dataclass(frozen=True, slots=True)
class PlaceOver:
    """These objects go right over another one in the stack, or under all for None."""

    objects: tuple[ObjectId, ...]
    over: ObjectId | None


@dataclass(frozen=True, slots=True)
class Annotate:
    """The note of the selected objects."""

    note: str


@dataclass(frozen=True, slots=True)
class ChangeShape:
    """The masks of the selected objects on the shown frame are changed like this."""

    shaping: Shaping


@dataclass(frozen=True, slots=True)
class CentreObject:
    """Select an object and bring it into view."""

    object_id: ObjectId


@dataclass(frozen=True, slots=True)
class ObjectMenu:
    """Open the menu of the selected objects at an image point, at the first of them for None."""

    at: tuple[float, float] | None = None


# ----------------------------------------------------------------------------------- copying and pasting


class ClipboardAction(Enum):
    """Wishes about masks that are copied."""

    CUT = "cut"
    COPY = "copy"
    PASTE = "paste"
    DUPLICATE = "duplicate"
    PASTE_TO_RANGE = "paste_to_range"
    COPY_TO_NEXT = "copy_to_next"


@dataclass(frozen=True, slots=True)
class PasteToFrames:
    """What was copied comes to the shown frame and those after it, `count` in all."""

    count: int


ObjectIntent = (
    ObjectAction
    | ShowOnly
    | PlaceOver
    | Annotate
    | ChangeShape
    | CentreObject
    | ObjectMenu
    | ClipboardAction
    | PasteToFrames
    | SuggestionWish
)
