"""What the time line shows, as numbers: a code per object and frame, and which code wins in a screen column.

Codes are ordered by urgency, so "the most urgent one" is the largest (VID-4). No Qt.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.states import MaskState

Codes = NDArray[np.uint8]

MAX_FRAME_WIDTH = 24.0
NONE, ABSENT, KEY, CONFIRMED, PROPAGATED, EMPTY, FLAGGED = range(7)
_CODE = {
    MaskState.ABSENT: ABSENT,
    MaskState.KEY: KEY,
    MaskState.CONFIRMED: CONFIRMED,
    MaskState.PROPAGATED: PROPAGATED,
    MaskState.EMPTY: EMPTY,
}


@dataclass(frozen=True, slots=True)
class LaneEntry:
    """One object's lane; `colour` is (r, g, b)."""

    object_id: ObjectId
    number: int
    label: str
    colour: tuple[int, int, int]


def code_of(state: MaskState | None) -> int:
    """The code of a state; None is no mask."""
    return NONE if state is None else _CODE[state]


def columns(codes: Codes, first: float, per_column: float, width: int) -> Codes:
    """The most urgent code in each of `width` screen columns.

    Column c covers the frames from `first + c * per_column` up to the next column's start, at least one frame;
    columns past the end are NONE. codes: uint8 (frames,) → uint8 (width,).
    """
    edges = np.floor(first + np.arange(width + 1) * per_column).astype(np.int64)
    starts = edges[:-1]
    result = np.zeros(width, np.uint8)
    inside = np.flatnonzero((starts >= 0) & (starts < len(codes)))
    if inside.size:
        stop = max(edges[inside[-1] + 1], starts[inside[-1]] + 1)
        result[inside] = np.maximum.reduceat(codes[:stop], starts[inside])
    return result


@dataclass(frozen=True, slots=True)
class Scale:
    """Where frames lie: frame `first` (a fraction while scrolling) begins at `left`; `per_pixel` frames a pixel."""

    frames: int
    left: float
    width: float
    first: float = 0.0
    per_pixel: float = 1.0

    @classmethod
    def fit(cls, frames: int, left: float, width: float) -> Scale:
        """The whole clip in `width` pixels, yet no frame wider than MAX_FRAME_WIDTH."""
        return cls(frames, left, width, 0.0, max(frames / max(width, 1.0), 1 / MAX_FRAME_WIDTH))

    @property
    def shown(self) -> float:
        """Frames that fit into the width."""
        return self.width * self.per_pixel

    def x(self, frame: float) -> float:
        """Where a frame begins."""
        return self.left + (frame - self.first) / self.per_pixel

    def centre(self, frame: int) -> float:
        """The middle of a frame."""
        return self.x(frame + 0.5)

    def centres(self, frames: NDArray[np.int64]) -> list[float]:
        """The middles of several frames."""
        return [self.centre(frame) for frame in frames.tolist()]

    def frame_at(self, x: float) -> int:
        """The frame at a place, held at the ends of the clip."""
        return min(max(int(self.first + (x - self.left) * self.per_pixel), 0), max(self.frames - 1, 0))

    def zoomed(self, factor: float, x: float) -> Scale:
        """`factor` times larger; the frame at `x` stays there as far as the ends allow."""
        widest = Scale.fit(self.frames, self.left, self.width).per_pixel
        per_pixel = min(max(self.per_pixel / factor, 1 / MAX_FRAME_WIDTH), widest)
        held = self.first + (x - self.left) * self.per_pixel
        return replace(self, per_pixel=per_pixel)._at(held - (x - self.left) * per_pixel)

    def scrolled(self, frames: float) -> Scale:
        """Moved on by so many frames, held at the ends."""
        return self._at(self.first + frames)

    def showing(self, frame: int) -> Scale:
        """Turned like a page when `frame` is out of sight."""
        if self.first <= frame <= self.first + self.shown - 1:
            return self
        return self._at(frame - self.shown * 0.1)

    def _at(self, first: float) -> Scale:
        return replace(self, first=min(max(first, 0.0), max(self.frames - self.shown, 0.0)))

    def tick_step(self, least_pixels: float) -> int:
        """Frames between numbers on the ruler: 1, 2 or 5 times a power of ten, at least so many pixels apart."""
        wanted = max(1.0, least_pixels * self.per_pixel)
        power = 10 ** int(np.floor(np.log10(wanted)))
        return int(next(power * m for m in (1, 2, 5, 10) if power * m >= wanted))


class TimelineModel:
    """Lanes of a clip of `frames` frames."""

    def __init__(self, frames: int = 0) -> None:
        self.frames = frames
        self.lanes: tuple[LaneEntry, ...] = ()
        self._codes: dict[ObjectId, Codes] = {}
        self._summary: Codes | None = None
        self._flags: list[int] = []

    def set_flags(self, frames: Collection[int]) -> None:
        """Frames that want another look, whatever their objects have: the summary says so."""
        self._flags = sorted(frame for frame in frames if 0 <= frame < self.frames)
        self._summary = None

    def set_lanes(self, lanes: tuple[LaneEntry, ...]) -> None:
        """The objects to show, in this order; states of objects that stay are kept."""
        self.lanes = lanes
        self._codes = {lane.object_id: self.codes(lane.object_id) for lane in lanes}
        self._summary = None

    def set_states(self, object_id: ObjectId, states: Mapping[int, MaskState], flagged: Collection[int] = ()) -> None:
        """All states of one object by frame, and its flagged frames. An object without a lane is passed over."""
        if object_id not in self._codes:
            return
        codes = np.zeros(self.frames, np.uint8)
        if states:
            codes[list(states)] = [_CODE[state] for state in states.values()]
        codes[list(flagged)] = FLAGGED
        self._codes[object_id] = codes
        self._summary = None

    def update_frame(self, frame: int, states: Mapping[ObjectId, MaskState | None]) -> None:
        """New states of some objects on one frame; None for no mask."""
        for object_id, state in states.items():
            if object_id in self._codes:
                self._codes[object_id][frame] = code_of(state)
        if self._summary is not None and self._summary[frame] != FLAGGED:
            self._summary[frame] = max((int(codes[frame]) for codes in self._codes.values()), default=NONE)

    def codes(self, object_id: ObjectId) -> Codes:
        """Codes of one object: uint8 (frames,)."""
        codes = self._codes.get(object_id)
        return np.zeros(self.frames, np.uint8) if codes is None else codes

    def summary(self) -> Codes:
        """The most urgent code of all objects per frame: uint8 (frames,)."""
        if self._summary is None:
            rows = list(self._codes.values())
            self._summary = np.maximum.reduce(rows) if rows else np.zeros(self.frames, np.uint8)
            self._summary[self._flags] = FLAGGED
        return self._summary

    def keys(self, object_id: ObjectId, scale: Scale) -> NDArray[np.int64]:
        """Key frames of an object that are in sight, in order: int64 (keys,)."""
        first = int(scale.first)
        return np.flatnonzero(self.codes(object_id)[first : int(scale.first + scale.shown) + 1] == KEY) + first
