"""Progress of a job in the status bar, with a button that ends it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import describe, icon_button, row_layout, text_label

_BAR_WIDTH = 120


class TaskProgressWidget(QWidget):
    """Title, bar and, where it can be, a cancel button; hidden while nothing runs. `cancelled`: it was pressed."""

    cancelled = Signal()

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, *, name: str = "task_progress", can_cancel: bool = True
    ) -> None:
        super().__init__(parent)
        describe(self, name, tr("Background job"))
        self._title = text_label("")
        self._bar = QProgressBar()
        self._bar.setFixedWidth(_BAR_WIDTH)
        self._bar.setTextVisible(False)
        button = icon_button(theme, "close", f"{name}.cancel", tr("Cancel"), what=tr("end this job"))
        button.clicked.connect(self.cancelled)
        layout = row_layout()
        for widget in (self._title, self._bar, button):
            layout.addWidget(widget)
        button.setVisible(can_cancel)
        self.setLayout(layout)
        self.hide()

    def show_progress(self, title: str, done: int, total: int | None) -> None:
        """`done` of `total` parts; None when the total is not known."""
        self._title.setText(title)
        self._bar.setRange(0, total or 0)
        self._bar.setValue(done)
        self.show()
