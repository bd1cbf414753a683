"""Small forms that lie over the canvas: a note, a number of frames, the steps of a clean-up with a preview."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFormLayout, QFrame, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.fields import NumberField
from sam2_annotator.ui.theme.widgets import ElidedLabel, describe, row_layout, set_role
from sam2_annotator.values.object_intents import Annotate, ChangeShape, PasteToFrames
from sam2_annotator.values.shaping import Shaping

_WIDTH = 330
_FIELD_WIDTH = 110
_MARGIN = 12
_PREVIEW_MS = 60
_MOST_PIXELS = 100_000


class CanvasForm(QFrame):
    """Lies in the top left corner of its parent. Enter or the main button confirms, Esc or Close leaves things be."""

    intent = Signal(object)
    closed = Signal()
    focus_released = Signal()

    def __init__(self, name: str, title: str, confirm: str, parent: QWidget) -> None:
        super().__init__(parent)
        describe(self, name, title)
        set_role(self, "card")
        self.setFixedWidth(_WIDTH)
        self._heading = ElidedLabel("heading")
        self._heading.setText(title)
        self._about = ElidedLabel("muted")
        self._fields = QFormLayout()
        self._fields.setSpacing(6)
        self._confirm_button, self._close_button = QPushButton(confirm), QPushButton(tr("Close"))
        describe(self._confirm_button, f"{name}.confirm", confirm)
        describe(self._close_button, f"{name}.close", tr("Close"))
        set_role(self._confirm_button, "primary")
        self._confirm_button.clicked.connect(self._confirm)
        self._close_button.clicked.connect(self.close_form)
        buttons = row_layout()
        buttons.addStretch()
        buttons.addWidget(self._close_button)
        buttons.addWidget(self._confirm_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 10)
        layout.setSpacing(8)
        layout.addWidget(self._heading)
        layout.addWidget(self._about)
        layout.addLayout(self._fields)
        layout.addLayout(buttons)
        self.hide()

    def wish(self) -> object:
        """What confirming asks for."""
        raise NotImplementedError

    def open_form(self, about: str, first: QWidget) -> None:
        """Show the form; `about` says what it is for, `first` gets the keyboard."""
        self._about.setText(about)
        self._about.setVisible(bool(about))
        self.adjustSize()
        self.move(_MARGIN, _MARGIN)
        self.show()
        self.raise_()
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_form(self) -> None:
        """Hide the form and give the keyboard back."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()
            self.focus_released.emit()

    def event(self, event: QEvent) -> bool:
        """Plain keys are for the form, whatever shortcuts the canvas has."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
            if not held:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter confirms, Esc closes; other keys stay here."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self._close_button.hasFocus():
                self._confirm()
            else:
                self.close_form()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_form()

    def mousePressEvent(self, event: object) -> None:
        """Clicks beside a field are not for the canvas."""

    def _confirm(self) -> None:
        wish = self.wish()
        self.close_form()
        self.intent.emit(wish)


class NoteForm(CanvasForm):
    """The note of the selected objects. Emits Annotate."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("noteForm", tr("Note"), tr("Keep"), parent)
        self._field = QLineEdit()
        describe(self._field, "noteForm.field", tr("Note"))
        self._field.setPlaceholderText(tr("What others should know"))
        self._field.setMaxLength(2000)
        self._fields.addRow(self._field)

    def ask(self, names: str, note: str) -> None:
        """Ask for the note of these objects."""
        self._field.setText(note)
        self.open_form(names, self._field)
        self._field.selectAll()

    def wish(self) -> Annotate:
        """The note as typed."""
        return Annotate(self._field.text())


class RangeForm(CanvasForm):
    """How many frames get what was copied. Emits PasteToFrames."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("rangeForm", tr("Paste to frames"), tr("Paste"), parent)
        self._count = _number("rangeForm.count", tr("Frames"), 1, tr(" frames"))
        self._count.setMinimum(1)
        self._fields.addRow(tr("From here on"), self._count)

    def ask(self, most: int) -> None:
        """Ask for a number of frames, at most so many."""
        self._count.setMaximum(max(1, most))
        self._count.setValue(min(10, most))
        text = tr("Frames that were drawn or confirmed stay as they are.")
        self.open_form(text, self._count)
        self._count.selectAll()

    def wish(self) -> PasteToFrames:
        """The number as typed."""
        return PasteToFrames(self._count.value())


class ShapeForm(CanvasForm):
    """Steps that clean up masks. `changed` carries a Shaping while one tries; emits ChangeShape.

    The numbers stay as they were the last time, so that the next object takes one key more.
    """

    changed = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("shapeForm", tr("Clean up"), tr("Apply"), parent)
        self._holes = _number("shapeForm.holes", tr("Fill holes up to"), 100)
        self._specks = _number("shapeForm.specks", tr("Remove specks up to"), 25)
        self._largest = QCheckBox(tr("Keep the largest part only"))
        describe(self._largest, "shapeForm.largest", tr("Keep the largest part only"))
        self._grow = _number("shapeForm.grow", tr("Grow, or shrink below 0"), 0)
        self._grow.setRange(-100, 100)
        self._smooth = _number("shapeForm.smooth", tr("Smooth by"), 0)
        self._smooth.setMaximum(50)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_PREVIEW_MS)
        self._later.timeout.connect(lambda: self.changed.emit(self.shaping()))
        for title, field in (
            (tr("Fill holes up to"), self._holes),
            (tr("Remove specks up to"), self._specks),
            ("", self._largest),
            (tr("Grow (below 0: shrink)"), self._grow),
            (tr("Smooth by"), self._smooth),
        ):
            self._fields.addRow(title, field) if title else self._fields.addRow(field)
            signal = field.valueChanged if isinstance(field, QSpinBox) else field.toggled
            signal.connect(lambda _: self._later.start())

    def ask(self, names: str) -> None:
        """Ask how these objects are to be cleaned up, and show what the last way would do."""
        self.open_form(names, self._holes)
        self._holes.selectAll()
        self._later.start()

    def close_form(self) -> None:
        """Hide the form; a preview under way is not wanted any more."""
        self._later.stop()
        super().close_form()

    def shaping(self) -> Shaping:
        """The steps as set."""
        return Shaping(
            self._holes.value(),
            self._specks.value(),
            self._largest.isChecked(),
            self._grow.value(),
            self._smooth.value(),
        )

    def wish(self) -> ChangeShape:
        """The steps as set."""
        return ChangeShape(self.shaping())


def _number(name: str, title: str, value: int, suffix: str = "") -> NumberField:
    field = NumberField()
    describe(field, name, title)
    field.setRange(0, _MOST_PIXELS)
    field.setSuffix(suffix or tr(" px"))
    field.setFixedWidth(_FIELD_WIDTH)
    field.setKeyboardTracking(True)  # each digit is worth a preview
    field.setValue(value)
    return field
