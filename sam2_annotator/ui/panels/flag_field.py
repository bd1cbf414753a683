"""The field that takes the reason of a flag in place (REV-3)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.widgets import TextField, describe
from sam2_annotator.values.intents import SetFlag

_AIR = 32  # of the field around its words
_MARGIN = 12


class FlagField(TextField):
    """Lies over the bottom left of its parent; Enter emits SetFlag, with or without a reason, Esc or a click elsewhere
    flags nothing."""

    intent = Signal(object)
    focus_released = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        describe(self, "flag_field", tr("Reason of the flag"))
        self.setPlaceholderText(tr("What is wrong? Enter flags, Esc does not"))
        self._host = parent
        self.committed.connect(self._commit)
        self.released.connect(self._end)
        self.editingFinished.connect(self._end)
        self.hide()

    def ask(self) -> None:
        """Ask for a reason."""
        self.clear()
        words = self.fontMetrics().horizontalAdvance(self.placeholderText()) + _AIR
        self.setFixedWidth(min(words, self._host.width() - 2 * _MARGIN))
        self.adjustSize()
        self.move(_MARGIN, self._host.height() - self.height() - _MARGIN)
        self.show()
        self.raise_()
        self.setFocus()

    def _commit(self, text: str) -> None:
        self.intent.emit(SetFlag(text))

    def _end(self) -> None:
        if self.isVisible():
            self.hide()
            self.focus_released.emit()
