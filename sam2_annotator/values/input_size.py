"""How large the model sees a picture: the quality a person chooses, or a side in pixels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

STEP = 32  # sides are multiples of it
LARGEST = 2048


class Quality(Enum):
    """FULL is the size a model was trained with; the others cost less and draw softer borders."""

    FULL = "full"
    BALANCED = "balanced"
    FAST = "fast"


_SHARES = {Quality.FULL: 1.0, Quality.BALANCED: 0.75, Quality.FAST: 0.5}


@dataclass(frozen=True, slots=True)
class InputSize:
    """`side`, where it is given, is taken as it is: the side of the model's square input in pixels."""

    quality: Quality = Quality.FULL
    side: int | None = None

    def of(self, own: int) -> int:
        """Side of the input of a model whose own side is `own`."""
        if self.side is not None:
            return self.side
        return max(STEP, round(own * _SHARES[self.quality] / STEP) * STEP)


OWN_SIZE = InputSize()


def usable(side: int) -> bool:
    """Whether models take this side."""
    return 0 < side <= LARGEST and side % STEP == 0
