"""Widgets that show and take the value of an attribute, one for each kind."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.fields import ChoiceField
from sam2_annotator.ui.theme.widgets import TextField
from sam2_annotator.values.attributes import AttributeKind, AttributeSpec, AttributeValue, number_in, value_text

Take = Callable[[AttributeValue], None]


class FlagBox(QCheckBox):
    """Yes or no, a dash for mixed; a click says yes first."""

    taken = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setTristate(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(lambda: self.taken.emit(self.checkState() is Qt.CheckState.Checked))

    def nextCheckState(self) -> None:
        """People choose between two states only."""
        checked = self.checkState() is Qt.CheckState.Checked
        self.setCheckState(Qt.CheckState.Unchecked if checked else Qt.CheckState.Checked)

    def hitButton(self, pos: QPoint) -> bool:
        """Anywhere in the row."""
        return self.rect().contains(pos)

    def show_value(self, value: AttributeValue | None, *, mixed: bool) -> None:
        """Show a value."""
        if mixed:
            self.setCheckState(Qt.CheckState.PartiallyChecked)
            self.setText(tr("mixed"))
            return
        self.setCheckState(Qt.CheckState.Checked if value else Qt.CheckState.Unchecked)
        self.setText(tr("not said") if value is None else tr("yes") if value else tr("no"))


class ChoiceBox(ChoiceField):
    """One of the words."""

    taken = Signal(str)

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.addItems(list(words))
        self.textActivated.connect(self.taken)

    def show_value(self, value: AttributeValue | None, *, mixed: bool) -> None:
        """Show a value."""
        self.setCurrentIndex(-1 if value is None else self.findText(str(value)))
        self.setPlaceholderText(tr("mixed") if mixed else tr("not said"))


class WordsField(TextField):
    """A text, or a number; what is no number is put back. Leaving the field keeps what was typed."""

    taken = Signal(object)

    def __init__(self, *, number: bool) -> None:
        super().__init__()
        self._number = number
        self._shown = ""
        self.committed.connect(self._say)
        self.editingFinished.connect(lambda: self._say(self.text()))

    def show_value(self, value: AttributeValue | None, *, mixed: bool) -> None:
        """Show a value; typing in progress is left alone."""
        shown = "" if value is None else value_text(value)
        if shown != self._shown or not self.hasFocus():
            self._shown = shown
            self.setText(shown)
        self.setPlaceholderText(tr("mixed") if mixed else tr("not said"))

    def _say(self, text: str) -> None:
        if text.strip() == self._shown:
            return
        value = number_in(text) if self._number else text.strip()
        if value is None:
            self.setText(self._shown)
            return
        self._shown = value_text(value)
        self.setText(self._shown)
        self.taken.emit(value)


def spoken(value: AttributeValue) -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    return value_text(value)


Editor = FlagBox | ChoiceBox | WordsField


def editor_for(spec: AttributeSpec, take: Take) -> Editor:
    """The widget for an attribute; `take` gets each value a person gives."""
    editor: Editor
    match spec.kind:
        case AttributeKind.FLAG:
            editor = FlagBox()
        case AttributeKind.CHOICE:
            editor = ChoiceBox(spec.choices)
        case AttributeKind.NUMBER | AttributeKind.TEXT as kind:
            editor = WordsField(number=kind is AttributeKind.NUMBER)
    editor.taken.connect(take)
    return editor


def releases(editor: QWidget, release: Callable[[], None]) -> None:
    """Let a text field give the keyboard back; boxes never took it."""
    if isinstance(editor, TextField):
        editor.released.connect(release)
