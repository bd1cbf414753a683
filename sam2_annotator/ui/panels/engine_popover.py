"""What the engine chip opens: the model in words, its memory and its last times (STA-2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sam2_annotator.ui.actions.action import WindowAction
from sam2_annotator.ui.i18n import size_words, tr
from sam2_annotator.ui.theme.fields import ChoiceField
from sam2_annotator.ui.theme.popover import Popover
from sam2_annotator.ui.theme.widgets import describe, text_label
from sam2_annotator.values.input_size import Quality

_WIDTH = 300


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """What is known of the engine. Seconds are those the last one took; None and 0 for what has not happened yet.

    `input_size` is the side of the square the model sees, in pixels; `rate` counts frames a second.
    """

    model: str = ""
    device: str = ""
    precision: str = ""
    input_size: int = 0
    activity: str = ""
    note: str = ""
    held: int = 0
    analysis: float | None = None
    decoding: float | None = None
    rate: float = 0.0
    quality: Quality = Quality.FULL


class EnginePopover(Popover):
    """Facts line by line; `intent` carries the wish for another model, `quality_chosen` a Quality."""

    intent = Signal(object)
    quality_chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("enginePopover")
        self.setAccessibleName(tr("Engine"))
        self._title = text_label("", "heading")
        self._note = text_label("", "muted")
        self._note.setWordWrap(True)
        form = QFormLayout()
        form.setHorizontalSpacing(18)
        self._device = self._row(form, "engineDevice", tr("Device"))
        self._quality = ChoiceField()
        describe(self._quality, "engineQuality", tr("Quality"), what=tr("how large the model sees the picture"))
        for quality, words in _quality_words():
            self._quality.addItem(words, quality)
        self._quality.activated.connect(self._choose)
        form.addRow(text_label(tr("Quality"), "muted"), self._quality)
        self._cost = text_label("", "muted")
        self._cost.setObjectName("engineCost")
        self._cost.setWordWrap(True)
        form.addRow(self._cost)
        self._input = self._row(form, "engineInput", tr("Input"))
        self._memory = self._row(form, "engineMemory", tr("Memory"))
        self._analysis = self._row(form, "engineAnalysis", tr("Last analysis"))
        self._decoding = self._row(form, "engineDecoding", tr("Last mask"))
        self._tracking = self._row(form, "engineTracking", tr("Last tracking"))
        change = QPushButton(tr("Change model…"))
        describe(change, "engineChange", tr("Change model…"))
        change.clicked.connect(self._change)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(10)
        layout.addWidget(self._title)
        layout.addLayout(form)
        layout.addWidget(self._note)
        layout.addWidget(change, 0, Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(_WIDTH)
        self.set_facts(EngineFacts())

    def _row(self, form: QFormLayout, name: str, title: str) -> QLabel:
        value = text_label("")
        value.setObjectName(name)
        value.setAlignment(Qt.AlignmentFlag.AlignRight)
        form.addRow(text_label(title, "muted"), value)
        return value

    def set_facts(self, facts: EngineFacts) -> None:
        """Show these."""
        none = tr("not yet")
        self._title.setText(" · ".join(filter(None, (facts.model or tr("No model"), facts.activity))))
        self._device.setText(" · ".join(filter(None, (facts.device, facts.precision))) or none)
        self._quality.setCurrentIndex(self._quality.findData(facts.quality))
        self._cost.setText(_cost(facts.quality))
        self._input.setText(tr("{side} px square", side=facts.input_size) if facts.input_size else none)
        self._memory.setText(size_words(facts.held) if facts.held else none)
        self._analysis.setText(none if facts.analysis is None else _seconds(facts.analysis))
        self._decoding.setText(none if facts.decoding is None else _seconds(facts.decoding))
        self._tracking.setText(tr("{rate:.1f} frames/s", rate=facts.rate) if facts.rate else none)
        self._note.setText(facts.note)
        self._note.setVisible(bool(facts.note))
        if self.isVisible():
            self.adjustSize()

    def _choose(self, index: int) -> None:
        self.quality_chosen.emit(self._quality.itemData(index))

    def _change(self) -> None:
        self.close()
        self.intent.emit(WindowAction.MODELS)


def _quality_words() -> tuple[tuple[Quality, str], ...]:
    return (Quality.FULL, tr("Full")), (Quality.BALANCED, tr("Balanced")), (Quality.FAST, tr("Fast"))


def _cost(quality: Quality) -> str:
    match quality:
        case Quality.FULL:
            return tr("The size the model was trained with: the finest borders.")
        case Quality.BALANCED:
            return tr("Takes about half as long; borders are a little softer.")
        case Quality.FAST:
            return tr("Takes about a quarter as long; small things may be missed.")
        case _:
            assert_never(quality)


def quality_word(quality: Quality) -> str:
    """What a quality is called."""
    return dict(_quality_words())[quality]


def device_words(device: str) -> str:
    """ "CUDA" for "cuda:0", "CUDA 1" for "cuda:1"."""
    kind, _, number = device.partition(":")
    return f"{kind.upper()} {number}" if number not in ("", "0") else kind.upper()


def _seconds(seconds: float) -> str:
    if seconds < 1:
        return tr("{count} ms", count=max(1, round(1000 * seconds)))
    return tr("{seconds:.1f} s", seconds=seconds)
