"""Passing notices at the bottom of the canvas (STA-3)."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.notices import Notice, Tone
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import icon_button, row_layout, set_role, text_label
from sam2_annotator.values.intents import DocumentAction

SHOWN_MS = 8000
MOST = 2
_WEIGHTS = {Tone.PLAIN: 0, Tone.SUCCESS: 1, Tone.WARNING: 2, Tone.ERROR: 3}
_MARGIN = 14
_ICONS = {Tone.PLAIN: "info", Tone.SUCCESS: "success", Tone.WARNING: "warning", Tone.ERROR: "error"}


class NoticeCard(QFrame):
    """One notice: mark, text, buttons, close. `closed` after its time, a button or the cross."""

    closed = Signal()
    intent = Signal(object)

    def __init__(self, theme: Theme, notice: Notice) -> None:
        super().__init__()
        self.notice = notice
        self._offered = tuple(intent for _, intent in notice.actions)
        self.setObjectName("notice")
        self.setAccessibleName(notice.text)
        set_role(self, "float")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.closed)
        layout = row_layout(margins=(12, 8, 8, 8), spacing=10)
        mark = QLabel()
        mark.setPixmap(theme.icon(_ICONS[notice.tone]).pixmap(QSize(18, 18), self.devicePixelRatioF()))
        layout.addWidget(mark)
        text = text_label(notice.text, "" if notice.tone is Tone.PLAIN else _text_role(notice.tone))
        text.setWordWrap(len(notice.text) > 70)
        text.setObjectName("noticeText")
        layout.addWidget(text, 1)
        for title, intent in notice.actions:
            layout.addWidget(self._button(title, intent))
        close = icon_button(theme, "close", "noticeClose", tr("Close"), what=tr("hides this notice"))
        close.setIconSize(QSize(14, 14))
        close.clicked.connect(self.closed)
        layout.addWidget(close)
        self.setLayout(layout)
        self._timer.start(SHOWN_MS)

    def offers(self, intent: object) -> bool:
        """True when one of the buttons sends this."""
        return intent in self._offered

    def _button(self, title: str, intent: object) -> QPushButton:
        button = QPushButton(title)
        button.setObjectName("noticeAction")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(partial(self._act, intent))
        return button

    def _act(self, intent: object) -> None:
        self.intent.emit(intent)
        self.closed.emit()

    def enterEvent(self, event: QEnterEvent) -> None:
        """The time stands still under the pointer."""
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """And starts anew when it leaves."""
        self._timer.start(SHOWN_MS)


def _text_role(tone: Tone) -> str:
    return {Tone.SUCCESS: "success", Tone.WARNING: "warning", Tone.ERROR: "danger"}[tone]


def _weight(card: NoticeCard) -> int:
    return _WEIGHTS[card.notice.tone]


class NoticesView(QWidget):
    """At most two notices for 8 s each, pausing under the pointer; lies over the bottom of its parent.

    One makes room only for what weighs as much; what weighs less than both waits, the newest alone.
    """

    intent = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("notices")
        self.setAccessibleName(tr("Notices"))
        self._theme = theme
        self._host = parent
        self._cards: list[NoticeCard] = []
        self._waiting: Notice | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        parent.installEventFilter(self)
        self.hide()

    @property
    def texts(self) -> tuple[str, ...]:
        """What is shown now, oldest first."""
        return tuple(card.accessibleName() for card in self._cards)

    def show_notice(self, notice: Notice) -> None:
        """Show it; of two, the one that weighs least goes, the older one if both weigh the same."""
        self.withdraw(notice.topic)
        if len(self._cards) >= MOST:
            least = min(self._cards, key=_weight)
            if _WEIGHTS[notice.tone] < _weight(least):
                self._waiting = notice
                return
            self._remove(least)
        card = NoticeCard(self._theme, notice)
        card.intent.connect(self.intent)
        card.closed.connect(partial(self._drop, card))
        self._cards.append(card)
        self._layout.addWidget(card)
        card.show()  # a hidden card counts for nothing in the size of the layout
        self._place()

    @Slot()
    def withdraw_undo(self) -> None:
        """Hide the notices that offer Undo: after another change it would take back something else."""
        for card in [card for card in self._cards if card.offers(DocumentAction.UNDO)]:
            self._drop(card)

    @Slot(str)
    def withdraw(self, topic: str) -> None:
        """Hide what was told of a topic."""
        if topic and self._waiting is not None and self._waiting.topic == topic:
            self._waiting = None
        for card in [card for card in self._cards if topic and card.notice.topic == topic]:
            self._drop(card)

    def move_to(self, host: QWidget) -> None:
        """Lie over the bottom of another widget from now on."""
        if host is not self._host:
            self._host.removeEventFilter(self)
            host.installEventFilter(self)
            self._host = host
            self.setParent(host)
            self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the bottom when the host changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _drop(self, card: NoticeCard) -> None:
        self._remove(card)
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self.show_notice(waiting)

    def _remove(self, card: NoticeCard) -> None:
        if card in self._cards:
            self._cards.remove(card)
            self._layout.removeWidget(card)
            card.hide()
            card.deleteLater()
            self._place()

    def _place(self) -> None:
        width = min(self._host.width() - 2 * _MARGIN, max(360, self._layout.sizeHint().width()))
        height = self._layout.totalHeightForWidth(width) if self._layout.hasHeightForWidth() else -1
        self.resize(width, height if height > 0 else self._layout.sizeHint().height())
        self.move((self._host.width() - width) // 2, self._host.height() - self.height() - _MARGIN)
        self.raise_()
        self.setVisible(bool(self._cards))
