"""What all dialogs share: they never block, and Esc, Enter and the close button do what people expect."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from sam2_annotator.ui.theme.widgets import describe, set_role


class PlainDialog(QDialog):
    """A window-modal dialog shown by `open()`; it goes when it is closed. Subclasses fill `body`."""

    def __init__(self, object_name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(object_name)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.body = QVBoxLayout()
        self.body.setSpacing(10)
        self.buttons = QDialogButtonBox()
        self.buttons.rejected.connect(self.reject)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(20, 18, 20, 16)
        outside.setSpacing(16)
        outside.addLayout(self.body, 1)
        outside.addWidget(self.buttons)

    def add_button(self, object_name: str, title: str, role: QDialogButtonBox.ButtonRole) -> QPushButton:
        """A button below; the one with the accept role is the default and looks so."""
        button = self.buttons.addButton(title, role)
        describe(button, object_name, title)
        accepts = role is QDialogButtonBox.ButtonRole.AcceptRole
        button.setDefault(accepts)
        button.setAutoDefault(True)  # Enter presses the button that has the focus
        if accepts:
            set_role(button, "primary")
        return button
