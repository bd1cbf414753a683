"""Brightness, contrast and the like of the shown picture, over its top left corner (INTERACTION CAN-11)."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import describe, icon_button, row_layout, set_role, text_label
from sam2_annotator.values.adjustment import Adjustment

_PLACE = QPoint(12, 12)
_OWN_KEYS = frozenset(
    {
        *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End),
        *(Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Space),
        *(Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape),
    }
)
_STEPS = 100
_GAMMA_SPAN = 2.0  # stops of gamma to either side of 1


class AdjustPanel(QFrame):
    """Sliders while it is open; `adjusted` carries an Adjustment, `closed` gives the keyboard back."""

    adjusted = Signal(object)
    closed = Signal()

    def __init__(self, theme: Theme, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setObjectName("adjustPanel")
        self.setAccessibleName(tr("Adjust picture"))
        set_role(self, "float")
        self._now = Adjustment()
        self._brightness = self._slider("adjustBrightness", tr("Brightness"))
        self._contrast = self._slider("adjustContrast", tr("Contrast"))
        self._gamma = self._slider("adjustGamma", tr("Gamma"))
        self._stretch = self._box("adjustStretch", tr("Stretch"), tr("spreads the values in use over the whole range"))
        self._channels = tuple(
            self._box(f"adjust{name}", title, tr("shows this channel"))
            for name, title in (("Red", tr("Red")), ("Green", tr("Green")), ("Blue", tr("Blue")))
        )
        close = icon_button(theme, "close", "adjustClose", tr("Close"), what=tr("closes the sliders"))
        close.clicked.connect(self._close)
        reset = QPushButton(tr("Reset"))
        describe(reset, "adjustReset", tr("Reset"), what=tr("shows the picture as it is"))
        reset.clicked.connect(lambda: self.adjusted.emit(Adjustment()))
        above, below, grid = row_layout(), row_layout(spacing=10), QGridLayout()
        above.addWidget(text_label(tr("Adjust picture"), "heading"), 1)
        above.addWidget(close)
        for row, (title, slider) in enumerate(
            (
                (tr("Brightness"), self._brightness),
                (tr("Contrast"), self._contrast),
                (tr("Gamma"), self._gamma),
            )
        ):
            grid.addWidget(text_label(title, "muted"), row, 0)
            grid.addWidget(slider, row, 1)
        for box in (self._stretch, *self._channels):
            below.addWidget(box)
        below.addStretch(1)
        below.addWidget(reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 10, 10)
        layout.setSpacing(8)
        layout.addLayout(above)
        layout.addLayout(grid)
        layout.addLayout(below)
        self.show_adjustment(self._now)
        self.hide()

    def open(self) -> None:
        """Show the sliders and give them the keyboard."""
        self.adjustSize()
        self.move(_PLACE)
        self.show()
        self.raise_()
        self._brightness.setFocus()

    def show_adjustment(self, adjustment: Adjustment) -> None:
        """Show what is in force."""
        self._now = adjustment
        widgets = (self._brightness, self._contrast, self._gamma, self._stretch, *self._channels)
        for widget in widgets:
            widget.blockSignals(True)
        self._brightness.setValue(round(adjustment.brightness * _STEPS))
        self._contrast.setValue(round(adjustment.contrast * _STEPS))
        self._gamma.setValue(_gamma_place(adjustment.gamma))
        self._stretch.setChecked(adjustment.stretch)
        for box, shown in zip(self._channels, adjustment.channels, strict=True):
            box.setChecked(shown)
        for widget in widgets:
            widget.blockSignals(False)

    def event(self, event: QEvent) -> bool:
        """Keys that move sliders and press buttons are no commands of the canvas below."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _OWN_KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc and Enter close the sliders."""
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._close()
        else:
            super().keyPressEvent(event)

    def _slider(self, object_name: str, title: str) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        describe(slider, object_name, title)
        slider.setRange(-_STEPS, _STEPS)
        slider.setPageStep(10)
        slider.setMinimumWidth(220)
        slider.valueChanged.connect(self._tell)
        return slider

    def _box(self, object_name: str, title: str, what: str) -> QCheckBox:
        box = QCheckBox(title)
        describe(box, object_name, title, what=what)
        box.toggled.connect(self._tell)
        return box

    @Slot()
    def _tell(self) -> None:
        red, green, blue = (box.isChecked() for box in self._channels)
        self._now = replace(
            self._now,
            brightness=self._brightness.value() / _STEPS,
            contrast=self._contrast.value() / _STEPS,
            gamma=2 ** (self._gamma.value() / _STEPS * _GAMMA_SPAN),
            stretch=self._stretch.isChecked(),
            channels=(red, green, blue),
        )
        self.adjusted.emit(self._now)

    def _close(self) -> None:
        self.hide()
        self.closed.emit()


def _gamma_place(gamma: float) -> int:
    return round(math.log2(gamma) / _GAMMA_SPAN * _STEPS)
