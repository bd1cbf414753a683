"""Every notice of this run of the program (STA-3)."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from sam2_annotator.ui.dialogs.base import PlainDialog
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Told, Tone
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import describe, text_label

_ICONS = {Tone.PLAIN: "info", Tone.SUCCESS: "success", Tone.WARNING: "warning", Tone.ERROR: "error"}


class MessagesDialog(PlainDialog):
    """The newest first; they can be copied."""

    def __init__(self, theme: Theme, told: tuple[Told, ...], parent: QWidget | None = None) -> None:
        super().__init__("messagesDialog", tr("Messages"), parent)
        self._told = told
        self._table = QTreeWidget()
        describe(self._table, "messagesTable", tr("Messages"))
        self._table.setColumnCount(2)
        self._table.setHeaderHidden(True)
        self._table.setRootIsDecorated(False)
        self._table.setWordWrap(True)
        self._table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        for one in reversed(told):
            row = QTreeWidgetItem(self._table, [f"{one.at:%H:%M:%S}", one.notice.text])
            row.setIcon(0, theme.icon(_ICONS[one.notice.tone]))
            row.setToolTip(1, one.notice.text)
            row.setTextAlignment(0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        none = text_label(tr("Nothing was told yet."), "muted")
        none.setVisible(not told)
        self._table.setVisible(bool(told))
        self.body.addWidget(none)
        self.body.addWidget(self._table, 1)
        copy = self.add_button("messagesCopy", tr("Copy all"), QDialogButtonBox.ButtonRole.ActionRole)
        copy.setEnabled(bool(told))
        copy.clicked.connect(self._copy)
        self.add_button("messagesClose", tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        self.resize(QSize(640, 420))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(f"{one.at:%H:%M:%S} {one.notice.text}" for one in self._told))
