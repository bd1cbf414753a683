"""What a person said of the shown picture or frame."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import row_layout, set_role, text_label

_ICON = QSize(16, 16)
_WIDEST = 360


class ReviewBadge(QFrame):
    """ "✓ Confirmed", or the flag with its reason; nothing where nothing was said. Clicks go through it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("review_badge")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        set_role(self, "float")
        self._theme = theme
        self._icon = QLabel()
        self._words = text_label("")
        self._name = ""
        layout = row_layout(margins=(8, 4, 10, 4))
        layout.addWidget(self._icon)
        layout.addWidget(self._words)
        self.setLayout(layout)
        theme.changed.connect(self._draw)
        self.hide()

    @property
    def text(self) -> str:
        """What it says, "" while it is hidden."""
        return self._words.text() if not self.isHidden() else ""

    def set_review(self, *, confirmed: bool, flag: str | None) -> None:
        """Show what was said; a flag goes before a confirmation."""
        words = ""
        if flag is not None:
            words = tr("Flagged: {reason}", reason=flag) if flag else tr("Flagged")
        elif confirmed:
            words = tr("Confirmed")
        self._name = "flag" if flag is not None else "check"
        shown = self._words.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, _WIDEST)
        self._words.setText(shown)
        self.setAccessibleName(words)
        self._draw()
        self.setVisible(bool(words))

    def _draw(self) -> None:
        if self._name:
            self._icon.setPixmap(self._theme.icon(self._name).pixmap(_ICON))
