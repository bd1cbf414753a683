"""What is unusual about the picture as it is shown, in a row over its bottom left corner."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.panels.review_badge import ReviewBadge
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import describe, row_layout, set_role

_MARGIN = 12


class CornerRow(QWidget):
    """The review, and a chip for each way in which the picture is not shown plainly; a click on one ends that."""

    adjustment_dropped = Signal()
    masks_wanted = Signal()
    others_wanted = Signal()

    def __init__(self, theme: Theme, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setObjectName("corner")
        self._canvas = canvas
        self.review = ReviewBadge(theme)
        self.adjusted = _chip(theme, tr("Adjusted"), "adjustChip", tr("shows the picture as it is"))
        self.hidden = _chip(theme, tr("Masks hidden"), "hiddenChip", tr("shows the masks"), key="H")
        self.only = _chip(theme, tr("Only selected masks"), "onlyChip", tr("shows all masks"), key="Shift+H")
        layout = row_layout()
        for widget in (self.review, self.adjusted, self.hidden, self.only):
            layout.addWidget(widget)
            widget.hide()
        self.setLayout(layout)
        self.adjusted.clicked.connect(self.adjustment_dropped)
        self.hidden.clicked.connect(self.masks_wanted)
        self.only.clicked.connect(self.others_wanted)
        canvas.installEventFilter(self)

    def event(self, event: QEvent) -> bool:
        """Be as large as what is shown."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._take_place()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if event.type() == QEvent.Type.Resize:
            self._take_place()
        return super().eventFilter(watched, event)

    def _take_place(self) -> None:
        self.adjustSize()
        self.move(_MARGIN, self._canvas.height() - self.height() - _MARGIN)


def _chip(theme: Theme, text: str, name: str, what: str, *, key: str = "") -> QPushButton:
    chip = QPushButton(text)
    describe(chip, name, text, key=key, what=what)
    theme.set_icon(chip, "close")
    set_role(chip, "floatChip")
    chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return chip
