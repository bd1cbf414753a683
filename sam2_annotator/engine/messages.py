"""What crosses the engine's thread boundary: frozen, small, free of tensors and of Qt.

Requests carry everything they need (the media, the object's key frames), so the engine's state is a cache
that can always be rebuilt from a request and never drifts from the document.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from sam2_annotator.engine.tickets import Ticket
from sam2_annotator.values.everything import EverythingOptions
from sam2_annotator.values.frame import MediaRef
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.input_size import OWN_SIZE, InputSize, Quality
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import PromptSet
from sam2_annotator.values.shaping import AS_IT_IS, CleanUp
from sam2_annotator.values.states import Direction

# ------------------------------------------------------------------------------------------- requests


@dataclass(frozen=True, slots=True)
class KeyFrame:
    """What a person fixed of one object on one frame, as the document has it.

    `prompts` may be empty when the mask was drawn, imported or confirmed; then `mask` conditions the tracker.
    `candidate` is the index into the engine's three candidates a person (or the default) chose, None for the
    single mask of several prompts.
    """

    frame: FrameIndex
    prompts: PromptSet
    candidate: int | None = None
    mask: Mask | None = None


@dataclass(frozen=True, slots=True)
class ObjectKeys:
    """One object and all its key frames, in frame order."""

    object_id: ObjectId
    keys: tuple[KeyFrame, ...]


@dataclass(frozen=True, slots=True)
class LoadModel:
    """Load a model (name, hub id or file) on a device ("auto", "cpu", "cuda", "cuda:N", "mps"), to compute in a
    precision ("auto", "float32", "bfloat16"), for an input of `size`."""

    ticket: Ticket
    model: str
    device: str = "auto"
    precision: str = "auto"
    size: InputSize = OWN_SIZE


@dataclass(frozen=True, slots=True)
class KeepFeatures:
    """How many bytes of image features stay in memory, and where they are kept on disk (None: nowhere).

    `folder` belongs to one project; all folders beside it together hold at most `folder_bytes`.
    """

    ticket: Ticket
    memory_bytes: int
    folder: Path | None = None
    folder_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Embed:
    """Compute the image embedding of a frame before its first click; `ahead`: of one that is not looked at yet."""

    ticket: Ticket
    media: MediaRef
    frame: FrameIndex
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class PredictMask:
    """Masks for the prompts of `object_id` on `frame`.

    `prompts` is the complete prompt set of the frame. `keys` are the object's other key frames (clips only).
    `previous` is the mask the object has on this frame now: which candidate was chosen, and what is refined when
    the engine has no result of its own any more. `clean` is done to the answer, `avoid` are masks it leaves out.
    """

    ticket: Ticket
    media: MediaRef
    frame: FrameIndex
    object_id: ObjectId
    prompts: PromptSet
    keys: tuple[KeyFrame, ...] = ()
    previous: Mask | None = None
    clean: CleanUp = AS_IT_IS
    avoid: tuple[Mask, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """The mask these prompts would bring to a frame; nothing is remembered, and nothing analysed for it."""

    ticket: Ticket
    media: MediaRef
    frame: FrameIndex
    prompts: PromptSet
    clean: CleanUp = AS_IT_IS
    avoid: tuple[Mask, ...] = ()


@dataclass(frozen=True, slots=True)
class FindEverything:
    """Masks of everything on a frame but what is much like a mask of `known`; nothing is remembered."""

    ticket: Ticket
    media: MediaRef
    frame: FrameIndex
    options: EverythingOptions
    known: tuple[Mask, ...] = ()


@dataclass(frozen=True, slots=True)
class Propagate:
    """Track objects through a clip: frames `start`..`stop`, both inclusive, start <= stop.

    FORWARD runs from `origin` to `stop`, BACKWARD from `origin` to `start`, BOTH first forward, then backward.
    """

    ticket: Ticket
    media: MediaRef
    origin: FrameIndex
    start: FrameIndex
    stop: FrameIndex
    direction: Direction
    objects: tuple[ObjectKeys, ...]


@dataclass(frozen=True, slots=True)
class CloseItem:
    """Forget the states and embeddings of an item."""

    ticket: Ticket
    item: ItemId


Request = LoadModel | KeepFeatures | Embed | PredictMask | Preview | FindEverything | Propagate | CloseItem

# ------------------------------------------------------------------------------------------ responses


@dataclass(frozen=True, slots=True)
class Candidate:
    """One proposed mask and the quality the model predicts for it (IoU, 0..1)."""

    mask: Mask
    iou: float


@dataclass(frozen=True, slots=True)
class ModelReady:
    """A model is loaded. `device` and `precision` are what is really used; `note` says why, in words; `held` as in
    Embedded.
    """

    ticket: Ticket
    model: str
    title: str
    device: str
    precision: str
    image_size: int
    note: str = ""
    held: int = 0
    quality: Quality = Quality.FULL


@dataclass(frozen=True, slots=True)
class Embedded:
    """The embedding of a frame is at hand; `held` are the bytes the engine holds in all, 0 for not counted."""

    ticket: Ticket
    item: ItemId
    frame: FrameIndex
    seconds: float
    held: int = 0


@dataclass(frozen=True, slots=True)
class MaskReady:
    """The answer to PredictMask: one candidate, or three for a single click, smallest first.

    `best` is the index of the highest predicted IoU. `score` is the object score in a clip (above 0: present).
    `seconds` is what decoding took, without the analysis of the frame.
    """

    ticket: Ticket
    item: ItemId
    frame: FrameIndex
    object_id: ObjectId
    candidates: tuple[Candidate, ...]
    best: int
    score: float | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class PreviewReady:
    """The answer to Preview; there is none where the frame is not analysed yet."""

    ticket: Ticket
    mask: Mask


@dataclass(frozen=True, slots=True)
class Found:
    """How far FindEverything is: `done` of `total` points; `seconds_left` None while it cannot be told."""

    ticket: Ticket
    done: int
    total: int
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mask nobody asked for: its IoU prediction and stability score, both 0..1."""

    mask: Mask
    iou: float
    stability: float


@dataclass(frozen=True, slots=True)
class Proposals:
    """The answer to FindEverything: what was found, the best IoU prediction first; maybe nothing."""

    ticket: Ticket
    item: ItemId
    frame: FrameIndex
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, slots=True)
class ObjectMask:
    """One object on one tracked frame; an absent object has an empty mask."""

    object_id: ObjectId
    mask: Mask
    iou: float
    score: float


@dataclass(frozen=True, slots=True)
class FrameMasks:
    """One finished frame of a Propagate run; `done` of `total` frames, `rate` in frames per second."""

    ticket: Ticket
    item: ItemId
    frame: FrameIndex
    objects: tuple[ObjectMask, ...]
    done: int
    total: int
    rate: float
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Warned:
    """What a person should know of a request that goes on: one sentence."""

    ticket: Ticket
    text: str


@dataclass(frozen=True, slots=True)
class Activity:
    """What the engine does now, for the status bar; "" when it is idle. `fraction` is None when unknown."""

    text: str
    fraction: float | None = None


class EndReason(Enum):
    """How a request came to its end."""

    DONE = "done"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """An error without its traceback objects: what a dialog or stderr shows."""

    message: str
    hint: str = ""
    details: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """The last answer to every request."""

    ticket: Ticket
    reason: EndReason
    error: ErrorReport | None = None


Response = ModelReady | Embedded | MaskReady | PreviewReady | Found | Proposals | FrameMasks | Warned | Activity | Ended
