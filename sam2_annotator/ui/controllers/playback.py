"""Playing a clip: time decides the frame, late frames are dropped."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Slot

from sam2_annotator.ui.threads.decoder_worker import FrameAnswer, FrameReady
from sam2_annotator.ui.view_state import View, ViewChange, ViewState
from sam2_annotator.values.intents import Play

_TICK_MS = 10
_DEFAULT_FPS = 10.0
_MAX_SPEED = 8.0
_RATE_WINDOW_MS = 1000


class PlaybackController(QObject):
    """Owns the clock; pausing lands on the frame that is really shown."""

    def __init__(self, view: ViewState) -> None:
        super().__init__()
        self._view = view
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._clock = QElapsedTimer()
        self._speed = 0.0
        self._from = 0
        self._shown = 0
        self._shown_at: deque[int] = deque()

    @property
    def shown_fps(self) -> float | None:
        """Frames per second that really show; None while paused."""
        return float(len(self._shown_at)) if self._timer.isActive() else None

    def toggle(self) -> None:
        """Play forwards, or pause."""
        self.play(Play(0.0 if self._timer.isActive() else 1.0))

    def play(self, wish: Play) -> None:
        """Play at a speed; asking again for the same direction doubles it, up to 8 times."""
        item = self._view.item
        if item is None or not item.media.is_clip or wish.speed == 0:
            self.pause()
            return
        again = self._timer.isActive() and wish.speed * self._speed > 0
        speed = self._speed * 2 if again else wish.speed
        self._speed = max(-_MAX_SPEED, min(_MAX_SPEED, speed))
        at_end = self._view.frame == (item.facts.frames - 1 if speed > 0 else 0)
        self._from = (0 if speed > 0 else item.facts.frames - 1) if at_end else self._view.frame
        self._shown = self._from
        self._shown_at.clear()
        self._clock.start()
        self._timer.start()
        self._view.set_playing(True)

    @Slot(object)
    def on_frame(self, answer: FrameAnswer) -> None:
        """Count what really shows."""
        if not isinstance(answer, FrameReady) or not self._timer.isActive():
            return
        self._shown = answer.frame
        now = self._clock.elapsed()
        self._shown_at.append(now)
        while self._shown_at and now - self._shown_at[0] > _RATE_WINDOW_MS:
            self._shown_at.popleft()

    @Slot(object)
    def on_view(self, change: ViewChange) -> None:
        """Another item stops the clock."""
        if change.concerns(View.ITEM) and self._timer.isActive():
            self._halt()

    def _tick(self) -> None:
        item = self._view.item
        if item is None:
            self._halt()
            return
        fps = item.facts.fps or _DEFAULT_FPS
        frame = self._from + round(self._clock.elapsed() / 1000 * fps * self._speed)
        self._view.show_frame(frame)
        if not 0 <= frame < item.facts.frames:
            self._halt()

    def pause(self) -> None:
        """Stop on the frame that is shown."""
        if self._timer.isActive():
            self._halt()
            self._view.show_frame(self._shown)

    def _halt(self) -> None:
        self._timer.stop()
        self._view.set_playing(False)
