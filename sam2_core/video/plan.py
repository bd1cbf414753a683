"""Which frames a run goes through, in which order, and which objects take part in each."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

from sam2_core.errors import InvalidPrompt
from sam2_core.video.state import ObjectState, VideoState
from sam2_core.video.validation import check_frame

Direction = Literal["forward", "backward", "both"]


@dataclass(frozen=True, slots=True)
class Leg:
    """One pass in one direction: frames in the order of travel; each object takes part from its own start on.

    skipped: object and frame pairs whose result is current already.
    """

    frames: tuple[int, ...]
    reverse: bool
    objects: dict[Hashable, ObjectState]
    starts: dict[Hashable, int]
    skipped: frozenset[tuple[Hashable, int]]

    def objects_at(self, frame: int) -> dict[Hashable, ObjectState]:
        """The objects to be tracked on a frame of this leg."""
        sign = -1 if self.reverse else 1
        return {
            i: t
            for i, t in self.objects.items()
            if sign * (frame - self.starts[i]) >= 0 and (i, frame) not in self.skipped
        }

    def frames_of(self, obj_id: Hashable) -> list[int]:
        """The frames of this leg on which an object is to be tracked."""
        sign = -1 if self.reverse else 1
        start = self.starts[obj_id]
        return [f for f in self.frames if sign * (f - start) >= 0 and (obj_id, f) not in self.skipped]


def plan_run(
    state: VideoState,
    direction: Direction,
    start: int | None,
    end: int | None,
    objects: Sequence[Hashable] | None,
    *,
    resume: bool,
) -> list[Leg]:
    """The legs of a run over the conditioning frames as preflight left them; ranges as VideoSession.propagate says.

    Raises:
        InvalidPrompt: nothing to track, an unknown object or frame.
        ValueError: an unknown direction.
    """
    if direction not in ("forward", "backward", "both"):
        raise ValueError(f"direction must be forward, backward or both, not {direction!r}")
    for frame in (start, end):
        if frame is not None:
            check_frame(state, frame)
    tracks = _chosen(state, objects)
    last = state.num_frames - 1
    if direction == "both":
        low, high = sorted((start or 0, last if end is None else end))
        return [
            _leg(tracks, {i: max(min(t.cond), low) for i, t in tracks.items()}, high, reverse=False, resume=resume),
            _leg(tracks, {i: min(min(t.cond) - 1, high) for i, t in tracks.items()}, low, reverse=True, resume=resume),
        ]
    reverse = direction == "backward"
    if start is not None and end is not None:
        start, end = (max(start, end), min(start, end)) if reverse else (min(start, end), max(start, end))
    nearest = max if reverse else min
    starts = {i: nearest(t.cond) if start is None else start for i, t in tracks.items()}
    stop = end if end is not None else (0 if reverse else last)
    return [_leg(tracks, starts, stop, reverse=reverse, resume=resume)]


def _chosen(state: VideoState, objects: Sequence[Hashable] | None) -> dict[Hashable, ObjectState]:
    """The objects asked for that have a conditioning frame."""
    for obj_id in objects or ():
        if obj_id not in state.objects:
            raise InvalidPrompt(f"there is no object {obj_id!r}")
    tracks = {i: t for i, t in state.objects.items() if t.cond and (objects is None or i in objects)}
    if not tracks:
        raise InvalidPrompt("there is nothing to track; give a point, a box or a mask first")
    return tracks


def _leg(
    tracks: dict[Hashable, ObjectState], starts: dict[Hashable, int], stop: int, *, reverse: bool, resume: bool
) -> Leg:
    first = max(starts.values()) if reverse else min(starts.values())
    frames = range(first, stop - 1, -1) if reverse else range(first, stop + 1)
    current = frozenset(
        (i, frame) for i, track in tracks.items() for frame in frames if resume and _is_current(track, frame)
    )
    sign = -1 if reverse else 1
    wanted = tuple(f for f in frames if any(sign * (f - s) >= 0 and (i, f) not in current for i, s in starts.items()))
    return Leg(wanted, reverse, dict(tracks), starts, current)


def _is_current(track: ObjectState, frame: int) -> bool:
    output = track.non_cond.peek(frame)
    return frame in track.cond or (output is not None and output.revision == track.revision)
