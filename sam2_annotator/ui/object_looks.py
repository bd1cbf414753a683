"""Which colour an object has in the window (VIS-2): its own, else as the setting `colour_by` says."""

from __future__ import annotations

from sam2_annotator.doc.object_lists import ObjectSummary
from sam2_annotator.doc.project import Project
from sam2_annotator.doc.rows import ObjectRow
from sam2_annotator.values.palette import COLOURS, RGB, colour, ring
from sam2_annotator.values.states import MaskState

_GREY: RGB = (0xA6, 0xA6, 0xA6)
_STATE_COLOURS: dict[MaskState, RGB] = {
    MaskState.KEY: COLOURS[1],
    MaskState.PROPAGATED: COLOURS[0],
    MaskState.CONFIRMED: COLOURS[2],
    MaskState.ABSENT: _GREY,
    MaskState.EMPTY: COLOURS[5],
}


class Looks:
    """Colours of a project's objects, `by` "object", "label" or "state"; reads the labels once."""

    def __init__(self, project: Project, by: str) -> None:
        self._by = by
        self._labels = {row.id: row.colour for row in project.labels()} if by == "label" else {}

    @property
    def sources(self) -> object:
        """Equal where an object as it was has the colour it had."""
        return self._by, self._labels

    def colour(self, row: ObjectRow | ObjectSummary, state: MaskState | None) -> RGB | None:
        """The colour of an object whose mask is in a state (None: it has none); None for that of its number."""
        if row.colour is not None:
            return row.colour
        if self._by == "state":
            return _GREY if state is None else _STATE_COLOURS[state]
        if self._by == "label":
            return _GREY if row.label is None else self._labels[row.label]
        return None

    def mark(self, row: ObjectRow | ObjectSummary, state: MaskState | None) -> tuple[RGB, int]:
        """Colour and ring of an object's mark in lists; a ring only tells numbers of one colour apart."""
        chosen = self.colour(row, state)
        return (colour(row.number), ring(row.number)) if chosen is None else (chosen, 0)


def colour_of(row: ObjectRow) -> RGB:
    """An object's own colour, else that of its number, however things are coloured just now."""
    return colour(row.number) if row.colour is None else row.colour
