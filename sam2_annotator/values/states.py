"""States and directions everyone speaks of."""

from enum import Enum


class MaskState(Enum):
    """State of an object on a frame: who says what is there.

    KEY: a person prompted or drew it. PROPAGATED: the tracker wrote it. CONFIRMED: a person accepted it.
    ABSENT: a person said it is not here. EMPTY: the model found nothing.
    """

    KEY = "key"
    PROPAGATED = "propagated"
    CONFIRMED = "confirmed"
    ABSENT = "absent"
    EMPTY = "empty"

    @property
    def is_human(self) -> bool:
        """True for states the tracker must never overwrite."""
        return self in (MaskState.KEY, MaskState.CONFIRMED, MaskState.ABSENT)


class MaskOrigin(Enum):
    """How the pixels of a mask came about: PROMPTED by the model from prompts, EDITED by hand, PROPAGATED by the
    tracker, IMPORTED from a file."""

    PROMPTED = "prompted"
    EDITED = "edited"
    PROPAGATED = "propagated"
    IMPORTED = "imported"


class Direction(Enum):
    """Which way a run of the tracker goes."""

    FORWARD = "forward"
    BACKWARD = "backward"
    BOTH = "both"
