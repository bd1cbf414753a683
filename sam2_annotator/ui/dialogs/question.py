"""Small questions before something that is worth a second thought; each can be undone all the same."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QComboBox, QDialogButtonBox, QWidget

from sam2_annotator.ui.dialogs.base import PlainDialog
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.widgets import describe, text_label


def question(window: QWidget, title: str, text: str, *, yes: str, choices: Sequence[str] = ()) -> QuestionDialog:
    """A question over the window, or over the dialog that is open there; the caller connects and opens it."""
    parent = QApplication.activeModalWidget() or window
    return QuestionDialog(title, text, yes=yes, choices=choices, parent=parent)


class QuestionDialog(PlainDialog):
    """One sentence, what follows from a yes, and the button that says yes; `answered` is sent by it.

    With `choices` it asks for one of them, and `answered` carries its number; otherwise 0.
    """

    answered = Signal(int)

    def __init__(
        self, title: str, text: str, *, yes: str, choices: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__("questionDialog", title, parent)
        sentence = text_label(text)
        sentence.setObjectName("questionText")
        sentence.setWordWrap(True)
        sentence.setMinimumWidth(320)
        self.body.addWidget(sentence)
        self._choices = self._make_choices(title, choices) if choices else None
        self.add_button("questionNo", tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        button = self.add_button("questionYes", yes, QDialogButtonBox.ButtonRole.AcceptRole)
        button.clicked.connect(self._answer)
        (self._choices or button).setFocus()

    def _make_choices(self, title: str, choices: Sequence[str]) -> QComboBox:
        box = QComboBox()
        describe(box, "questionChoices", title)
        box.addItems(list(choices))
        self.body.addWidget(box)
        return box

    def _answer(self) -> None:
        self.accept()
        self.answered.emit(0 if self._choices is None else self._choices.currentIndex())
