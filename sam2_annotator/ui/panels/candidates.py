"""The three masks of a single click, to choose from (PRM-2)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from sam2_annotator.ui.theme.style import Theme


@dataclass(frozen=True, slots=True)
class CandidateEntry:
    """One candidate: a small picture of it and the predicted quality (IoU, 0..1)."""

    thumbnail: QImage
    quality: float


class CandidateStrip(QWidget):
    """Thumbnails with quality bars. Emits ChooseCandidate; `previewed` carries the index under the pointer or None."""

    intent = Signal(object)
    previewed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None: ...

    def set_candidates(self, candidates: tuple[CandidateEntry, ...], chosen: int) -> None:
        """Show these, smallest first; none hides the strip."""

    def set_chosen(self, chosen: int) -> None:
        """Mark another one as chosen."""
