"""What is done to the masks of clicks (PRM-7): a button on the options strip and the fields it opens."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QPushButton, QVBoxLayout, QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.fields import ChoiceField, NumberField
from sam2_annotator.ui.theme.popover import Popover
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import describe, row_layout, set_role, text_label
from sam2_annotator.values.intents import SetCleanUp
from sam2_annotator.values.shaping import Avoid, CleanUp

_MAX_PIXELS = 100_000
_MAX_GROWTH = 100


class CleanUpButton(QPushButton):
    """Names what is done, and opens the fields to change it; each change is sent at once as SetCleanUp."""

    intent = Signal(object)
    focus_released = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        describe(self, "cleanUp", tr("Clean-up"), what=tr("what is done to the masks of clicks as they come"))
        set_role(self, "chip")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.set_icon(self, "settings")
        self._fields = CleanUpFields(self)
        self._fields.changed.connect(self._tell)
        self._fields.closed.connect(self.focus_released)
        self.clicked.connect(self._open)
        self.set_clean_up(CleanUp())

    @property
    def fields(self) -> CleanUpFields:
        """The fields, open or not."""
        return self._fields

    def set_clean_up(self, clean: CleanUp) -> None:
        """Show this."""
        self._fields.set_clean_up(clean)
        self.setText(tr("Clean-up: {what}", what=_summary(clean)))

    def _open(self) -> None:
        self._fields.open_at(self)

    def _tell(self) -> None:
        self.intent.emit(SetCleanUp(self._fields.clean_up))


class CleanUpFields(Popover):
    """One field for each part of a clean-up, in the order in which they act."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Clean-up of the masks of clicks"))
        self._quiet = False
        self.fill = self._number("cleanFill", tr("Fill holes up to"), tr("pixels a hole may have"), 0, _MAX_PIXELS)
        self.specks = self._number("cleanSpecks", tr("Drop specks up to"), tr("pixels of a part"), 0, _MAX_PIXELS)
        self.grow = self._number(
            "cleanGrow", tr("Grow or shrink by"), tr("how far the edge moves"), -_MAX_GROWTH, _MAX_GROWTH
        )
        self.largest = QCheckBox(tr("Keep the largest part alone"))
        self.largest.setObjectName("cleanLargest")
        self.largest.toggled.connect(self._told)
        self.avoid = ChoiceField()
        describe(self.avoid, "cleanAvoid", tr("Leave out"), what=tr("objects whose pixels are left out"))
        for value, text in (
            (Avoid.NOBODY, tr("nothing")),
            (Avoid.LOCKED, tr("locked objects")),
            (Avoid.ALL, tr("all other objects")),
        ):
            self.avoid.addItem(text, value)
        self.avoid.currentIndexChanged.connect(self._told)
        self.defaults = QPushButton(tr("Defaults"))
        describe(
            self.defaults, "cleanDefaults", tr("Defaults"), what=tr("drops specks of up to 4 pixels, nothing else")
        )
        self.defaults.clicked.connect(self._to_defaults)
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.addRow(tr("Fill holes up to"), self.fill)
        form.addRow(tr("Drop specks up to"), self.specks)
        form.addRow("", self.largest)
        form.addRow(tr("Grow or shrink by"), self.grow)
        form.addRow(tr("Leave out"), self.avoid)
        foot = row_layout()
        foot.addStretch()
        foot.addWidget(self.defaults)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(10)
        layout.addWidget(text_label(tr("Masks of clicks"), "heading"))
        layout.addLayout(form)
        layout.addLayout(foot)

    @property
    def clean_up(self) -> CleanUp:
        """What the fields say."""
        avoid = self.avoid.currentData()
        return CleanUp(
            self.fill.value(), self.specks.value(), self.largest.isChecked(), self.grow.value(), avoid=Avoid(avoid)
        )

    def set_clean_up(self, clean: CleanUp) -> None:
        """Show this without telling."""
        self._quiet = True
        self.fill.setValue(clean.fill_holes)
        self.specks.setValue(clean.drop_specks)
        self.grow.setValue(clean.grow)
        self.largest.setChecked(clean.keep_largest)
        self.avoid.setCurrentIndex(self.avoid.findData(clean.avoid))
        self._quiet = False

    def _number(self, name: str, title: str, what: str, low: int, high: int) -> NumberField:
        field = NumberField()
        describe(field, name, title, what=what)
        field.setRange(low, high)
        field.setSuffix(" px")
        field.setMinimumWidth(110)
        field.valueChanged.connect(self._told)
        return field

    def _told(self) -> None:
        if not self._quiet:
            self.changed.emit()

    def _to_defaults(self) -> None:
        self.set_clean_up(DEFAULT)
        self.changed.emit()


DEFAULT = CleanUp(drop_specks=4)


def _summary(clean: CleanUp) -> str:
    """The parts that do something, shortly."""
    parts = (
        (clean.fill_holes, tr("holes {count} px", count=clean.fill_holes)),
        (clean.drop_specks, tr("specks {count} px", count=clean.drop_specks)),
        (clean.keep_largest, tr("largest part")),
        (clean.grow > 0, tr("grow {count} px", count=clean.grow)),
        (clean.grow < 0, tr("shrink {count} px", count=-clean.grow)),
        (clean.avoid is not Avoid.NOBODY, tr("leave out others")),
    )
    return " · ".join(text for used, text in parts if used) or tr("off")
