"""Exceptions nobody foresaw: logged, told once in a dialog, and the program goes on."""

from __future__ import annotations

import faulthandler
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import TextIO

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from sam2_annotator import log
from sam2_annotator.engine.messages import ErrorReport
from sam2_annotator.ui.dialogs.error import ErrorDialog
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.style import Theme

FAULT_FILE = "fault.log"
_log = log.get("ui")


class Crash(QObject):
    """Takes `sys.excepthook`, through which exceptions in slots come as well; `caught` may be sent by any thread."""

    caught = Signal(object)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__()
        self._theme = theme
        self._window = window
        self._dialog: ErrorDialog | None = None
        self._fault_file: TextIO | None = None
        self._previous = sys.excepthook
        self.caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self, folder: Path) -> None:
        """Begin; a crash of the process itself leaves its stacks in `folder`."""
        sys.excepthook = self._hook
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._fault_file = (folder / FAULT_FILE).open("w", encoding="utf-8")
        except OSError as error:
            _log.warning("no fault file", reason=str(error))
            return
        faulthandler.enable(self._fault_file)

    def remove(self) -> None:
        """Give back what was taken."""
        sys.excepthook = self._previous
        if self._fault_file is not None:
            faulthandler.disable()
            self._fault_file.close()
            self._fault_file = None

    def show(self, report: ErrorReport) -> None:
        """Show why something could not be opened."""
        title = tr("Not opened")
        dialog = ErrorDialog(self._theme, report.message, report.hint, report.details, title=title, parent=self._window)
        dialog.open()

    def _hook(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _log.error("unexpected", cause=error)
        details = "".join(traceback.format_exception(kind, error, trace))
        self.caught.emit(
            ErrorReport(
                tr("The program met an error it did not expect: {error}", error=f"{kind.__name__}: {error}"),
                tr("Your work up to now is saved; you can go on. Please report the details."),
                details,
            )
        )

    @Slot(object)
    def _show(self, report: ErrorReport) -> None:
        """One dialog at a time: a fault in a repaint would open hundreds."""
        if self._dialog is not None:
            return
        self._dialog = ErrorDialog(self._theme, report.message, report.hint, report.details, parent=self._window)
        self._dialog.finished.connect(self._forget)
        self._dialog.open()

    @Slot()
    def _forget(self) -> None:
        self._dialog = None
