"""The program ends, and a network drive still lacks the last edits."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialogButtonBox, QProgressBar, QWidget

from sam2_annotator.ui.dialogs.base import PlainDialog
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.widgets import describe, text_label

_SHOWN_AFTER_MS = 300
_UNITS = 1000


class FinishingDialog(PlainDialog):
    """Appears once it has taken a moment. `left`: the person does not wait; the work is safe on this computer."""

    left = Signal()

    def __init__(self, project: str, parent: QWidget | None = None) -> None:
        super().__init__("finishingDialog", tr("Finishing…"), parent)
        self._heading = text_label(tr("Writing {name} to its network drive", name=project), "heading")
        self._heading.setObjectName("finishingHeading")
        self._bar = QProgressBar()
        describe(self._bar, "finishingBar", tr("Finishing…"))
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._note = text_label(tr("What is not there when you quit is written at the next start."), "muted")
        self._note.setObjectName("finishingNote")
        for part in (self._heading, self._bar, self._note):
            self.body.addWidget(part)
        for label in (self._heading, self._note):
            label.setWordWrap(True)
        self.add_button("finishingQuit", tr("Quit now"), QDialogButtonBox.ButtonRole.RejectRole)
        self.setMinimumWidth(440)
        self._show_later = QTimer(self)
        self._show_later.setSingleShot(True)
        self._show_later.timeout.connect(self.open)
        self._show_later.start(_SHOWN_AFTER_MS)

    def set_progress(self, done: int, total: int) -> None:
        """Bytes that are there."""
        self._bar.setRange(0, _UNITS if total else 0)
        if total:
            self._bar.setValue(round(_UNITS * done / total))

    def show_failure(self, reason: str) -> None:
        """It will not be written now."""
        self._heading.setText(reason)
        self._note.setText(tr("Your work is safe on this computer. It is written when this program starts again here."))
        self._bar.hide()
        self._show_later.stop()
        self.open()

    def end(self) -> None:
        """It is written."""
        self._show_later.stop()
        self.accept()
        self.deleteLater()

    def reject(self) -> None:
        """Esc, the button or the cross: quit without waiting."""
        self._show_later.stop()
        self.left.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """As Esc."""
        event.ignore()
        self.reject()
