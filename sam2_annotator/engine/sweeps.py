"""Which frames a run of the tracker visits, for which objects, in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sam2_annotator.values.ids import FrameIndex, ObjectId
from sam2_annotator.values.states import Direction


@dataclass(frozen=True, slots=True)
class Sweep:
    """Frames `first` to `last`, both visited, in falling order when `backward`; the same objects on all of them."""

    first: FrameIndex
    last: FrameIndex
    objects: tuple[ObjectId, ...]
    backward: bool = False

    def __len__(self) -> int:
        return abs(self.last - self.first) + 1


def plan(
    keys: Mapping[ObjectId, Sequence[FrameIndex]],
    *,
    origin: FrameIndex,
    start: FrameIndex,
    stop: FrameIndex,
    direction: Direction,
) -> tuple[Sweep, ...]:
    """The sweeps of a run over `start`..`stop`. `keys`: the key frames of each object, never none.

    An object begins at `origin`, or at its first key frame when that comes later (going backward: at its last when
    that comes earlier), so that nothing is tracked towards a prompt. BOTH goes from that frame to `stop`, then from
    the frame before it to `start`.
    """
    if direction is Direction.BACKWARD:
        return _falling({obj: min(origin, max(frames)) for obj, frames in keys.items()}, start)
    begins = {obj: max(origin, min(frames)) for obj, frames in keys.items()}
    rising = _rising(begins, stop)
    if direction is Direction.FORWARD:
        return rising
    return rising + _falling({obj: begin - 1 for obj, begin in begins.items()}, start)


def _rising(begins: Mapping[ObjectId, int], stop: int) -> tuple[Sweep, ...]:
    """Sweeps up to `stop`, each ending where a further object joins."""
    joins = sorted({begin for begin in begins.values() if begin <= stop})
    return tuple(
        Sweep(FrameIndex(join), FrameIndex(following - 1), tuple(obj for obj, begin in begins.items() if begin <= join))
        for join, following in pairwise([*joins, stop + 1])
    )


def _falling(begins: Mapping[ObjectId, int], start: int) -> tuple[Sweep, ...]:
    """Sweeps down to `start`: the rising ones of the mirrored frame numbers."""
    mirrored = _rising({obj: -begin for obj, begin in begins.items()}, -start)
    return tuple(Sweep(FrameIndex(-s.first), FrameIndex(-s.last), s.objects, backward=True) for s in mirrored)
