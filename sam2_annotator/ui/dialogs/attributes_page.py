"""Attributes of a label, or of all: what is asked of its objects. Part of the label set editor."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from sam2_annotator.doc.commands import AddAttribute, ChangeAttribute, DeleteAttribute, MoveAttribute
from sam2_annotator.doc.commands.attributes import spec_of
from sam2_annotator.doc.rows import AttributeRow
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.labels.value_editors import Editor, editor_for
from sam2_annotator.ui.theme.fields import ChoiceField
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import TextField, describe, icon_button, row_layout, text_label
from sam2_annotator.values.attributes import AttributeKind, AttributeSpec, AttributeValue
from sam2_annotator.values.ids import AttributeId, LabelId

_ROW = Qt.ItemDataRole.UserRole


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
        for title, field in (
            (tr("Name"), self._name),
            (tr("Kind"), self._kind),
            (tr("Choices"), self._choices),
            (tr("Default"), self._default),
            ("", self._per_frame),
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


class AttributesPage(QWidget):
    """The attributes of one label and a form for the selected one; `wish` carries commands."""

    wish = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._label: LabelId | None = None
        self._rows: tuple[AttributeRow, ...] = ()
        self._wanted: str | None = None
        self._list = QListWidget()
        describe(self._list, "attributesList", tr("Attributes"), what=tr("Alt+Up and Alt+Down move, Del deletes"))
        self._list.installEventFilter(self)
        self._field = TextField(for_many=True)
        describe(self._field, "attributeField", tr("New attribute"))
        self._field.setPlaceholderText(tr("New attribute: type a name, then Enter"))
        self._form = AttributeForm(theme)
        self._hint = text_label("", "muted")
        self._hint.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._field)
        layout.addWidget(self._hint)
        layout.addWidget(self._list, 1)
        layout.addWidget(self._form)
        layout.addStretch()
        self._field.committed.connect(self._add)
        self._list.currentRowChanged.connect(self._show_form)
        self._form.changed.connect(self._change)

    def set_rows(self, label: LabelId | None, rows: tuple[AttributeRow, ...]) -> None:
        """Show the attributes of a label, of all labels for None; the selected one stays so."""
        selected = self.selected
        kept = None if selected is None or label != self._label else selected.id
        self._label, self._rows = label, rows
        with QSignalBlocker(self._list):
            self._list.clear()
            for row in rows:
                item = QListWidgetItem(_summary(row))
                item.setData(_ROW, row.id)
                self._list.addItem(item)
        names = [row.name for row in rows]
        place = next((n for n, row in enumerate(rows) if row.id == kept), 0)
        if self._wanted in names:
            place, self._wanted = names.index(self._wanted), None
        self._list.setCurrentRow(place if rows else -1)
        self._show_form(self._list.currentRow())
        self._hint.setVisible(not rows)
        self._list.setVisible(bool(rows))
        self._hint.setText(
            tr("Nothing is asked of objects of every label yet.")
            if label is None
            else tr("Nothing more is asked of objects of this label yet.")
        )

    @property
    def selected(self) -> AttributeRow | None:
        """The selected attribute."""
        item = self._list.currentItem()
        wanted: AttributeId | None = None if item is None else item.data(_ROW)
        return next((row for row in self._rows if row.id == wanted), None)

    def commit(self) -> None:
        """Take over what is being typed."""
        self._form.commit()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Del deletes, Alt with Up and Down moves the selected attribute, F2 renames it."""
        selected = self.selected
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent) or selected is None:
            return False
        place = self._rows.index(selected)
        alt = event.modifiers() == Qt.KeyboardModifier.AltModifier
        match event.key():
            case Qt.Key.Key_Delete:
                self.wish.emit(DeleteAttribute(selected.id))
            case Qt.Key.Key_F2:
                self._form.focus_name()
            case Qt.Key.Key_Up if alt and place > 0:
                self.wish.emit(MoveAttribute(selected.id, place - 1))
            case Qt.Key.Key_Down if alt and place < len(self._rows) - 1:
                self.wish.emit(MoveAttribute(selected.id, place + 1))
            case _:
                return False
        return True

    def _show_form(self, place: int) -> None:
        self._form.setVisible(place >= 0)
        if place >= 0:
            self._form.show_spec(spec_of(self._rows[place]))

    def _add(self, text: str) -> None:
        if text.strip():
            self._wanted = " ".join(text.split())
            self.wish.emit(AddAttribute(self._label, AttributeSpec(text, AttributeKind.FLAG)))

    def _change(self, spec: AttributeSpec) -> None:
        selected = self.selected
        if selected is not None and spec != spec_of(selected):
            self.wish.emit(ChangeAttribute(selected.id, spec))
            self._show_form(self._list.currentRow())


def kind_titles() -> dict[AttributeKind, str]:
    """Kinds in people's words."""
    return {
        AttributeKind.FLAG: tr("yes or no"),
        AttributeKind.CHOICE: tr("one of"),
        AttributeKind.NUMBER: tr("number"),
        AttributeKind.TEXT: tr("text"),
    }


def _summary(row: AttributeRow) -> str:
    kind = kind_titles()[row.kind]
    said = f"{kind} {', '.join(row.choices)}".strip() if row.kind is AttributeKind.CHOICE else kind
    return tr("{name}: {kind}, changing", name=row.name, kind=said) if row.per_frame else f"{row.name}: {said}"
