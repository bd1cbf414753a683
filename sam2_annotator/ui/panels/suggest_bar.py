"""What the options strip offers for suggested objects: how finely to look, which to show, taking all over (PRM-9)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from sam2_annotator.ui.i18n import time_left, tr
from sam2_annotator.ui.theme.fields import ChoiceField, NumberField
from sam2_annotator.ui.theme.popover import Popover
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import describe, icon_button, row_layout, set_role, text_label
from sam2_annotator.values.suggesting import DENSITIES, SetSuggesting, SuggestAction, SuggestOptions

_MOST_PIXELS = 999_999_999
_PROGRESS = 120
_FIELD = 110


@dataclass(frozen=True, slots=True)
class SearchState:
    """A search: `done` of `total` points, 0 of 0 until the picture is analysed."""

    done: int = 0
    total: int = 0
    seconds_left: float | None = None


class SuggestBar(QWidget):
    """`intent` carries SuggestAction and SetSuggesting; `focus_released`: the keyboard is the canvas's again."""

    intent = Signal(object)
    focus_released = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("suggestBar")
        self._options = SuggestOptions()
        self._density = ChoiceField()
        for title, points in zip((tr("Coarse grid"), tr("Medium grid"), tr("Fine grid")), DENSITIES, strict=True):
            self._density.addItem(title, points)
        what = tr("how many points are tried; more find smaller objects and take longer")
        describe(self._density, "suggestDensity", tr("Density"), what=what)
        self.filter = SuggestFilter(self)
        self._filter = QPushButton()
        describe(self._filter, "suggestFilter", tr("Filter"), what=tr("which suggestions are shown and accepted"))
        set_role(self._filter, "chip")
        self._filter.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme.set_icon(self._filter, "settings")
        self._look = icon_button(
            theme, "search", "suggestSearch", tr("Look again"), what=tr("looks for objects with this grid")
        )
        self._progress = QProgressBar()
        self._progress.setFixedWidth(_PROGRESS)
        self._progress.setTextVisible(False)
        describe(self._progress, "suggestProgress", tr("Progress of the search"))
        self._figures = text_label("", "muted")
        stop = tr("Stop")
        self._stop = icon_button(theme, "stop", "suggestStop", stop, key="Esc", what=tr("ends the search"), text=stop)
        self._all = icon_button(
            theme, "check", "suggestAll", tr("Accept all"), key="Return", what=tr("keeps all that are shown"), text=" "
        )
        layout = row_layout(spacing=4)
        rest = (self._density, self._look, self._filter, self._all)
        self._at_rest: tuple[QWidget, ...] = rest
        self._at_work: tuple[QWidget, ...] = (self._progress, self._figures, self._stop)
        for widget in (*self._at_work, *self._at_rest):
            layout.addWidget(widget)
        self.setLayout(layout)
        self._density.activated.connect(self._choose_density)
        self._filter.clicked.connect(lambda: self.filter.open_at(self._filter))
        self.filter.changed.connect(self._choose_filter)
        self.filter.closed.connect(self.focus_released)
        for button, wish in (
            (self._look, SuggestAction.SEARCH_AGAIN),
            (self._stop, SuggestAction.STOP),
            (self._all, SuggestAction.ACCEPT_ALL),
        ):
            button.clicked.connect(lambda checked=False, wish=wish: self._ask(wish))
        self.set_options(self._options)
        self.show_state(None, shown=0)

    def set_options(self, options: SuggestOptions) -> None:
        """Show these."""
        self._options = options
        self._density.blockSignals(True)
        self._density.setCurrentIndex(max(0, self._density.findData(options.points_per_side)))
        self._density.blockSignals(False)
        self.filter.set_options(options)
        self._filter.setText(tr("Show: {which}", which=_which(options)))

    def show_state(self, search: SearchState | None, *, shown: int) -> None:
        """A search that goes on, or how many suggestions can be accepted."""
        for widget in self._at_work:
            widget.setVisible(search is not None)
        for widget in self._at_rest:
            widget.setVisible(search is None)
        self._all.setText(tr("Accept {count}", count=shown) if shown else tr("Accept all"))
        self._all.setEnabled(shown > 0)
        if search is not None:
            self._progress.setRange(0, search.total)
            self._progress.setValue(search.done)
            self._figures.setText(_words(search))

    def _choose_density(self) -> None:
        points: int = self._density.currentData()
        self._options = replace(self._options, points_per_side=points)
        self.intent.emit(SetSuggesting(self._options))
        self._ask(SuggestAction.SEARCH_AGAIN)

    def _choose_filter(self) -> None:
        self.set_options(self.filter.options(self._options))
        self.intent.emit(SetSuggesting(self._options))

    def _ask(self, wish: SuggestAction) -> None:
        self.focus_released.emit()
        self.intent.emit(wish)


class SuggestFilter(Popover):
    """Fields for what is shown; `changed` tells a change at once."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Which suggestions are shown"))
        self._quiet = False
        size = tr("pixels of the picture")
        self.quality = self._number("suggestQuality", tr("Quality from"), tr("the IoU the model expects"), 100, " %")
        self.least = self._number("suggestLeast", tr("Size from"), size, _MOST_PIXELS, " px")
        self.most = self._number("suggestMost", tr("Size up to"), size, _MOST_PIXELS, " px")
        for field in (self.quality, self.least, self.most):
            field.setSpecialValueText(tr("any"))
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(tr("Quality from"), self.quality)
        form.addRow(tr("Size from"), self.least)
        form.addRow(tr("Size up to"), self.most)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(10)
        layout.addWidget(text_label(tr("Suggestions shown"), "heading"))
        layout.addLayout(form)

    def options(self, others: SuggestOptions) -> SuggestOptions:
        """What the fields say, with what else there is of the others."""
        most = self.most.value() or None
        return replace(others, min_iou=self.quality.value() / 100, min_area=self.least.value(), max_area=most)

    def set_options(self, options: SuggestOptions) -> None:
        """Show these without telling."""
        self._quiet = True
        self.quality.setValue(round(100 * options.min_iou))
        self.least.setValue(options.min_area)
        self.most.setValue(options.max_area or 0)
        self._quiet = False

    def _number(self, name: str, title: str, what: str, most: int, unit: str) -> NumberField:
        field = NumberField()
        field.setRange(0, most)
        field.setSuffix(unit)
        field.setMinimumWidth(_FIELD)
        field.setStepType(NumberField.StepType.AdaptiveDecimalStepType)
        describe(field, name, title, what=what)
        field.valueChanged.connect(self._told)
        return field

    def _told(self) -> None:
        if not self._quiet:
            self.changed.emit()


def _which(options: SuggestOptions) -> str:
    """The limits there are, shortly."""
    parts = (
        (options.min_iou > 0, tr("from {percent} %", percent=round(100 * options.min_iou))),
        (options.min_area > 0, tr("from {area} px", area=options.min_area)),
        (options.max_area is not None, tr("up to {area} px", area=options.max_area)),
    )
    return " · ".join(text for used, text in parts if used) or tr("all")


def _words(search: SearchState) -> str:
    if not search.total:
        return tr("Analysing the picture")
    if search.seconds_left is None:
        return tr("{done} of {total}", done=search.done, total=search.total)
    return tr("{done} of {total} · {left}", done=search.done, total=search.total, left=time_left(search.seconds_left))
