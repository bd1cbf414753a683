"""Files that are missing: where are they now?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QListWidget, QWidget

from sam2_annotator.ui.dialogs.base import PlainDialog
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.widgets import describe, text_label

_MOST_SHOWN = 500


class RelocateDialog(PlainDialog):
    """`chosen` carries the number of the marked file and a path: that file's, or a folder to look through."""

    chosen = Signal(int, object)

    def __init__(self, missing: Sequence[Path], parent: QWidget | None = None) -> None:
        super().__init__("relocateDialog", tr("Missing files"), parent)
        count = len(missing)
        words = tr("{count} files are not where they were.", count=count) if count else tr("All files are there.")
        heading = text_label(words, "heading")
        heading.setObjectName("relocateHeading")
        hint = text_label(
            tr("Choose the marked file, or a folder to look through. The others are found from there by themselves."),
            "muted",
        )
        hint.setWordWrap(True)
        self._files = QListWidget()
        describe(self._files, "relocateFiles", tr("Missing files"))
        self._files.addItems([str(path) for path in missing[:_MOST_SHOWN]])
        if count > _MOST_SHOWN:
            self._files.addItem(tr("and {count} more", count=count - _MOST_SHOWN))
        self._files.setCurrentRow(0)
        for part in (heading, hint, self._files):
            self.body.addWidget(part)
        self.add_button("relocateClose", tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        file = self.add_button("relocateFile", tr("Choose file…"), QDialogButtonBox.ButtonRole.ActionRole)
        folder = self.add_button("relocateFolder", tr("Look through folder…"), QDialogButtonBox.ButtonRole.AcceptRole)
        file.clicked.connect(self._choose_file)
        folder.clicked.connect(self._choose_folder)
        file.setEnabled(bool(missing))
        folder.setEnabled(bool(missing))
        self.resize(620, 400)

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("Where is it now?"))
        self._take(name)

    def _choose_folder(self) -> None:
        self._take(QFileDialog.getExistingDirectory(self, tr("Where are they now?")))

    def _take(self, name: str) -> None:
        if name:
            row = self._files.currentRow()
            self.accept()
            self.chosen.emit(min(max(0, row), _MOST_SHOWN - 1), Path(name))
