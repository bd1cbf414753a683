"""Masks nobody asked for, offered to a person: how they are looked for and which of them are shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sam2_annotator.values.mask import Mask

DENSITIES = (12, 20, 32)  # points per side: coarse, medium, fine


@dataclass(frozen=True, slots=True)
class SuggestOptions:
    """A grid of `points_per_side` squared points; suggestions are shown from `min_iou` (IoU prediction) and from
    `min_area` to `max_area` px on, None for no limit."""

    points_per_side: int = DENSITIES[1]
    min_iou: float = 0.0
    min_area: int = 0
    max_area: int | None = None

    def admits(self, iou: float, area: int) -> bool:
        """True for a suggestion that is shown."""
        return iou >= self.min_iou and self.min_area <= area and (self.max_area is None or area <= self.max_area)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One mask; `number` names it as long as its search is not repeated."""

    number: int
    mask: Mask
    iou: float


# ------------------------------------------------------------------------------------- what a person wants


class SuggestAction(Enum):
    """START takes up the tool and looks for objects unless that was done here; STOP ends the search."""

    START = "start"
    SEARCH_AGAIN = "search_again"
    ACCEPT_ALL = "accept_all"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class AcceptSuggestion:
    """It becomes an object."""

    number: int


@dataclass(frozen=True, slots=True)
class DropSuggestion:
    """It goes."""

    number: int


@dataclass(frozen=True, slots=True)
class SetSuggesting:
    """Look and show like this from now on."""

    options: SuggestOptions


SuggestionWish = SuggestAction | AcceptSuggestion | DropSuggestion | SetSuggesting
