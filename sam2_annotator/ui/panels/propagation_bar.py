"""Start, watch and stop a run of the tracker (WIN-4)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QProgressBar, QToolButton, QWidget

from sam2_annotator.ui.i18n import time_left, tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import ElidedLabel, describe, icon_button, row_layout, separator, text_label
from sam2_annotator.values.intents import Propagate, Stop
from sam2_annotator.values.states import Direction

_PROGRESS_UNITS = 1000
_WIDE = 560
_ROOMY = 760
_NARROW = 330
_STYLE = {True: Qt.ToolButtonStyle.ToolButtonTextBesideIcon, False: Qt.ToolButtonStyle.ToolButtonIconOnly}


@dataclass(frozen=True, slots=True)
class RunState:
    """A run in progress: `done` of `total` frames, `rate` in frames per second, `seconds_left` None while unknown."""

    direction: Direction
    done: int
    total: int
    rate: float
    seconds_left: float | None
    stopping: bool = False


class PropagationBar(QWidget):
    """Back | Both | Forward | Stop. Emits Propagate(direction) and Stop.STOP."""

    intent = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("propagation")
        self.setAccessibleName(tr("Propagation"))
        self._run: RunState | None = None
        self._chosen = 0
        self._starts = self._make_starts(theme)
        self._stop = icon_button(
            theme,
            "stop",
            "track.stop",
            tr("Stop"),
            key="Esc",
            what=tr("ends the run; finished frames stay"),
            text=tr("Stop"),
        )
        self._range = text_label("", "muted")
        self._objects = text_label("", "muted")
        self._objects.setObjectName("propagationObjects")
        self._progress = QProgressBar()
        describe(self._progress, "propagationProgress", tr("Progress of the run"))
        self._progress.setTextVisible(False)
        self._progress.setRange(0, _PROGRESS_UNITS)
        self._figures = ElidedLabel()
        self._figures.setObjectName("propagationFigures")
        self._lay_out()
        self._stop.clicked.connect(lambda: self.intent.emit(Stop.STOP))
        self.set_range(None, None)
        self.set_objects(0, 0)
        self.set_run(None)

    def _make_starts(self, theme: Theme) -> dict[Direction, QToolButton]:
        buttons = {
            Direction.BACKWARD: icon_button(
                theme,
                "track-backward",
                "track.backward",
                tr("Propagate back"),
                key="Shift+T",
                what=tr("follows the objects to earlier frames"),
                text=tr("Back"),
            ),
            Direction.BOTH: icon_button(
                theme,
                "track-both",
                "track.both",
                tr("Propagate both ways"),
                key="Ctrl+T",
                what=tr("follows the objects to later, then to earlier frames"),
                text=tr("Both"),
            ),
            Direction.FORWARD: icon_button(
                theme,
                "track-forward",
                "track.forward",
                tr("Propagate forward"),
                key="T",
                what=tr("follows the objects to later frames"),
                text=tr("Forward"),
            ),
        }
        for direction, button in buttons.items():
            button.clicked.connect(partial(self._start, direction))
        return buttons

    def _lay_out(self) -> None:
        layout = row_layout(margins=(6, 3, 8, 3), spacing=4)
        for button in self._starts.values():
            layout.addWidget(button)
        layout.addWidget(self._stop)
        layout.addWidget(separator(upright=True))
        layout.addSpacing(2)
        layout.addWidget(self._objects)
        layout.addWidget(self._range)
        layout.addWidget(self._progress, 1)
        layout.addWidget(self._figures, 3)
        layout.addStretch()
        self.setLayout(layout)
        self._progress.setMinimumWidth(60)
        self._progress.setMaximumWidth(240)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow bar shows icons only, and so does a run for what cannot be pressed; names stay in the tooltips."""
        self._refresh()

    def minimumSizeHint(self) -> QSize:
        """Room for the bar with icons only."""
        return QSize(_NARROW, super().minimumSizeHint().height())

    def set_objects(self, chosen: int, total: int) -> None:
        """How many of the objects a run would track; with none the run buttons are off."""
        self._chosen = chosen
        self._objects.setText(
            tr("{chosen} of {count} objects", chosen=chosen, count=total) if total else tr("No objects yet")
        )
        self._refresh()

    def set_range(self, start: int | None, stop: int | None) -> None:
        """The in and out frames of a run; None for the ends of the clip."""
        if start is None and stop is None:
            self._range.setText(tr("· to the end"))
        elif stop is None:
            self._range.setText(tr("· from {start} to the end", start=start))
        elif start is None:
            self._range.setText(tr("· to {stop}", stop=stop))
        else:
            self._range.setText(tr("· {start} to {stop}", start=start, stop=stop))

    def set_run(self, run: RunState | None) -> None:
        """Show a run in progress, or none."""
        self._run = run
        if run is not None:
            self._progress.setValue(round(_PROGRESS_UNITS * run.done / max(1, run.total)))
            self._figures.setText(self._words(run))
        self._refresh()

    def _words(self, run: RunState) -> str:
        if run.stopping:
            return tr("Stopping after this frame")
        done, total = f"{run.done:,}", f"{run.total:,}"
        if run.rate <= 0:
            return tr("{done} of {total}", done=done, total=total)
        if run.seconds_left is None:
            return tr("{done} of {total} · {rate:.1f} fps", done=done, total=total, rate=run.rate)
        left = time_left(run.seconds_left)
        return tr("{done} of {total} · {rate:.1f} fps · {left}", done=done, total=total, rate=run.rate, left=left)

    def _refresh(self) -> None:
        running = self._run is not None
        wide = self.width() >= _WIDE
        for button in self._starts.values():
            button.setEnabled(not running and self._chosen > 0)
            button.setToolButtonStyle(_STYLE[wide and not running])
        self._stop.setToolButtonStyle(_STYLE[wide])
        self._stop.setEnabled(self._run is not None and not self._run.stopping)
        self._objects.setVisible(not running or self.width() >= _ROOMY)
        self._range.setVisible(not running and self._chosen > 0)
        self._progress.setVisible(running)
        self._figures.setVisible(running)

    def _start(self, direction: Direction) -> None:
        self.intent.emit(Propagate(direction))
