"""The definition of one attribute: name, kind, choices, default. Part of the label set editor."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.labels.value_editors import Editor, editor_for
from sam2_annotator.ui.theme.fields import ChoiceField
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import TextField, describe, icon_button, row_layout
from sam2_annotator.values.attributes import AttributeKind, AttributeSpec, AttributeValue


class WordsEdit(QPlainTextEdit):
    """The words of a choice, one a line; `left` is sent when the typing ends."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        describe(self, "attributeChoices", tr("Choices, one a line"))
        self.setTabChangesFocus(True)
        self.setFixedHeight(5 * self.fontMetrics().lineSpacing() + 12)

    def words(self) -> tuple[str, ...]:
        """The lines that say something."""
        return tuple(line.strip() for line in self.toPlainText().splitlines() if line.strip())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the typing ended."""
        super().focusOutEvent(event)
        self.left.emit()


class AttributeForm(QWidget):
    """Name, kind, choices, default of one attribute; `changed(AttributeSpec)` for each change a person makes."""

    changed = Signal(object)
    delete_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._spec = AttributeSpec("")
        self._name = TextField()
        describe(self._name, "attributeName", tr("Name"))
        self._kind = ChoiceField()
        describe(self._kind, "attributeKind", tr("Kind"))
        for kind, title in kind_titles().items():
            self._kind.addItem(title, kind)
        self._choices = WordsEdit()
        self._per_frame = QCheckBox(tr("Can change from frame to frame"))
        describe(self._per_frame, "attributePerFrame", tr("Can change from frame to frame"))
        self._default = row_layout()
        self._default_editor: Editor | None = None
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(8)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        delete = icon_button(theme, "trash", "attributeDelete", tr("Delete attribute"), what=tr("with all its values"))
        delete.clicked.connect(self.delete_requested)
        last = row_layout()
        last.addWidget(self._per_frame, 1)
        last.addWidget(delete)
        for title, field in (
            (tr("Name"), self._name),
            (tr("Kind"), self._kind),
            (tr("Choices"), self._choices),
            (tr("Default"), self._default),
            ("", last),
        ):
            self._form.addRow(title, field)
        self._name.committed.connect(self._rename)
        self._name.editingFinished.connect(lambda: self._rename(self._name.text()))
        self._kind.activated.connect(lambda: self._tell(kind=AttributeKind(self._kind.currentData())))
        self._choices.left.connect(self.commit)
        self._per_frame.clicked.connect(lambda on: self._tell(per_frame=on))

    def show_spec(self, spec: AttributeSpec) -> None:
        """Show a definition."""
        rebuild = (spec.kind, spec.choices, spec.default) != (self._spec.kind, self._spec.choices, self._spec.default)
        self._spec = spec
        self._name.setText(spec.name)
        self._kind.setCurrentIndex(self._kind.findData(spec.kind))
        with QSignalBlocker(self._choices):
            if self._choices.words() != spec.choices:
                self._choices.setPlainText("\n".join(spec.choices))
        self._form.setRowVisible(self._choices, spec.kind is AttributeKind.CHOICE)
        self._per_frame.setChecked(spec.per_frame)
        if rebuild or self._default_editor is None:
            self._show_default(spec)

    def commit(self) -> None:
        """Take over choices that are being typed."""
        if self._spec.kind is AttributeKind.CHOICE and self._choices.words() != self._spec.choices:
            self._tell(choices=self._choices.words())

    def focus_name(self) -> None:
        """Put the caret into the name."""
        self._name.setFocus()
        self._name.selectAll()

    def _show_default(self, spec: AttributeSpec) -> None:
        while (item := self._default.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        editor = editor_for(spec, lambda value: self._tell_default(value))
        describe(editor, "attributeDefault", tr("Default"))
        editor.show_value(spec.default, mixed=False)
        if isinstance(editor, QLineEdit):
            editor.setPlaceholderText(tr("none"))
        self._default.addWidget(editor, 1)
        if spec.default is not None:
            reset = icon_button(
                self._theme, "close", "attributeNoDefault", tr("No default"), what=tr("nothing is said")
            )
            reset.clicked.connect(lambda: self._tell_default(None))
            self._default.addWidget(reset)
        self._default_editor = editor

    def _rename(self, text: str) -> None:
        if text.strip() and text.strip() != self._spec.name:
            self.changed.emit(replace(self._spec, name=text.strip()))
        else:
            self._name.setText(self._spec.name)

    def _tell_default(self, value: AttributeValue | None) -> None:
        self.changed.emit(replace(self._spec, default=value))

    def _tell(
        self,
        *,
        kind: AttributeKind | None = None,
        choices: tuple[str, ...] | None = None,
        per_frame: bool | None = None,
    ) -> None:
        spec = self._spec
        self.changed.emit(
            replace(
                spec,
                kind=kind or spec.kind,
                choices=spec.choices if choices is None else choices,
                per_frame=spec.per_frame if per_frame is None else per_frame,
            )
        )


def kind_titles() -> dict[AttributeKind, str]:
    """Kinds in people's words."""
    return {
        AttributeKind.FLAG: tr("yes or no"),
        AttributeKind.CHOICE: tr("one of"),
        AttributeKind.NUMBER: tr("number"),
        AttributeKind.TEXT: tr("text"),
    }
