"""The time line of a clip."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.states import MaskState


@dataclass(frozen=True, slots=True)
class LaneEntry:
    """One object's lane; `colour` is (r, g, b)."""

    object_id: ObjectId
    number: int
    label: str
    colour: tuple[int, int, int]


class Timeline(QWidget):
    """Ruler, play head, summary lane and a lane per object. Pressing and dragging emits GoToFrame."""

    intent = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None: ...

    def set_clip(self, frames: int, fps: float | None) -> None:
        """Show a clip of this length; forgets lanes and states."""

    def set_frame(self, frame: int) -> None:
        """Move the play head; emits nothing."""

    def set_lanes(self, lanes: tuple[LaneEntry, ...]) -> None:
        """The objects to show, in this order; states of objects that stay are kept."""

    def set_states(
        self, object_id: ObjectId, states: Mapping[int, MaskState], flagged: Collection[int] = ()
    ) -> None:
        """All states of one object by frame, and its flagged frames."""

    def update_frame(self, frame: int, states: Mapping[ObjectId, MaskState | None]) -> None:
        """New states of some objects on one frame; None for no mask."""
