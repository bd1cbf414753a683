"""Start, watch and stop a run of the tracker (WIN-4)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.states import Direction


@dataclass(frozen=True, slots=True)
class RunState:
    """A run in progress: `done` of `total` frames, `rate` in frames per second, `seconds_left` None while unknown."""

    direction: Direction
    done: int
    total: int
    rate: float
    seconds_left: float | None
    stopping: bool = False


class PropagationBar(QWidget):
    """Back | Both | Forward | Stop. Emits Propagate(direction) and Stop.STOP."""

    intent = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None: ...

    def set_objects(self, chosen: int, total: int) -> None:
        """How many of the objects a run would track; with none the run buttons are off."""

    def set_range(self, start: int | None, stop: int | None) -> None:
        """The in and out frames of a run; None for the ends of the clip."""

    def set_run(self, run: RunState | None) -> None:
        """Show a run in progress, or none."""
