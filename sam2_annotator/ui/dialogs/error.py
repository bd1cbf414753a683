"""The error dialog (ERR-1)."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QWidget


class ErrorDialog(QDialog):
    """One sentence what happened, one what to do. `main_chosen` is sent by the button titled `action`."""

    main_chosen = Signal()

    def __init__(
        self, message: str, hint: str = "", details: str = "", *, action: str = "", parent: QWidget | None = None
    ) -> None: ...
