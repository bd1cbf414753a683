"""Draws the time line: state by shape and shade, never by colour alone (VID-4)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QPainter, QPainterPath, QPen

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.panels.timeline_model import (
    CONFIRMED,
    EMPTY,
    FLAGGED,
    KEY,
    NONE,
    PROPAGATED,
    Codes,
    LaneEntry,
    Scale,
    TimelineModel,
    columns,
)
from sam2_annotator.ui.theme.swatch import swatch
from sam2_annotator.ui.theme.tokens import Tokens

GUTTER = 132
RULER = 24
LANE = 22
_BAR = 9.0
_TICK_PIXELS = 84
_REACH = 4.5


def _diamond() -> QPainterPath:
    """A key frame's mark around (0, 0)."""
    path = QPainterPath(QPointF(0, -_REACH))
    for x, y in ((_REACH, 0), (0, _REACH), (-_REACH, 0)):
        path.lineTo(x, y)
    path.closeSubpath()
    return path


_DIAMOND = _diamond()


class TimelinePainter:
    """Paints the parts of a time line that do not move with the play head, and the play head."""

    def __init__(self, painter: QPainter, tokens: Tokens, scale: Scale, font: QFont) -> None:
        self._painter = painter
        self._tokens = tokens
        self._scale = scale
        self._track = QRectF(scale.left, 0, scale.width, 1)
        small = QFont(font)
        small.setPointSizeF(font.pointSizeF() * 0.9)
        painter.setFont(small)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def ruler(self) -> None:
        """Ticks and frame numbers."""
        painter, scale = self._painter, self._scale
        painter.fillRect(QRectF(0, 0, scale.left + scale.width, RULER), QColor(self._tokens.panel))
        step = scale.tick_step(_TICK_PIXELS)
        first = int(scale.first) // step * step
        for frame in range(first, min(int(scale.first + scale.shown) + 1, scale.frames), step):
            self._tick(frame, step)

    def _tick(self, frame: int, step: int) -> None:
        painter, scale = self._painter, self._scale
        painter.setPen(QPen(QColor(self._tokens.control), 1))
        x = round(scale.centre(frame)) + 0.5
        if x >= scale.left:
            painter.drawLine(QPointF(x, RULER - 7), QPointF(x, RULER - 1))
        for part in range(1, 5):
            minor = round(scale.centre(frame) + part * step / 5 / scale.per_pixel) + 0.5
            if step >= 5 and scale.left <= minor <= scale.x(scale.frames):
                painter.drawLine(QPointF(minor, RULER - 4), QPointF(minor, RULER - 1))
        painter.setPen(QColor(self._tokens.text_muted))
        box = QRectF(x + 4, 2, _TICK_PIXELS - 6, RULER - 6)
        if scale.left <= x and box.left() + 24 < scale.left + scale.width:
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, f"{frame:,}")

    def summary(self, model: TimelineModel, top: int) -> None:
        """The lane of all objects together."""
        self._name(top, tr("All objects"))
        self._bars(model.summary(), top, QColor(self._tokens.icon))

    def lane(self, model: TimelineModel, lane: LaneEntry, top: int, *, selected: bool) -> None:
        """One object's lane."""
        if selected:
            self._painter.fillRect(QRectF(0, top, GUTTER, LANE), QColor(self._tokens.selection))
        mark = QRect(10, top + (LANE - 12) // 2, 12, 12)
        swatch(lane.colour).paint(self._painter, mark)
        self._name(top, f"{lane.number}  {lane.label}", left=28, selected=selected)
        self._bars(model.codes(lane.object_id), top, QColor(*lane.colour))
        self._keys(model, lane, top)

    def _name(self, top: int, text: str, *, left: int = 10, selected: bool = False) -> None:
        self._painter.setPen(QColor(self._tokens.on_selection if selected else self._tokens.text))
        box = QRectF(left, top, GUTTER - left - 6, LANE)
        text = self._painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
        self._painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _bars(self, codes: Codes, top: int, colour: QColor) -> None:
        scale, middle = self._scale, top + LANE / 2
        last = min(scale.x(scale.frames), scale.left + scale.width)
        self._painter.setPen(QPen(QColor(self._tokens.border), 1))
        self._painter.drawLine(
            QPointF(scale.left, top + LANE - 0.5), QPointF(scale.left + scale.width, top + LANE - 0.5)
        )
        for start, stop, code in runs(columns(codes, scale.first, scale.per_pixel, int(scale.width))):
            box = QRectF(scale.left + start, middle - _BAR / 2, min(stop + scale.left, last) - scale.left - start, _BAR)
            self._bar(box, code, colour)

    def _bar(self, box: QRectF, code: int, colour: QColor) -> None:
        painter, middle = self._painter, box.center().y()
        if code in (CONFIRMED, KEY):
            painter.fillRect(box, colour)
        elif code == PROPAGATED:
            shade = QColor(colour)
            shade.setAlpha(90)
            painter.fillRect(box, shade)
            painter.fillRect(box, QBrush(colour, Qt.BrushStyle.BDiagPattern))
        elif code == EMPTY:
            painter.setPen(QPen(QColor(self._tokens.warning), 2, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(box.left(), middle), QPointF(box.right(), middle))
        elif code == FLAGGED:
            self._flag(box)
        elif code == NONE:
            painter.setPen(QPen(QColor(self._tokens.border), 1))
            painter.drawLine(QPointF(box.left(), middle), QPointF(box.right(), middle))

    def _flag(self, box: QRectF) -> None:
        painter = self._painter
        painter.fillRect(box.adjusted(0, -3, 0, 3), QColor(self._tokens.danger))
        if box.width() >= 6:
            painter.setPen(QColor(self._tokens.window))
            painter.drawText(box.adjusted(0, -4, 0, 4), Qt.AlignmentFlag.AlignCenter, "!")

    def _keys(self, model: TimelineModel, lane: LaneEntry, top: int) -> None:
        """A diamond per key frame; of several that would cover one another, the first stands for all."""
        scale, middle = self._scale, top + LANE / 2
        self._painter.setPen(QPen(QColor(self._tokens.lane), 1.5))
        self._painter.setBrush(QColor(self._tokens.text))
        drawn = -_REACH
        for x in scale.centres(model.keys(lane.object_id, scale)):
            if x - drawn >= _REACH:
                drawn = x
                self._painter.drawPath(_DIAMOND.translated(x, middle))

    def playhead(self, frame: int, bottom: int) -> None:
        """A line through all lanes with the frame's number on the ruler; a wide frame is shaded."""
        painter, scale = self._painter, self._scale
        colour = QColor(self._tokens.accent)
        x = scale.centre(frame)
        if not scale.left <= x <= scale.left + scale.width + 1:
            return
        if scale.per_pixel < 0.5:
            shade = QColor(colour)
            shade.setAlpha(40)
            painter.fillRect(QRectF(scale.x(frame), RULER, 1 / scale.per_pixel, bottom - RULER), shade)
        painter.setPen(QPen(colour, 1.5))
        painter.drawLine(QPointF(x, RULER - 6), QPointF(x, bottom))
        text = f"{frame:,}"
        width = painter.fontMetrics().horizontalAdvance(text) + 12
        grip = QRectF(min(x - width / 2, scale.left + scale.width - width + 6), 3, width, RULER - 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(grip, 5, 5)
        painter.setPen(QColor(self._tokens.on_accent))
        painter.drawText(grip, Qt.AlignmentFlag.AlignCenter, text)


def runs(codes: Codes) -> Iterator[tuple[int, int, int]]:
    """(start, stop, code) of every stretch of equal codes, stop exclusive."""
    edges = np.flatnonzero(np.diff(codes)) + 1
    bounds = [0, *edges.tolist(), len(codes)]
    for start, stop in itertools.pairwise(bounds):
        if stop > start:
            yield start, stop, int(codes[start])
