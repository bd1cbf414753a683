"""One setting in the dialog: title, explanation, the field for it, and an arrow back to the default."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QPushButton, QVBoxLayout, QWidget

from sam2_annotator import settings
from sam2_annotator.settings import Settings, Value
from sam2_annotator.ui.dialogs.settings_table import Kind, SettingEntry
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.fields import ChoiceField, NumberField, RealField
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import describe, icon_button, row_layout, set_role, text_label

_FIELD_WIDTH = 190


class SettingRow(QWidget):
    """`changed` carries (name, value) for a value a person chose; `model_requested` opens the dialog of models."""

    changed = Signal(str, object)
    model_requested = Signal()

    def __init__(self, theme: Theme, entry: SettingEntry, value: Value) -> None:
        super().__init__()
        self.entry = entry
        self.setObjectName(f"settingRow.{entry.name}")
        set_role(self, "setting")
        self._default: Value = getattr(Settings(), entry.name)
        self._field = self._make_field()
        describe(self._field, f"setting.{entry.name}", entry.title, what=entry.what)
        self._reset = icon_button(
            theme, "undo", f"reset.{entry.name}", tr("Reset {title}", title=entry.title), what=tr("back to the default")
        )
        keep = self._reset.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self._reset.setSizePolicy(keep)
        self._reset.clicked.connect(self._restore)
        texts = QVBoxLayout()
        texts.setSpacing(1)
        self._title = text_label(entry.title, "heading")
        what = text_label(entry.what, "muted")
        what.setWordWrap(True)
        texts.addWidget(self._title)
        texts.addWidget(what)
        layout = row_layout(margins=(12, 7, 6, 7), spacing=10)
        layout.addLayout(texts, 1)
        layout.addWidget(self._field, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(layout)
        self.show_value(value)

    def fits(self, words: list[str]) -> bool:
        """True when all words occur in title, explanation or name."""
        said = f"{self.entry.title} {self.entry.what} {self.entry.name}".casefold()
        return all(word in said for word in words)

    def show_value(self, value: Value) -> None:
        """Show this value, and whether it is the default."""
        field = self._field
        field.blockSignals(True)
        match field:
            case QCheckBox():
                field.setChecked(bool(value))
            case ChoiceField():
                field.setCurrentIndex(max(0, field.findData(value)))
            case NumberField():
                field.setValue(round(float(value) * 100) if self.entry.kind is Kind.PERCENT else int(value))
            case RealField():
                field.setValue(float(value))
            case QPushButton():
                field.setText(str(value))
        field.blockSignals(False)
        differs = value != self._default
        self._reset.setVisible(differs and self.entry.kind is not Kind.MODEL)
        self._title.setText(f"{self.entry.title} •" if differs else self.entry.title)
        self._title.setAccessibleName(tr("{title}, changed", title=self.entry.title) if differs else self.entry.title)

    @Slot()
    def _restore(self) -> None:
        self.changed.emit(self.entry.name, self._default)

    def _tell(self, value: Value) -> None:
        self.changed.emit(self.entry.name, value)

    def _make_field(self) -> QWidget:
        match self.entry.kind:
            case Kind.SWITCH:
                switch = QCheckBox()
                switch.toggled.connect(self._tell)
                return switch
            case Kind.CHOICE:
                return self._make_choice()
            case Kind.WHOLE | Kind.PERCENT:
                return self._make_number()
            case Kind.REAL:
                return self._make_real()
            case Kind.MODEL:
                button = QPushButton()
                button.setFixedWidth(_FIELD_WIDTH)
                button.clicked.connect(self.model_requested)
                return button

    def _make_choice(self) -> ChoiceField:
        field = ChoiceField()
        field.setFixedWidth(_FIELD_WIDTH)
        for value, word in self.entry.words:
            field.addItem(word, value)
        field.currentIndexChanged.connect(lambda index: self._tell(field.itemData(index)))
        return field

    def _make_number(self) -> NumberField:
        field = NumberField()
        low, high = settings.bounds(self.entry.name)
        percent = self.entry.kind is Kind.PERCENT
        field.setRange(0 if percent else int(low), 100 if percent else int(high))
        field.setSingleStep(5 if percent else 1)
        field.setSuffix(" %" if percent else f" {self.entry.unit}" if self.entry.unit else "")
        field.setFixedWidth(_FIELD_WIDTH)
        field.valueChanged.connect(lambda number: self._tell(number / 100 if percent else number))
        return field

    def _make_real(self) -> RealField:
        field = RealField()
        low, high = settings.bounds(self.entry.name)
        field.setRange(low, high)
        field.setSingleStep(0.05 if high <= 2 else 0.5)
        field.setSuffix(f" {self.entry.unit}" if self.entry.unit else "")
        field.setFixedWidth(_FIELD_WIDTH)
        field.valueChanged.connect(self._tell)
        return field
