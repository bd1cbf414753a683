"""The status bar (STA-1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStatusBar, QWidget

from sam2_annotator.ui.i18n import clock, tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import ElidedLabel, describe, set_role, text_label

_FIELD_GAP = 6


@dataclass(frozen=True, slots=True)
class EngineState:
    """What the engine chip says: "CUDA", "sam2-nano", "analysing"; `activity` "" means ready.

    `fraction` 0..1 is the progress of the activity, None when unknown.
    """

    device: str
    model: str
    activity: str = ""
    fraction: float | None = None
    busy: bool = False


class Saved(Enum):
    """Whether all edits are on disk; HERE: on this computer, and not yet on their network drive."""

    SAVED = "saved"
    HERE = "here"
    SAVING = "saving"
    FAILED = "failed"
    READ_ONLY = "read_only"


@dataclass(frozen=True, slots=True)
class SaveState:
    """`at` is the time of the last save as text ("12:03"), `note` the reason of a failure."""

    kind: Saved
    at: str = ""
    note: str = ""


class StatusBar(QStatusBar):
    """Seven fields, left to right. `engine_clicked`: the chip was pressed."""

    engine_clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusBar")
        self.setSizeGripEnabled(False)
        self._theme = theme
        self._next_click = ElidedLabel()
        self._next_click.setObjectName("statusNextClick")
        self._next_click.setContentsMargins(8, 0, 0, 0)
        self.addWidget(self._next_click, 1)
        self._pointer = self._field("statusPointer", tr("Pointer position"))
        self._under = self._field("statusObject", tr("Object under the pointer"))
        self._zoom = self._field("statusZoom", tr("Zoom"))
        self._frame = self._field("statusFrame", tr("Frame and time"))
        self._progress = self._make_progress()
        self._engine = self._make_chip()
        self._saved = self._field("statusSaved", tr("Saving"))
        self.set_engine(None)
        self.set_saved(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window leaves out the least needed fields."""
        super().resizeEvent(event)
        self._fit()

    def _field(self, object_name: str, name: str) -> QLabel:
        label = text_label("")
        label.setObjectName(object_name)
        label.setAccessibleName(name)
        label.setContentsMargins(2, 0, 2, 0)
        self.addPermanentWidget(label)
        return label

    def _make_progress(self) -> QProgressBar:
        progress = QProgressBar()
        describe(progress, "statusProgress", tr("Progress of the engine"))
        progress.setTextVisible(False)
        progress.setFixedWidth(70)
        progress.hide()
        self.addPermanentWidget(progress)
        return progress

    def _make_chip(self) -> QPushButton:
        chip = QPushButton()
        describe(chip, "statusEngine", tr("Engine"), what=tr("the model, its device, memory and last times"))
        set_role(chip, "chip")
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._theme.set_icon(chip, "model")
        chip.clicked.connect(self.engine_clicked)
        self.addPermanentWidget(chip)
        return chip

    @property
    def engine_chip(self) -> QWidget:
        """What says which model works on which device."""
        return self._engine

    @property
    def next_click(self) -> str:
        """The sentence about the next click, as shown."""
        return self._next_click.text()

    def set_next_click(self, text: str) -> None:
        """What the next click does."""
        self._next_click.setText(text)
        self._fit()

    def set_pointer(self, x: float | None, y: float | None, value: str = "") -> None:
        """Image coordinates under the pointer and the pixel value as text; None outside the picture."""
        if x is None or y is None:
            self._show(self._pointer, "")
        else:
            self._show(self._pointer, tr("x {x}  y {y}  {value}", x=int(x), y=int(y), value=value).rstrip())

    def set_under_pointer(self, title: str, area: int | None) -> None:
        """The object under the pointer and its area in pixels; "" for none."""
        named = tr("{title} · {area} px", title=title, area=f"{area:,}") if area is not None else title
        self._show(self._under, named)

    def set_zoom(self, scale: float | None) -> None:
        """Device pixels per image pixel; None where there is no picture."""
        if scale is None:
            self._show(self._zoom, "")
            return
        self._show(self._zoom, f"{scale * 100:.0f} %" if scale >= 0.1 else f"{scale * 100:.1f} %")

    def set_frame(self, frame: int | None, total: int, seconds: float | None) -> None:
        """The shown frame of a clip; None in a picture."""
        if frame is None:
            self._show(self._frame, "")
        else:
            place = tr("frame {frame} / {total}", frame=f"{frame:,}", total=f"{total:,}")
            self._show(self._frame, place if seconds is None else f"{place} · {clock(seconds)}")

    def set_engine(self, state: EngineState | None) -> None:
        """The engine chip; None while no model is at hand."""
        if state is None:
            self._engine.setText(tr("No model"))
        else:
            self._engine.setText(" · ".join((state.device, state.model, state.activity or tr("ready"))))
        busy = state is not None and state.busy
        self._progress.setVisible(busy)
        if state is not None and busy:
            known = state.fraction is not None
            self._progress.setRange(0, 100 if known else 0)
            self._progress.setValue(round((state.fraction or 0.0) * 100))
        self._fit()

    def set_saved(self, state: SaveState | None) -> None:
        """The save state; None without a project."""
        if state is None:
            self._show(self._saved, "")
            return
        text = {
            Saved.SAVED: tr("All changes saved {time}", time=state.at).rstrip(),
            Saved.HERE: tr("Saved on this computer {time}", time=state.at).rstrip(),
            Saved.SAVING: tr("Saving…"),
            Saved.FAILED: tr("Not saved"),
            Saved.READ_ONLY: tr("Read only"),
        }[state.kind]
        self._show(self._saved, text)
        self._saved.setToolTip(state.note)
        role = {Saved.FAILED: "danger", Saved.READ_ONLY: "warning"}.get(state.kind, "muted")
        set_role(self._saved, role)

    def _show(self, label: QLabel, text: str) -> None:
        label.setText(text)
        self._fit()

    def _fit(self) -> None:
        """Show the fields that have something to say, most needed first, while there is room."""
        sentence = min(self._next_click.sizeHint().width() + _FIELD_GAP, self.width() * 2 // 5)
        room = self.width() - sentence - self._engine.sizeHint().width()
        room -= self._progress.width() if self._progress.isVisibleTo(self) else 0
        for label in (self._saved, self._frame, self._zoom, self._pointer, self._under):
            needed = label.sizeHint().width() + _FIELD_GAP
            shown = bool(label.text()) and needed <= room
            label.setVisible(shown)
            room -= needed if shown else 0
