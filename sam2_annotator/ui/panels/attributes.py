"""The Attributes tab: what is said of the selected objects on the shown frame (OBJ-6)."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sam2_annotator.doc.commands import SetAttribute
from sam2_annotator.ui.actions.action import LabelAction
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.labels.entries import AttributeEntry
from sam2_annotator.ui.labels.value_editors import editor_for, releases, spoken
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import ElidedLabel, describe, icon_button, row_layout, set_role, text_label
from sam2_annotator.values.attributes import AttributeSpec, AttributeValue
from sam2_annotator.values.ids import AttributeId, FrameIndex, ObjectId


class AttributeEditor(QWidget):
    """The value of one attribute: its widget, since when it holds, and a button that takes it back.

    `taken` carries the value a person gave, None to take back what was said.
    """

    taken = Signal(object)
    focus_released = Signal()

    def __init__(self, theme: Theme, entry: AttributeEntry) -> None:
        super().__init__()
        spec = entry.spec
        self._spec = spec
        self._editor = editor_for(spec, self.taken.emit)
        describe(self._editor, f"attribute.{spec.name}", spec.name)
        releases(self._editor, self.focus_released.emit)
        self._since = text_label("", "muted")
        self._reset = self._make_reset(theme, spec)
        top = row_layout(spacing=4)
        top.addWidget(self._editor, 1)
        top.addWidget(self._reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        layout.addLayout(top)
        layout.addWidget(self._since)
        self._since.setVisible(spec.per_frame)
        self.show_entry(entry)

    def _make_reset(self, theme: Theme, spec: AttributeSpec) -> QToolButton:
        what = tr("take away the change on this frame") if spec.per_frame else _back_to(spec)
        button = icon_button(
            theme, "close", f"attribute.{spec.name}.reset", tr("Reset {name}", name=spec.name), what=what
        )
        policy = button.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        button.setSizePolicy(policy)
        button.clicked.connect(lambda: self.taken.emit(None))
        return button

    def show_entry(self, entry: AttributeEntry) -> None:
        """Show a value."""
        self._editor.show_value(entry.value, mixed=entry.mixed)
        self._reset.setVisible(entry.said)
        if self._spec.per_frame:
            held = entry.since
            words = tr("can change on each frame") if held is None else tr("from frame {frame} on", frame=f"{held:,}")
            self._since.setText(words)


class AttributesPanel(QWidget):
    """Emits SetAttribute for the shown objects and frame, and asks for the label set editor."""

    intent = Signal(object)
    focus_released = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("attributes")
        self.setAccessibleName(tr("Attributes"))
        set_role(self, "panel")
        self._theme = theme
        self._objects: tuple[ObjectId, ...] = ()
        self._frame = FrameIndex(0)
        self._asked: tuple[tuple[AttributeId, AttributeSpec], ...] = ()
        self._editors: list[AttributeEditor] = []
        self._hint = text_label("", "muted")
        self._hint.setWordWrap(True)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._define = QPushButton(tr("Define attributes…"))
        describe(self._define, "attributesDefine", tr("Define attributes"))
        self._define.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._define.clicked.connect(lambda: self.intent.emit(LabelAction.LABEL_SET))
        self._about = ElidedLabel("muted")
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._pages = QStackedWidget()
        self._lay_out()
        self.set_entries((), (), FrameIndex(0), about="", defined=False)

    def _lay_out(self) -> None:
        empty = QWidget()
        middle = QVBoxLayout(empty)
        middle.setContentsMargins(16, 16, 16, 16)
        middle.addStretch()
        middle.addWidget(self._hint)
        middle.addWidget(self._define, 0, Qt.AlignmentFlag.AlignHCenter)
        middle.addStretch()
        page = QWidget()
        inside = QVBoxLayout(page)
        inside.setContentsMargins(10, 6, 4, 0)
        inside.addWidget(self._about)
        inside.addWidget(self._area, 1)
        self._pages.addWidget(empty)
        self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)

    def set_entries(
        self,
        entries: tuple[AttributeEntry, ...],
        objects: tuple[ObjectId, ...],
        frame: FrameIndex,
        *,
        about: str,
        defined: bool,
    ) -> None:
        """Show the attributes of these objects on a frame; `about` names them.

        `defined` tells whether the project has attributes at all.
        """
        self._objects, self._frame = objects, frame
        self._about.setText(about)
        asked = tuple((entry.attribute, entry.spec) for entry in entries)
        if asked != self._asked:
            self._rebuild(entries)
            self._asked = asked
        for editor, entry in zip(self._editors, entries, strict=True):
            editor.show_entry(entry)
        self._hint.setText(_hint(objects, defined=defined))
        self._define.setVisible(not defined or bool(objects))
        self._pages.setCurrentIndex(1 if entries else 0)

    def _rebuild(self, entries: tuple[AttributeEntry, ...]) -> None:
        content = QWidget()
        set_role(content, "panel")
        form = QFormLayout(content)
        form.setContentsMargins(0, 6, 6, 10)
        form.setHorizontalSpacing(12)
        form.setVerticalSpacing(8)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._editors = [AttributeEditor(self._theme, entry) for entry in entries]
        for entry, editor in zip(entries, self._editors, strict=True):
            name = text_label(entry.spec.name)
            name.setBuddy(editor)
            form.addRow(name, editor)
            editor.taken.connect(partial(self._tell, entry.attribute))
            editor.focus_released.connect(self.focus_released)
        self._area.setWidget(content)

    def _tell(self, attribute: AttributeId, value: AttributeValue | None) -> None:
        self.intent.emit(SetAttribute(self._objects, attribute, self._frame, value))


def _hint(objects: tuple[ObjectId, ...], *, defined: bool) -> str:
    if not defined:
        return tr("Attributes say more about an object than its label: occluded or not, a number, a word.")
    return (
        tr("These objects have no attributes in common.") if objects else tr("Select an object to see its attributes.")
    )


def _back_to(spec: AttributeSpec) -> str:
    if spec.default is None:
        return tr("take back what was said")
    return tr("back to the default, {value}", value=spoken(spec.default))
