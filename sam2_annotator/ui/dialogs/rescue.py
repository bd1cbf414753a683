"""A project is damaged: rescue what reads, or take a restore point."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from sam2_annotator.ui.dialogs.base import PlainDialog
from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import row_layout, text_label

_MARK = 32


class RescueDialog(PlainDialog):
    """`rescue_wanted`, or `point_wanted` for the newest restore point; `point` is its time in words, "" for none."""

    rescue_wanted = Signal()
    point_wanted = Signal()

    def __init__(self, theme: Theme, name: str, point: str, details: str, parent: QWidget | None = None) -> None:
        super().__init__("rescueDialog", tr("Damaged project"), parent)
        mark = QLabel()
        mark.setPixmap(theme.icon("warning").pixmap(QSize(_MARK, _MARK), self.devicePixelRatioF()))
        mark.setAlignment(Qt.AlignmentFlag.AlignTop)
        happened = text_label(tr("The project {name} is damaged.", name=name), "heading")
        happened.setObjectName("rescueMessage")
        todo = text_label(
            tr(
                "What can still be read can be rescued into a new project; the steps of its history are left behind. "
                "The damaged file stays as it is."
            ),
            "muted",
        )
        words = QVBoxLayout()
        words.setSpacing(6)
        for label in (happened, todo):
            label.setWordWrap(True)
            words.addWidget(label)
        if details:
            why = text_label(details, "muted")
            why.setObjectName("rescueDetails")
            why.setWordWrap(True)
            words.addWidget(why)
        sentences = row_layout(spacing=14)
        sentences.addWidget(mark)
        sentences.addLayout(words, 1)
        self.body.addLayout(sentences)
        if point:
            title = tr("Open restore point of {time}", time=point)
            button = self.add_button("rescuePoint", title, QDialogButtonBox.ButtonRole.ActionRole)
            button.clicked.connect(self.accept)
            button.clicked.connect(self.point_wanted)
        self.add_button("rescueClose", tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        rescue = self.add_button("rescueStart", tr("Rescue what can be read"), QDialogButtonBox.ButtonRole.AcceptRole)
        rescue.clicked.connect(self.accept)
        rescue.clicked.connect(self.rescue_wanted)
        self.setMinimumWidth(640)
