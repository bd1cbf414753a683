from __future__ import annotations

import pytest

from sam2_annotator.engine.sweeps import Sweep, plan
from sam2_annotator.values.ids import FrameIndex, ObjectId
from sam2_annotator.values.states import Direction

FORWARD, BACKWARD, BOTH = Direction.FORWARD, Direction.BACKWARD, Direction.BOTH


@pytest.mark.parametrize(
    ("keys", "origin", "direction", "expected"),
    [
        ({1: [0]}, 0, FORWARD, [(0, 9, [1], False)]),
        ({1: [5]}, 0, FORWARD, [(5, 9, [1], False)]),
        ({1: [0, 8]}, 4, FORWARD, [(4, 9, [1], False)]),
        ({1: [0], 2: [4]}, 0, FORWARD, [(0, 3, [1], False), (4, 9, [1, 2], False)]),
        ({1: [9]}, 0, FORWARD, [(9, 9, [1], False)]),
        ({1: [12]}, 0, FORWARD, []),
        ({1: [0, 6]}, 9, BACKWARD, [(6, 0, [1], True)]),
        ({1: [6], 2: [3]}, 9, BACKWARD, [(6, 4, [1], True), (3, 0, [1, 2], True)]),
        ({1: [0]}, 9, BACKWARD, [(0, 0, [1], True)]),
        ({1: [4, 7]}, 0, BOTH, [(4, 9, [1], False), (3, 0, [1], True)]),
        ({1: [4]}, 6, BOTH, [(6, 9, [1], False), (5, 0, [1], True)]),
        ({1: [0], 2: [3]}, 0, BOTH, [(0, 2, [1], False), (3, 9, [1, 2], False), (2, 0, [2], True)]),
    ],
)
def test_plan(
    keys: dict[int, list[int]], origin: int, direction: Direction, expected: list[tuple[int, int, list[int], bool]]
) -> None:
    sweeps = plan(
        {ObjectId(obj): [FrameIndex(frame) for frame in frames] for obj, frames in keys.items()},
        origin=FrameIndex(origin),
        start=FrameIndex(0),
        stop=FrameIndex(9),
        direction=direction,
    )
    assert [(s.first, s.last, [*s.objects], s.backward) for s in sweeps] == expected


def test_length_counts_both_ends() -> None:
    assert len(Sweep(FrameIndex(7), FrameIndex(3), (), backward=True)) == 5
    assert len(Sweep(FrameIndex(3), FrameIndex(3), ())) == 1
