"""One row above the canvas: the tool in use and what its gestures do."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.swatch import swatch
from sam2_annotator.ui.theme.widgets import describe, row_layout, separator, set_role, text_label

_ICON = 18
_ABOVE = 4  # px above and below what stands in the strip


@dataclass(frozen=True, slots=True)
class Hint:
    """A gesture or key, and what it does: ("Right click", "take away")."""

    gesture: str
    effect: str


class HintRow(QWidget):
    """Hints side by side; those that do not fit are left out, so the row never asks for more width than there is."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(14)
        self._layout.addStretch()
        self._chips: list[QWidget] = []
        self._hints: tuple[Hint, ...] = ()

    def set_hints(self, hints: tuple[Hint, ...]) -> None:
        """Show these, the most important first."""
        if hints == self._hints:
            return
        self._hints = hints
        for chip in self._chips:
            self._layout.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = [_hint_chip(hint) for hint in hints]
        for place, chip in enumerate(self._chips):
            self._layout.insertWidget(place, chip)
        self._show_what_fits()

    def resizeEvent(self, event: object) -> None:
        """More or fewer hints fit."""
        self._show_what_fits()

    def minimumSizeHint(self) -> QSize:
        """As narrow as one likes."""
        return QSize(0, super().minimumSizeHint().height())

    def _show_what_fits(self) -> None:
        room = self.width()
        for chip in self._chips:
            room -= chip.sizeHint().width() + self._layout.spacing()
            chip.setVisible(room >= 0)


def _hint_chip(hint: Hint) -> QWidget:
    chip = QWidget()
    layout = row_layout(spacing=5)
    layout.addWidget(text_label(hint.gesture, "key"))
    layout.addWidget(text_label(hint.effect, "muted"))
    chip.setLayout(layout)
    return chip


class OptionsStrip(QWidget):
    """Title of the tool, its hints and the current label. A click on the label sends `label_requested`."""

    label_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("toolOptions")
        self.setAccessibleName(tr("Tool options"))
        set_role(self, "bar")
        self._theme = theme
        self._icon_name = ""
        self._icon = QLabel()
        self._title = text_label("", "heading")
        self._hints = HintRow()
        self._label = QPushButton()
        describe(self._label, "currentLabel", tr("Label of new objects"), key="F2", what=tr("chooses or makes a label"))
        set_role(self._label, "chip")
        self._label.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = row_layout(margins=(10, _ABOVE, 8, _ABOVE), spacing=8)
        for widget in (self._icon, self._title, separator(upright=True)):
            layout.addWidget(widget)
        layout.addWidget(self._hints, 1)
        self._options = row_layout()
        self._tools_of: dict[QWidget, tuple[str, ...]] = {}
        layout.addLayout(self._options)
        layout.addWidget(self._label)
        self.setLayout(layout)
        self.set_label(None, None)
        self._label.clicked.connect(self.label_requested)
        theme.changed.connect(self._draw_icon)

    def add_options(self, widget: QWidget, *tools: str) -> None:
        """A widget that shows while one of these tools is in use."""
        self._tools_of[widget] = tools
        self._options.addWidget(widget)
        self._fix_height()

    def showEvent(self, event: QShowEvent) -> None:
        """Its looks are known now."""
        self._fix_height()
        super().showEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Other looks, another height."""
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._fix_height()
        super().changeEvent(event)

    def _fix_height(self) -> None:
        """One height for all tools: the canvas below is not to move when another one is taken up (WIN)."""
        parts = [part for part in self.findChildren(QWidget) if part.window() is self.window()]  # not what pops up
        for part in parts:
            part.ensurePolished()
        self.setFixedHeight(2 * _ABOVE + max(part.sizeHint().height() for part in parts))

    def set_tool(self, icon: str, title: str, hints: tuple[Hint, ...], tool: str = "") -> None:
        """Show this tool; `icon` is a name of `theme.icons`."""
        for widget, tools in self._tools_of.items():
            widget.setVisible(tool in tools)
        self._icon_name = icon
        self._title.setText(title)
        self._hints.set_hints(hints)
        self._draw_icon()

    def set_label(self, name: str | None, colour: tuple[int, int, int] | None) -> None:
        """The label new objects get; None for unlabelled."""
        self._label.setText(tr("Label: {name}", name=name) if name else tr("Label: none"))
        self._label.setIcon(swatch(colour) if colour else self._theme.icon("label"))

    def _draw_icon(self) -> None:
        if self._icon_name:
            self._icon.setPixmap(
                self._theme.icon(self._icon_name).pixmap(QSize(_ICON, _ICON), self.devicePixelRatioF())
            )
