"""One row above the canvas: the tool in use and what its gestures do."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from sam2_annotator.ui.theme.style import Theme


@dataclass(frozen=True, slots=True)
class Hint:
    """A gesture or key, and what it does: ("Right click", "take away")."""

    gesture: str
    effect: str


class OptionsStrip(QWidget):
    """Title of the tool, its hints and the current label. A click on the label sends `label_requested`."""

    label_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None: ...

    def set_tool(self, icon: str, title: str, hints: tuple[Hint, ...]) -> None:
        """Show this tool; `icon` is a name of `theme.icons`."""

    def set_label(self, name: str | None, colour: tuple[int, int, int] | None) -> None:
        """The label new objects get; None for unlabelled."""
