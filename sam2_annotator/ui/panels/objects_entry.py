"""What the objects panel knows of one object, and how entries are filtered and sorted."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from sam2_annotator.ui.i18n import tr
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.states import MaskState

_AREA_TERM = re.compile(r"area([<>])(\d+)")
_STATES = tuple(MaskState)


@dataclass(frozen=True, slots=True)
class ObjectEntry:
    """One row: an object as it is on the shown frame; `state` None and `area` 0 when it has no mask there.

    `label` "" means unlabelled. `colour` is (r, g, b) and `ring` 0..2 as in `values.palette`. `picture` names what the
    small picture shows: equal for equal pixels, "" for none.
    """

    object_id: ObjectId
    number: int
    label: str
    state: MaskState | None
    area: int
    visible: bool
    locked: bool
    draft: bool
    colour: tuple[int, int, int]
    ring: int
    z: int = 0
    note: str = ""
    picture: str = ""


class SortBy(Enum):
    """Orders of the list."""

    NUMBER = "number"
    LABEL = "label"
    AREA = "area"
    STATE = "state"
    STACK = "stack"


def sort_title(sort: SortBy) -> str:
    """What the menu calls an order."""
    return {
        SortBy.NUMBER: tr("Number"),
        SortBy.LABEL: tr("Label"),
        SortBy.AREA: tr("Area, largest first"),
        SortBy.STATE: tr("State"),
        SortBy.STACK: tr("Order in the picture, topmost first"),
    }[sort]


def sorted_by(entries: list[ObjectEntry], sort: SortBy) -> list[ObjectEntry]:
    """Entries in an order; what is equal stays by number, a draft last."""
    match sort:
        case SortBy.LABEL:
            return sorted(entries, key=lambda e: (e.draft, not e.label, e.label.casefold()))
        case SortBy.AREA:
            return sorted(entries, key=lambda e: -e.area)
        case SortBy.STATE:
            return sorted(entries, key=lambda e: len(_STATES) if e.state is None else _STATES.index(e.state))
        case SortBy.STACK:
            return sorted(entries, key=lambda e: (-e.z, -e.number))
    return entries


def object_filter(text: str) -> Callable[[ObjectEntry], bool]:
    """What passes the filter box: words of the label or the number, `label:`, `state:`, `area<100`, `area>100`."""
    tests = [_term(word) for word in text.lower().split()]
    return lambda entry: all(test(entry) for test in tests)


def _term(word: str) -> Callable[[ObjectEntry], bool]:
    area = _AREA_TERM.fullmatch(word)
    if area:
        limit = int(area[2])
        return (lambda e: e.area < limit) if area[1] == "<" else (lambda e: e.area > limit)
    key, colon, value = word.partition(":")
    if colon and key == "label":
        return lambda e: value in e.label.lower()
    if colon and key == "state":
        return lambda e: e.state is not None and e.state.value.startswith(value)
    return lambda e: word in e.label.lower() or word == str(e.number)


def short_area(area: int) -> str:
    """An area in the room of six characters: 9,876, 12.3 k or 1.23 M."""
    if area < 10_000:
        return f"{area:,}"
    return f"{area / 1_000:.3g} k" if area < 999_500 else f"{area / 1_000_000:.3g} M"


def state_words(state: MaskState) -> str:
    """A state in words, for tooltips and screen readers."""
    return {
        MaskState.KEY: tr("Key: prompted or drawn by a person"),
        MaskState.PROPAGATED: tr("Propagated: written by the tracker"),
        MaskState.CONFIRMED: tr("Confirmed by a person"),
        MaskState.ABSENT: tr("Absent: a person said it is not here"),
        MaskState.EMPTY: tr("Empty: the model found nothing"),
    }[state]
