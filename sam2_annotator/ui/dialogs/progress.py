"""Progress of a job the window waits for, with a way out."""

from __future__ import annotations

import time

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialogButtonBox, QProgressBar, QWidget

from sam2_annotator.ui.dialogs.base import PlainDialog
from sam2_annotator.ui.i18n import time_left, tr
from sam2_annotator.ui.theme.widgets import describe, text_label

_SHOWN_AFTER_MS = 300
_LEFT_AFTER = 3.0  # seconds, before which a time left would be a guess
_UNITS = 1000


class ProgressDialog(PlainDialog):
    """Appears once the job has taken a moment; `cancelled` when the person wants it to end. `end` when it has."""

    cancelled = Signal()

    def __init__(self, title: str, parent: QWidget | None = None, *, can_cancel: bool = True) -> None:
        super().__init__("progressDialog", title, parent)
        self._can_cancel = can_cancel
        self._began = time.monotonic()
        self._bar = QProgressBar()
        describe(self._bar, "progressBar", title)
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._note = text_label("", "muted")
        self._note.setObjectName("progressNote")
        for part in (text_label(title, "heading"), self._bar, self._note):
            self.body.addWidget(part)
        if can_cancel:
            self.add_button("progressCancel", tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        self.setMinimumWidth(420)
        self._show_later = QTimer(self)
        self._show_later.setSingleShot(True)
        self._show_later.timeout.connect(self.open)
        self._show_later.start(_SHOWN_AFTER_MS)

    def set_progress(self, done: int, total: int | None) -> None:
        """`done` of `total` parts, None while that is not known."""
        self._bar.setRange(0, _UNITS if total else 0)
        if not total:
            return
        self._bar.setValue(round(_UNITS * done / total))
        taken = time.monotonic() - self._began
        if done and taken > _LEFT_AFTER:
            self._note.setText(time_left(taken * (total - done) / done))

    def end(self) -> None:
        """The job has ended, one way or another."""
        self._show_later.stop()
        self.accept()
        self.deleteLater()

    def reject(self) -> None:
        """Esc, Cancel or the cross: the job ends first, then `end` is called."""
        if self._can_cancel:
            self._note.setText(tr("Ending…"))
            self.cancelled.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """As Esc."""
        event.ignore()
        self.reject()
