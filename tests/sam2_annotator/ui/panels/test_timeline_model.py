import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sam2_annotator.ui.panels.timeline_model import (
    ABSENT,
    CONFIRMED,
    EMPTY,
    FLAGGED,
    KEY,
    NONE,
    PROPAGATED,
    LaneEntry,
    Scale,
    TimelineModel,
    columns,
)
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.states import MaskState

ONE, TWO = ObjectId(1), ObjectId(2)
LANES = (LaneEntry(ONE, 1, "dog", (0, 0, 0)), LaneEntry(TWO, 2, "cat", (0, 0, 0)))


def test_urgency_is_the_order_of_the_codes() -> None:
    assert FLAGGED > EMPTY > PROPAGATED > CONFIRMED > NONE
    assert ABSENT > NONE


def test_a_column_takes_the_most_urgent_state_it_covers() -> None:
    codes = np.full(20_000, PROPAGATED, np.uint8)
    codes[:10_000] = CONFIRMED
    codes[777] = EMPTY
    codes[12_345] = FLAGGED
    shown = columns(codes, 0, 20.0, 1000)
    assert shown[777 // 20] == EMPTY
    assert shown[12_345 // 20] == FLAGGED
    assert np.count_nonzero(shown == EMPTY) == np.count_nonzero(shown == FLAGGED) == 1
    assert shown[0] == CONFIRMED
    assert shown[-1] == PROPAGATED


def test_zoomed_in_a_frame_covers_several_columns_and_the_end_is_empty() -> None:
    codes = np.array([KEY, PROPAGATED, EMPTY], np.uint8)
    assert columns(codes, 0, 0.5, 8).tolist() == [KEY, KEY, PROPAGATED, PROPAGATED, EMPTY, EMPTY, NONE, NONE]


@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=200),
    st.floats(0, 250),
    st.floats(0.04, 50),
    st.integers(1, 120),
)
def test_columns_agree_with_the_definition(raw: list[int], first: float, per_column: float, width: int) -> None:
    codes = np.array(raw, np.uint8)
    shown = columns(codes, first, per_column, width)
    for column in range(width):
        start = int(np.floor(first + column * per_column))
        stop = max(start + 1, int(np.floor(first + (column + 1) * per_column)))
        assert shown[column] == max(raw[start:stop], default=NONE)


def test_the_summary_is_the_most_urgent_of_all_objects_and_follows_single_frames() -> None:
    model = TimelineModel(4)
    model.set_lanes(LANES)
    model.set_states(ONE, {0: MaskState.KEY, 1: MaskState.PROPAGATED, 2: MaskState.EMPTY})
    model.set_states(TWO, {1: MaskState.CONFIRMED, 2: MaskState.PROPAGATED}, flagged=(3,))
    assert model.summary().tolist() == [KEY, PROPAGATED, EMPTY, FLAGGED]
    model.update_frame(2, {ONE: None})
    assert model.summary().tolist() == [KEY, PROPAGATED, PROPAGATED, FLAGGED]
    assert model.codes(ONE).tolist() == [KEY, PROPAGATED, NONE, NONE]


def test_the_summary_of_one_object_is_not_its_lane() -> None:
    model = TimelineModel(2)
    model.set_lanes(LANES[:1])
    model.set_states(ONE, {0: MaskState.KEY})
    model.summary()[:] = FLAGGED
    assert model.codes(ONE).tolist() == [KEY, NONE]


def test_lanes_that_stay_keep_their_states() -> None:
    model = TimelineModel(3)
    model.set_lanes(LANES)
    model.set_states(TWO, {1: MaskState.KEY})
    model.set_lanes(LANES[1:])
    assert model.keys(TWO, Scale(3, 0, 100, 0, 0.05)).tolist() == [1]
    assert model.keys(TWO, Scale(3, 0, 20, 2, 0.05)).tolist() == []


def test_zoom_keeps_the_frame_under_the_pointer() -> None:
    scale = Scale.fit(20_000, 100, 1000)
    before = scale.frame_at(640)
    for _ in range(12):
        scale = scale.zoomed(1.25, 640)
    assert abs(scale.frame_at(640) - before) <= 1
    for _ in range(40):
        scale = scale.zoomed(0.8, 640)
    assert scale == Scale.fit(20_000, 100, 1000)


@pytest.mark.parametrize("frame", [0, 9_999, 19_999])
def test_a_frame_out_of_sight_turns_the_page(frame: int) -> None:
    scale = Scale.fit(20_000, 0, 1000).zoomed(30, 500).showing(frame)
    assert 0 <= scale.x(frame) < 1000


def test_places_and_frames_are_inverse_and_held_at_the_ends() -> None:
    scale = Scale.fit(500, 100, 1000)
    assert [scale.frame_at(scale.centre(frame)) for frame in range(500)] == list(range(500))
    assert scale.frame_at(-50) == 0
    assert scale.frame_at(5000) == 499


def test_ruler_steps_are_round_and_wide_enough() -> None:
    scale = Scale.fit(20_000, 0, 1000)
    assert scale.tick_step(80) == 2000
    assert Scale.fit(10, 0, 1000).tick_step(80) == 5


def test_flagged_frames_are_the_most_urgent_of_the_summary_and_stay_so() -> None:
    model = TimelineModel(4)
    model.set_lanes((LaneEntry(ONE, 1, "dog", (0, 0, 0)),))
    model.set_states(ONE, {0: MaskState.KEY, 1: MaskState.PROPAGATED})
    model.set_flags((1, 9))
    assert model.summary().tolist() == [KEY, FLAGGED, NONE, NONE], "a frame the clip does not have is passed over"
    model.update_frame(1, {ONE: MaskState.CONFIRMED})
    assert model.summary().tolist() == [KEY, FLAGGED, NONE, NONE]
    assert model.codes(ONE).tolist() == [KEY, CONFIRMED, NONE, NONE]
    model.set_flags(())
    assert model.summary().tolist() == [KEY, CONFIRMED, NONE, NONE]
