"""Boxes for choices and numbers that leave the wheel to the page behind them unless they have the focus (CAN-10)."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QSpinBox


class ChoiceField(QComboBox):
    """One of several words."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only with the focus."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class NumberField(QSpinBox):
    """A whole number; told when the typing ends, not at each digit."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only with the focus."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class RealField(QDoubleSpinBox):
    """A number with a point; told when the typing ends."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setKeyboardTracking(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Only with the focus."""
        super().wheelEvent(event) if self.hasFocus() else event.ignore()
