"""The memory bank beyond the recorded tables."""

import pytest

from sam2_core.video.memory_bank import BankRules, closest_cond, select


def test_one_frame_clip_has_a_pointer_norm_that_divides() -> None:
    assert select(0, cond=[0], non_cond=[], num_frames=1, rules=BankRules()).pointer_norm == 1


def test_limit_of_one_conditioning_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        closest_cond(5, [0, 9], 1)


def test_keys_beyond_the_limit_still_serve_as_recent_frames() -> None:
    selection = select(12, cond=[0, 10, 11, 30], non_cond=[9], num_frames=40, rules=BankRules(max_cond=2))
    assert selection.spatial == ((11, 6), (30, 6), (9, 2), (10, 1))


def test_reverse_reads_what_lies_after() -> None:
    selection = select(4, cond=[9], non_cond=[3, 5, 6], num_frames=10, reverse=True, rules=BankRules())
    assert selection.spatial == ((9, 6), (6, 1), (5, 0))
    assert selection.pointers == ((9, 5), (5, 1), (6, 2))


@pytest.mark.parametrize(("signed", "ahead"), [(True, -4), (False, 4)])
@pytest.mark.parametrize("reverse", [False, True])
def test_pointers_of_keys_ahead_where_the_model_reads_them(signed: bool, ahead: int, reverse: bool) -> None:
    rules = BankRules(past_pointers=False, signed=signed)
    keys = [9, 2] if reverse else [1, 8]
    frame = 6 if reverse else 4
    selection = select(frame, cond=keys, non_cond=[], num_frames=10, reverse=reverse, rules=rules)
    assert selection.pointers == ((keys[0], 3), (keys[1], ahead))
