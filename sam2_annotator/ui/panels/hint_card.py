"""A hint for the first steps: one sentence over the picture, with a way to be rid of all of them (TOUR-1)."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import describe, row_layout, set_role, text_label

_MARGIN = 12


class HintCard(QFrame):
    """Lies in the upper left corner of the canvas and takes no keyboard; `skipped` when one wants no more."""

    skipped = Signal()

    def __init__(self, theme: Theme, canvas: QWidget) -> None:
        super().__init__(canvas)
        self.setObjectName("hintCard")
        set_role(self, "float")
        self._theme = theme
        self._canvas = canvas
        self._mark = QLabel()
        self._count = text_label("", "muted")
        self._text = text_label("", "heading")
        self._text.setObjectName("hintText")
        skip = QPushButton(tr("Skip"))
        describe(skip, "hintSkip", tr("Skip"), what=tr("shows no more hints; Help brings them back"))
        skip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        skip.clicked.connect(self.skipped)
        layout = row_layout(margins=(12, 8, 8, 8), spacing=10)
        layout.addWidget(self._mark)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._count)
        layout.addWidget(skip)
        self.setLayout(layout)
        canvas.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """The hint shown, "" for none."""
        return self._text.text() if not self.isHidden() else ""

    def show_hint(self, text: str, number: int, total: int) -> None:
        """Show hint `number` of `total`; "" hides the card."""
        self.setVisible(bool(text))
        if not text:
            return
        self._text.setText(text)
        self.setAccessibleName(text)
        self._count.setText(tr("{number} of {total}", number=number, total=total))
        self._mark.setPixmap(self._theme.icon("info").pixmap(QSize(18, 18), self.devicePixelRatioF()))
        self._place()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        self.adjustSize()
        self.move(_MARGIN, _MARGIN)
