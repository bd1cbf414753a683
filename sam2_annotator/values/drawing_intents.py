"""What a person wants who draws by hand; a part of `values.intents`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sam2_annotator.values.drawing import DrawingOptions, Place
from sam2_annotator.values.ids import ObjectId


@dataclass(frozen=True, slots=True)
class Paint:
    """A stroke: the brush's centre went along `path`, one place or more; `add` False takes away. Sizes as in
    `DrawingOptions`."""

    path: tuple[Place, ...]
    size: int
    square: bool
    add: bool


@dataclass(frozen=True, slots=True)
class FillPolygon:
    """The inside of a closed ring of at least three places is added, or cut out."""

    ring: tuple[Place, ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class MoveMask:
    """The mask of an object goes by whole pixels, to the right and down."""

    object_id: ObjectId
    dx: int
    dy: int


@dataclass(frozen=True, slots=True)
class NewRing:
    """A ring of an outline, as it ran along the pixels' edges, and what it became; () took it away."""

    before: tuple[Place, ...]
    after: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class ReshapeOutline:
    """These rings of an object's outline were changed; all others stay as they are, pixel by pixel."""

    object_id: ObjectId
    rings: tuple[NewRing, ...]


class DrawingRefused(Enum):
    """A person tried to draw where it cannot be done and should be told why."""

    ADDING = "adding"
    TAKING = "taking"


@dataclass(frozen=True, slots=True)
class SetDrawing:
    """Draw like this from now on."""

    options: DrawingOptions


@dataclass(frozen=True, slots=True)
class ChangeBrushSize:
    """The brush gets larger (+) or smaller (-) by so many steps."""

    steps: int


Gesture = Paint | FillPolygon | MoveMask | ReshapeOutline | DrawingRefused
DrawingIntent = Gesture | SetDrawing | ChangeBrushSize
