"""The error dialog (ERR-1)."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from sam2_annotator.ui.dialogs.base import PlainDialog
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import describe, row_layout, text_label

_WIDTH = 520
_MARK = 32


class ErrorDialog(PlainDialog):
    """One sentence what happened, one what to do. `main_chosen` is sent by the button titled `action`.

    `title` names the failure where it was foreseen.
    """

    main_chosen = Signal()

    def __init__(
        self,
        theme: Theme,
        message: str,
        hint: str = "",
        details: str = "",
        *,
        title: str = "",
        action: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("errorDialog", title or tr("Something went wrong"), parent)
        self._details = details
        self.body.addLayout(self._sentences(theme, message, hint))
        if details:
            self.body.addWidget(self._details_view(details))
        if action:
            main = self.add_button("errorMain", action, QDialogButtonBox.ButtonRole.AcceptRole)
            main.clicked.connect(self._choose_main)
        close = self.add_button("errorClose", tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setDefault(not action)
        if details:
            self._copy: QPushButton = self.add_button(
                "errorCopy", tr("Copy details"), QDialogButtonBox.ButtonRole.ActionRole
            )
            self._copy.clicked.connect(self._copy_details)
        self.setMinimumWidth(_WIDTH)

    def _sentences(self, theme: Theme, message: str, hint: str) -> QVBoxLayout:
        mark = QLabel()
        mark.setPixmap(theme.icon("warning").pixmap(QSize(_MARK, _MARK), self.devicePixelRatioF()))
        mark.setAlignment(Qt.AlignmentFlag.AlignTop)
        happened = text_label(message, "heading")
        happened.setObjectName("errorMessage")
        todo = text_label(hint, "muted")
        todo.setObjectName("errorHint")
        todo.setVisible(bool(hint))
        words = QVBoxLayout()
        words.setSpacing(6)
        for label in (happened, todo):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.addWidget(label)
        words.addStretch()
        row = row_layout(spacing=14)
        row.addWidget(mark)
        row.addLayout(words, 1)
        result = QVBoxLayout()
        result.addLayout(row)
        return result

    def _details_view(self, details: str) -> QPlainTextEdit:
        view = QPlainTextEdit(details)
        describe(view, "errorDetails", tr("Details"))
        view.setReadOnly(True)
        view.setTabChangesFocus(True)
        view.setMaximumHeight(120)
        return view

    def _choose_main(self) -> None:
        self.main_chosen.emit()
        self.accept()

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
        self._copy.setText(tr("Copied"))
