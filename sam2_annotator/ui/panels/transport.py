"""Play, step, go to a frame."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QWidget

from sam2_annotator.ui.i18n import clock, tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import TextField, describe, icon_button, row_layout, text_label
from sam2_annotator.values.intents import GoToFrame, PlayToggle, StepFrame


class Transport(QWidget):
    """Play button, frame field and time. Emits PlayToggle.TOGGLE, StepFrame, GoToFrame."""

    intent = Signal(object)
    focus_released = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("transport")
        self.setAccessibleName(tr("Playback"))
        self._theme = theme
        self._back = icon_button(
            theme, "step-backward", "frameBack", tr("Frame back"), key="A", what=tr("shows the frame before")
        )
        self._play = icon_button(theme, "play", "play", tr("Play"), key="Space", what=tr("plays or pauses the clip"))
        self._on = icon_button(
            theme, "step-forward", "frameOn", tr("Frame on"), key="D", what=tr("shows the next frame")
        )
        self._field = TextField()
        describe(self._field, "frameField", tr("Frame"), key="Ctrl+G", what=tr("type a number, Enter goes there"))
        self._field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._range = QIntValidator(0, 0, self)
        self._field.setValidator(self._range)
        self._total = text_label("", "muted")
        self._time = text_label("", "muted")
        self._time.setObjectName("frameTime")
        self._rate = text_label("", "muted")
        self._fps: float | None = None
        layout = row_layout(margins=(6, 3, 6, 3), spacing=4)
        for widget in (self._back, self._play, self._on, self._field, self._total, self._time, self._rate):
            layout.addWidget(widget)
        layout.insertSpacing(3, 4)
        layout.insertSpacing(6, 6)
        self.setLayout(layout)
        self._back.clicked.connect(lambda: self.intent.emit(StepFrame(-1)))
        self._on.clicked.connect(lambda: self.intent.emit(StepFrame(1)))
        self._play.clicked.connect(lambda: self.intent.emit(PlayToggle.TOGGLE))
        self._field.committed.connect(self._go)
        self._field.released.connect(self.focus_released)

    def set_clip(self, frames: int, fps: float | None) -> None:
        """The length and the rate of the clip."""
        self._fps = fps
        self._range.setTop(max(0, frames - 1))
        self._total.setText(f"/ {frames:,}")
        widest = self.fontMetrics().horizontalAdvance("8" * max(4, len(str(frames))))
        self._field.setFixedWidth(widest + 24)

    def set_frame(self, frame: int, seconds: float | None) -> None:
        """The shown frame and its time; emits nothing."""
        if not self._field.hasFocus():
            self._field.setText(str(frame))
        self._time.setText("" if seconds is None else clock(seconds))

    def set_playing(self, playing: bool, *, shown_fps: float | None = None) -> None:
        """Whether the clip plays, and how many frames per second really show."""
        self._theme.set_icon(self._play, "pause" if playing else "play")
        self._play.setAccessibleName(tr("Pause") if playing else tr("Play"))
        slow = playing and shown_fps is not None and self._fps is not None
        text = tr("{shown:.0f} of {wanted:.0f} fps", shown=shown_fps, wanted=self._fps) if slow else ""
        self._rate.setText(text)

    def focus_field(self) -> None:
        """Put the caret into the frame field (Ctrl+G)."""
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def _go(self, text: str) -> None:
        if text:
            self.intent.emit(GoToFrame(min(int(text), self._range.top())))
