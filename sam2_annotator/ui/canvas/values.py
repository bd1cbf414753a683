"""What the canvas is told and what it tells."""

from __future__ import annotations

from dataclasses import dataclass

from sam2_annotator.values import palette
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.palette import RGB
from sam2_annotator.values.states import MaskState


@dataclass(frozen=True, slots=True)
class CanvasMask:
    """One object on the shown frame. `number` gives the colour unless `colour` does, `tag` is its pill's text.

    `opacity` is the set strength of the fill, 0..1; how a state weakens it is the canvas's business.
    """

    object_id: ObjectId
    number: int
    tag: str
    mask: Mask
    state: MaskState = MaskState.KEY
    selected: bool = False
    draft: bool = False
    locked: bool = False
    flagged: bool = False
    opacity: float = 0.35
    colour: RGB | None = None

    @property
    def rgb(self) -> RGB:
        """The colour it is drawn in."""
        return palette.colour(self.number) if self.colour is None else self.colour

    @property
    def ring(self) -> int:
        """The ring that tells objects of one colour apart (VIS-2); none where the colour is no object's own."""
        return palette.ring(self.number) if self.colour is None else 0


@dataclass(frozen=True, slots=True)
class DrawingTarget:
    """What strokes go into: `mask` as it is shown, with no pixel for an object still to be made, None without a frame.

    `may_add` and `may_take` tell whether it may gain and lose pixels, `editable` whether masks may change at all.
    """

    mask: CanvasMask | None = None
    may_add: bool = False
    may_take: bool = False
    editable: bool = False


@dataclass(frozen=True, slots=True)
class PointerInfo:
    """Where the pointer is in the image; `inside` when that is on a pixel; the topmost object there, if any; the
    pixel's (r, g, b); whether a button is down."""

    x: float
    y: float
    inside: bool
    object_id: ObjectId | None = None
    value: tuple[int, int, int] | None = None
    pressed: bool = False
