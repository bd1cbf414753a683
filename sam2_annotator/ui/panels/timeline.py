"""The time line of a clip (VID-4, VID-5): pressing and dragging scrubs, the wheel zooms."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from sam2_annotator.ui.i18n import tr
from sam2_annotator.ui.panels.timeline_model import LaneEntry, Scale, TimelineModel
from sam2_annotator.ui.panels.timeline_paint import GUTTER, LANE, RULER, TimelinePainter
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import describe
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.intents import GoToFrame, SelectObjects
from sam2_annotator.values.states import MaskState

__all__ = ["LaneEntry", "Timeline"]

_ZOOM_STEP = 1.25
_SCROLL_UNITS = 10_000
_SHOWN_LANES = 4


class Timeline(QAbstractScrollArea):
    """Ruler, play head, summary lane and a lane per object. Emits GoToFrame, and SelectObjects for a lane's name."""

    intent = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        describe(self, "timeline", tr("Time line"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._theme = theme
        self._model = TimelineModel()
        self._scale = Scale.fit(0, GUTTER, 1)
        self._frame = 0
        self._selected: frozenset[ObjectId] = frozenset()
        self._still: QPixmap | None = None
        self._scrubbed: int | None = None
        self.horizontalScrollBar().valueChanged.connect(self._scroll_to)
        self.verticalScrollBar().valueChanged.connect(self._redraw)
        theme.changed.connect(self._redraw)

    def set_clip(self, frames: int, fps: float | None) -> None:
        """Show a clip of this length; forgets lanes and states."""
        self._model = TimelineModel(frames)
        self._frame = 0
        self._fit()

    def set_frame(self, frame: int) -> None:
        """Move the play head; emits nothing."""
        self._frame = frame
        if self._scrubbed is None:
            self._rescale(self._scale.showing(frame))
        self.setAccessibleDescription(tr("Frame {frame} of {total}", frame=frame, total=self._model.frames))
        self.viewport().update()

    def set_lanes(self, lanes: tuple[LaneEntry, ...]) -> None:
        """The objects to show, in this order; states of objects that stay are kept."""
        if lanes != self._model.lanes:
            self._model.set_lanes(lanes)
            self._update_bars()

    def set_selection(self, objects: tuple[ObjectId, ...]) -> None:
        """Mark these lanes; emits nothing."""
        self._selected = frozenset(objects)
        self._redraw()

    def set_states(self, object_id: ObjectId, states: Mapping[int, MaskState], flagged: Collection[int] = ()) -> None:
        """All states of one object by frame, and its flagged frames."""
        self._model.set_states(object_id, states, flagged)
        self._redraw()

    def set_flags(self, frames: Collection[int]) -> None:
        """Frames that want another look."""
        self._model.set_flags(frames)
        self._redraw()

    def update_frame(self, frame: int, states: Mapping[ObjectId, MaskState | None]) -> None:
        """New states of some objects on one frame; None for no mask."""
        self._model.update_frame(frame, states)
        self._redraw()

    def sizeHint(self) -> QSize:
        """Room for the ruler, the summary and a few lanes."""
        return QSize(640, RULER + LANE * (1 + _SHOWN_LANES))

    def minimumSizeHint(self) -> QSize:
        """Room for the ruler, the summary and one lane."""
        return QSize(GUTTER + 160, RULER + LANE * 2)

    # --------------------------------------------------------------------------------------- drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """The still part comes from a cached picture, so that moving the play head costs next to nothing."""
        if self._still is None:
            self._still = self._draw_still()
        painter = QPainter(self.viewport())
        painter.drawPixmap(0, 0, self._still)
        if self._model.frames:
            head = TimelinePainter(painter, self._theme.tokens, self._scale, self.font())
            head.playhead(self._frame, self.viewport().height())
        painter.end()

    def _draw_still(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        still = QPixmap(self.viewport().size() * ratio)
        still.setDevicePixelRatio(ratio)
        still.fill(QColor(self._theme.tokens.lane))
        painter = QPainter(still)
        drawing = TimelinePainter(painter, self._theme.tokens, self._scale, self.font())
        painter.fillRect(0, 0, GUTTER, self.viewport().height(), QColor(self._theme.tokens.panel))
        if self._model.frames:
            painter.save()
            painter.setClipRect(0, RULER + LANE, self.viewport().width(), self.viewport().height())
            for place, lane in self._visible_lanes():
                drawing.lane(self._model, lane, place, selected=lane.object_id in self._selected)
            painter.restore()
            drawing.summary(self._model, RULER)
            drawing.ruler()
        painter.end()
        return still

    def _visible_lanes(self) -> list[tuple[int, LaneEntry]]:
        """(top, lane) of the lanes in sight."""
        offset, height = self.verticalScrollBar().value(), self.viewport().height()
        first = offset // LANE
        last = (offset + height) // LANE + 1
        lanes = self._model.lanes[first:last]
        return [(RULER + LANE * (1 + first + row) - offset, lane) for row, lane in enumerate(lanes)]

    def _redraw(self) -> None:
        self._still = None
        self.viewport().update()

    # ----------------------------------------------------------------------------------- zoom and scroll

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the whole clip in sight if it was, else the left edge."""
        whole = self._scale.first == 0 and self._scale.shown >= self._scale.frames - 1
        if whole:
            self._fit()
        else:
            self._rescale(replace(self._scale, width=self._width()).scrolled(0))
            self._update_bars()

    def _fit(self) -> None:
        self._scale = Scale.fit(self._model.frames, GUTTER, self._width())
        self._update_bars()

    def _width(self) -> float:
        return float(max(1, self.viewport().width() - GUTTER - 8))

    def _rescale(self, scale: Scale) -> None:
        if scale != self._scale:
            self._scale = scale
            self._update_bars()

    def _update_bars(self) -> None:
        """Both scroll bars say what is in sight; the one for time counts in parts of the clip."""
        lanes = self.verticalScrollBar()
        lanes.setSingleStep(LANE)
        lanes.setPageStep(max(LANE, self.viewport().height() - RULER - LANE))
        lanes.setRange(0, max(0, len(self._model.lanes) * LANE - (self.viewport().height() - RULER - LANE)))
        time, frames = self.horizontalScrollBar(), max(1, self._model.frames)
        shown = min(_SCROLL_UNITS, round(self._scale.shown / frames * _SCROLL_UNITS))
        time.blockSignals(True)
        time.setRange(0, _SCROLL_UNITS - shown)
        time.setPageStep(shown)
        time.setValue(round(self._scale.first / frames * _SCROLL_UNITS))
        time.blockSignals(False)
        self._redraw()

    def _scroll_to(self, units: int) -> None:
        wanted = units / _SCROLL_UNITS * self._model.frames
        self._scale = self._scale.scrolled(wanted - self._scale.first)
        self._redraw()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel zooms at the pointer; two fingers and Shift scroll; over the names it scrolls the lanes."""
        pixels, notches = event.pixelDelta(), event.angleDelta()
        touchpad = event.phase() != Qt.ScrollPhase.NoScrollPhase and not pixels.isNull()
        if event.position().x() < GUTTER:
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - notches.y() // 4)
        elif touchpad:
            self._rescale(self._scale.scrolled(-pixels.x() * self._scale.per_pixel))
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - pixels.y())
        elif notches.x() or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._rescale(self._scale.scrolled(-(notches.x() or notches.y()) / 120 * self._scale.shown / 8))
        else:
            self._rescale(self._scale.zoomed(_ZOOM_STEP ** (notches.y() / 120), event.position().x()))
        event.accept()

    # ------------------------------------------------------------------------------------------ scrubbing

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the frame, or choose the object whose name was pressed."""
        if event.button() != Qt.MouseButton.LeftButton or not self._model.frames:
            return
        if event.position().x() < GUTTER:
            self._press_name(int(event.position().y()))
        else:
            self._scrub(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Scrub."""
        if self._scrubbed is not None:
            self._scrub(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End scrubbing."""
        self._scrubbed = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Reached by Tab, the time line steps and zooms by keys."""
        target = {
            Qt.Key.Key_Left: self._frame - 1,
            Qt.Key.Key_Right: self._frame + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self._model.frames - 1,
        }.get(Qt.Key(event.key()))
        zoom = {Qt.Key.Key_Plus: _ZOOM_STEP, Qt.Key.Key_Minus: 1 / _ZOOM_STEP}.get(Qt.Key(event.key()))
        if target is not None and 0 <= target < self._model.frames:
            self.intent.emit(GoToFrame(target))
        elif zoom is not None:
            self._rescale(self._scale.zoomed(zoom, self._scale.centre(self._frame)))
        else:
            super().keyPressEvent(event)

    def _scrub(self, x: float) -> None:
        frame = self._scale.frame_at(x)
        if frame != self._scrubbed:
            self._scrubbed = frame
            self._frame = frame
            self.viewport().update()
            self.intent.emit(GoToFrame(frame))

    def _press_name(self, y: int) -> None:
        row = (y - RULER - LANE + self.verticalScrollBar().value()) // LANE
        if y >= RULER + LANE and row < len(self._model.lanes):
            self.intent.emit(SelectObjects((self._model.lanes[row].object_id,)))
