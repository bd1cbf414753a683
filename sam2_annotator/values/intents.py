"""What a person wants, as said by tools, panels and actions; `ui/router.py` gives each to one controller.

An intent names the wish, not the way: it carries no rows, no widgets and no pixels. Coordinates are image
coordinates as in `values.prompt`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from sam2_annotator.values.drawing_intents import DrawingIntent
from sam2_annotator.values.ids import ItemId, ObjectId
from sam2_annotator.values.object_intents import ObjectIntent
from sam2_annotator.values.shaping import CleanUp
from sam2_annotator.values.states import Direction

# ------------------------------------------------------------------------------------------ prompting


@dataclass(frozen=True, slots=True)
class AddPoint:
    """A click. `run` is False while Shift collects points; `accept` is True for Ctrl + click."""

    x: float
    y: float
    positive: bool = True
    run: bool = True
    accept: bool = False


@dataclass(frozen=True, slots=True)
class MovePoint:
    """Point `index` of the shown prompts goes to a new place."""

    index: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class DragPoint:
    """Point `index` of the shown prompts is being dragged and is here now; MovePoint follows when it is let go."""

    index: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class RemovePoint:
    """Point `index` of the shown prompts goes."""

    index: int


@dataclass(frozen=True, slots=True)
class FlipPoint:
    """Point `index` of the shown prompts changes its sign."""

    index: int


@dataclass(frozen=True, slots=True)
class SetBox:
    """A box was drawn or resized; corners in any order."""

    x0: float
    y0: float
    x1: float
    y1: float


class PromptAction(Enum):
    """Wishes about the draft or the selected object that need no further words."""

    RUN = "run"
    REMOVE_LAST = "remove_last"
    NEXT_CANDIDATE = "next_candidate"
    PREVIOUS_CANDIDATE = "previous_candidate"
    ACCEPT = "accept"
    ACCEPT_AND_NEXT_ITEM = "accept_and_next_item"
    NEW_OBJECT = "new_object"
    DISCARD = "discard"
    REFINE = "refine"
    RUN_AGAIN = "run_again"
    TOGGLE_PREVIEW = "toggle_preview"


@dataclass(frozen=True, slots=True)
class SetCleanUp:
    """This is done to the masks of clicks from now on, and to the one on show."""

    clean: CleanUp


@dataclass(frozen=True, slots=True)
class ChooseCandidate:
    """Candidate `index` (0 small .. 2 large, as shown) becomes the mask."""

    index: int


# -------------------------------------------------------------------------------------------- objects


@dataclass(frozen=True, slots=True)
class SelectObjects:
    """These objects become the selection; none clears it."""

    objects: tuple[ObjectId, ...] = ()


@dataclass(frozen=True, slots=True)
class SelectRank:
    """The object in this place of the list (1 is the first)."""

    rank: int


@dataclass(frozen=True, slots=True)
class SelectNeighbour:
    """The next (+1) or previous (-1) object of the list."""

    step: int


@dataclass(frozen=True, slots=True)
class SetLabel:
    """The label of these objects by name, None for unlabelled.

    Without objects: of the draft, else of the selection, else the label new objects get.
    """

    name: str | None
    objects: tuple[ObjectId, ...] = ()


@dataclass(frozen=True, slots=True)
class SetLabelNumber:
    """Digit 1-9: the label with this shortcut; 0: unlabelled."""

    number: int


@dataclass(frozen=True, slots=True)
class SetVisible:
    """Show or hide these objects."""

    objects: tuple[ObjectId, ...]
    visible: bool


@dataclass(frozen=True, slots=True)
class SetLocked:
    """Lock or unlock these objects."""

    objects: tuple[ObjectId, ...]
    locked: bool


class DeleteScope(Enum):
    """HERE: absent on this frame (in a picture: the object). FROM_HERE: until its next key frame. WHOLE: the object."""

    HERE = "here"
    FROM_HERE = "from_here"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Delete:
    """The selected objects (or the named ones) go, as far as `scope` says."""

    scope: DeleteScope
    objects: tuple[ObjectId, ...] = ()


# ----------------------------------------------------------------------------------------- navigation


@dataclass(frozen=True, slots=True)
class GoToFrame:
    """Show this frame; out-of-range numbers stop at the ends."""

    frame: int


@dataclass(frozen=True, slots=True)
class StepFrame:
    """Frames on (+) or back (-), in a folder of pictures items; `long` multiplies by the long step of the settings."""

    step: int
    long: bool = False


@dataclass(frozen=True, slots=True)
class StepKey:
    """The next (+1) or previous (-1) key frame."""

    step: int


@dataclass(frozen=True, slots=True)
class GoToItem:
    """Show this item."""

    item: ItemId


@dataclass(frozen=True, slots=True)
class StepItem:
    """Items on (+) or back (-)."""

    step: int


@dataclass(frozen=True, slots=True)
class Play:
    """Play at `speed` times the clip's rate, negative backwards, 0 pauses."""

    speed: float


class PlayToggle(Enum):
    """Space: play or pause."""

    TOGGLE = "toggle"


# --------------------------------------------------------------------------------------------- review


class ReviewAction(Enum):
    """Wishes about the shown picture or frame, or where to look next."""

    CONFIRM = "confirm"
    TAKE_BACK = "take_back"
    FLAG = "flag"
    NEXT = "next"
    PREVIOUS = "previous"
    NEXT_TO_DO = "next_to_do"


@dataclass(frozen=True, slots=True)
class SetFlag:
    """The shown picture or frame is flagged with this reason, "" for none given."""

    reason: str


# ---------------------------------------------------------------------------------------------- files


class FilesAction(Enum):
    """Wishes about the list of files."""

    ADD_FILES = "add_files"
    ADD_FOLDER = "add_folder"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class AddPaths:
    """These pictures, clips and folders join the open project."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class RemoveItems:
    """These items leave the project; their files stay."""

    items: tuple[ItemId, ...]


@dataclass(frozen=True, slots=True)
class RevealItem:
    """Show the file of an item in the file manager."""

    item: ItemId


@dataclass(frozen=True, slots=True)
class ShowFolder:
    """Show a folder in the file manager."""

    folder: Path


@dataclass(frozen=True, slots=True)
class CopyPaths:
    """The paths of these items go to the clipboard, one a line."""

    items: tuple[ItemId, ...]


# ------------------------------------------------------------------------------------------- tracking


@dataclass(frozen=True, slots=True)
class Propagate:
    """Track the selected objects (all unlocked ones without a selection) from the shown frame."""

    direction: Direction


class Stop(Enum):
    """End the running propagation; finished frames stay."""

    STOP = "stop"


# ------------------------------------------------------------------------------------------- document


@dataclass(frozen=True, slots=True)
class OpenPaths:
    """Open pictures, folders, videos or a project; what a drop, a dialog or the command line named."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class GoToStep:
    """Undo or redo until this step of the history is the newest that is done; 0 undoes all."""

    number: int


class DocumentAction(Enum):
    """Wishes about the document as a whole."""

    OPEN_FILE = "open_file"
    OPEN_FOLDER = "open_folder"
    OPEN_SAMPLE = "open_sample"
    SAVE = "save"
    SAVE_AS = "save_as"
    TRY_AGAIN = "try_again"
    PACK = "pack"
    RESTORE_POINTS = "restore_points"
    HISTORY = "history"
    FIND_MISSING = "find_missing"
    UNDO = "undo"
    REDO = "redo"
    EXPORT = "export"
    EXPORT_AGAIN = "export_again"


@dataclass(frozen=True, slots=True)
class ChangeModel:
    """Work with this model (a name of the model table, a hub id or a checkpoint file) on this device."""

    model: str
    device: str = "auto"


Intent = (
    AddPoint
    | MovePoint
    | DragPoint
    | RemovePoint
    | FlipPoint
    | SetBox
    | PromptAction
    | ChooseCandidate
    | SetCleanUp
    | DrawingIntent
    | SelectObjects
    | SelectRank
    | SelectNeighbour
    | SetLabel
    | SetLabelNumber
    | SetVisible
    | SetLocked
    | Delete
    | ObjectIntent
    | GoToFrame
    | StepFrame
    | StepKey
    | GoToItem
    | StepItem
    | Play
    | PlayToggle
    | Propagate
    | Stop
    | ReviewAction
    | SetFlag
    | FilesAction
    | AddPaths
    | RemoveItems
    | RevealItem
    | ShowFolder
    | CopyPaths
    | OpenPaths
    | GoToStep
    | DocumentAction
    | ChangeModel
)
