"""The three masks of a single click, to choose from (PRM-2)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QFrame, QGraphicsOpacityEffect, QVBoxLayout, QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import describe, row_layout, set_role, text_label
from sam2_annotator.values.intents import ChooseCandidate

_THUMBNAIL = QSize(76, 58)
_BAR = 4
_EDGE = 4
_FADED = 0.25


@dataclass(frozen=True, slots=True)
class CandidateEntry:
    """One candidate: a small picture of it and the predicted quality (IoU, 0..1)."""

    thumbnail: QImage
    quality: float


class CandidateButton(QAbstractButton):
    """A thumbnail over a bar whose length is the predicted quality; `hovered` says the pointer is on it or not."""

    hovered = Signal(bool)

    def __init__(self, theme: Theme, entry: CandidateEntry, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entry = entry
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """The thumbnail, the bar and a ring around both."""
        return QSize(_THUMBNAIL.width() + 2 * _EDGE, _THUMBNAIL.height() + 3 * _EDGE + _BAR)

    def event(self, event: QEvent) -> bool:
        """Tell when the pointer comes and goes, or the keyboard does."""
        if event.type() in (QEvent.Type.Enter, QEvent.Type.FocusIn):
            self.hovered.emit(True)
        elif event.type() in (QEvent.Type.Leave, QEvent.Type.FocusOut):
            self.hovered.emit(False)
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Thumbnail, bar, and a ring when chosen, under the pointer or reached by Tab."""
        tokens = self._theme.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place = QRectF(_EDGE, _EDGE, _THUMBNAIL.width(), _THUMBNAIL.height())
        size = QSize(self._entry.thumbnail.size()).scaled(_THUMBNAIL, Qt.AspectRatioMode.KeepAspectRatio)
        picture = QRectF(0, 0, size.width(), size.height())
        picture.moveCenter(place.center())
        painter.fillRect(place, QColor(tokens.canvas))
        painter.drawImage(picture, self._entry.thumbnail)
        bar = QRectF(_EDGE, place.bottom() + _EDGE, place.width(), _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.border))
        painter.drawRoundedRect(bar, 2, 2)
        painter.setBrush(QColor(tokens.accent))
        bar.setWidth(bar.width() * min(max(self._entry.quality, 0.0), 1.0))
        painter.drawRoundedRect(bar, 2, 2)
        if self.isChecked() or self.underMouse() or self.hasFocus():
            colour = tokens.focus if self.hasFocus() else tokens.accent if self.isChecked() else tokens.control
            painter.setPen(QPen(QColor(colour), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)
        painter.end()


class CandidateStrip(QFrame):
    """Thumbnails with quality bars. Emits ChooseCandidate; `previewed` carries the index under the pointer or None."""

    intent = Signal(object)
    previewed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        describe(self, "candidates", tr("Mask candidates"))
        set_role(self, "float")
        self._theme = theme
        self._buttons: list[CandidateButton] = []
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 8)
        layout.setSpacing(4)
        head = row_layout()
        self._title = text_label(tr("Which one?"), "heading")
        head.addWidget(self._title)
        head.addStretch()
        head.addWidget(text_label("M", "key"))
        layout.addLayout(head)
        self._row: QBoxLayout = row_layout(spacing=2)
        layout.addLayout(self._row)
        self._fading = QGraphicsOpacityEffect(self)
        self._fading.setOpacity(_FADED)
        self._fading.setEnabled(False)
        self.setGraphicsEffect(self._fading)
        self.hide()
        theme.changed.connect(self.update)

    def set_candidates(self, candidates: tuple[CandidateEntry, ...], chosen: int) -> None:
        """Show these, smallest first; none hides the strip."""
        for button in self._buttons:
            self._row.removeWidget(button)
            button.deleteLater()
        self._buttons = [self._button(index, entry) for index, entry in enumerate(candidates)]
        self.set_chosen(chosen)
        self.set_faded(False)
        self.setVisible(bool(candidates))
        self.adjustSize()

    def set_upright(self, upright: bool) -> QSize:
        """Candidates one over the other, without a title, or side by side; the size that takes."""
        self._title.setVisible(not upright)
        across = QBoxLayout.Direction.LeftToRight
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if upright else across)
        layout = self.layout()
        assert layout is not None
        layout.activate()
        self.adjustSize()
        return self.size()

    def set_faded(self, faded: bool) -> None:
        """Let what lies below be seen, as long as a gesture passes there."""
        self._fading.setEnabled(faded)

    def set_chosen(self, chosen: int) -> None:
        """Mark another one as chosen."""
        for index, button in enumerate(self._buttons):
            button.setChecked(index == chosen)

    def _button(self, index: int, entry: CandidateEntry) -> CandidateButton:
        button = CandidateButton(self._theme, entry, self)
        what = tr("predicted quality {quality:.0%}", quality=entry.quality)
        title = (tr("Small mask"), tr("Middle mask"), tr("Large mask"))[min(index, 2)]
        describe(button, f"candidate{index}", title, key="M", what=what)
        button.clicked.connect(lambda: self._choose(index))
        button.hovered.connect(lambda on: self.previewed.emit(index if on else None))
        self._row.addWidget(button)
        return button

    def _choose(self, index: int) -> None:
        self.set_chosen(index)
        self.intent.emit(ChooseCandidate(index))
