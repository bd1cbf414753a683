"""The standing bar that says why changes are not on the disk, or not on their network drive (SAV-2)."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import describe, row_layout, set_role, text_label
from sam2_annotator.values.intents import DocumentAction


class SaveBar(QFrame):
    """Reason and ways out; hidden while all is well. Emits DocumentAction. A `mild` one is of what is safe here."""

    intent = Signal(object)

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, *, name: str = "saveBar", mild: bool = False
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        set_role(self, "caution" if mild else "alarm")
        self._theme = theme
        self._icon = "warning" if mild else "error"
        self._mark = QLabel()
        self._reason = text_label("")
        self._reason.setObjectName(f"{name}Reason")
        self._reason.setWordWrap(True)
        layout = row_layout(margins=(14, 8, 10, 8), spacing=10)
        layout.addWidget(self._mark)
        layout.addWidget(self._reason, 1)
        for end, title, wish in (
            ("Again", tr("Try again"), DocumentAction.TRY_AGAIN),
            ("Elsewhere", tr("Save elsewhere…"), DocumentAction.SAVE_AS),
        ):
            layout.addWidget(self._button(f"{name}{end}", title, wish))
        self.setLayout(layout)
        self.hide()

    def show_reason(self, text: str) -> None:
        """Stand until `hide`."""
        icon = self._theme.icon(self._icon)
        self._mark.setPixmap(icon.pixmap(QSize(18, 18), self.devicePixelRatioF()))
        self._reason.setText(text)
        self.setAccessibleName(text)
        self.show()

    @property
    def reason(self) -> str:
        """What the bar says, "" while it is hidden."""
        return "" if self.isHidden() else self._reason.text()

    def _button(self, name: str, title: str, wish: DocumentAction) -> QPushButton:
        button = QPushButton(title)
        describe(button, name, title)
        button.clicked.connect(lambda: self.intent.emit(wish))
        return button
