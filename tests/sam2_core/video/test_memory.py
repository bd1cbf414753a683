"""What a frame reads of an object's memory bank."""

import numpy as np
import pytest
import torch

from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.video.memory import frame_features
from sam2_core.video.runs import bank_of
from sam2_core.video.state import Compat, VideoState
from support.discs import moving_discs
from support.tiny_model import tiny_video_predictor

CLIP, MASKS = moving_discs(8)
KEYS = (0, 1, 2, 4, 5, 6)


def with_keys(predictor: SAM2VideoPredictor, compat: Compat) -> VideoState:
    predictor.compat = compat
    state = predictor.init_state(CLIP)
    for frame in KEYS:
        predictor.add_new_mask(state, frame, 1, MASKS[frame])
    predictor.propagate_in_video_preflight(state)
    return state


@pytest.mark.parametrize(
    ("compat", "limit", "read"),
    [
        ("improved", -1, [2, 4, 1, 5]),
        ("published", -1, list(KEYS)),
        ("improved", 2, [2, 4]),
        ("published", 3, [2, 4, 1]),
    ],
)
def test_conditioning_frames_that_take_part(compat: Compat, limit: int, read: list[int]) -> None:
    predictor = tiny_video_predictor()
    predictor.max_cond_frames_in_attn = limit
    state = with_keys(predictor, compat)
    selection = bank_of(predictor, state, state.objects[1], 3, reverse=False)
    assert [frame for frame, row in selection.spatial if row == 6] == read


def test_pointers_ahead_are_read_where_the_flag_says_so() -> None:
    predictor = tiny_video_predictor()
    state = with_keys(predictor, "published")
    predictor.only_obj_ptrs_in_the_past_for_eval = False
    predictor.use_signed_tpos_enc_to_obj_ptrs = True
    pointers = bank_of(predictor, state, state.objects[1], 3, reverse=False).pointers
    assert pointers == ((0, 3), (1, 2), (2, 1), (4, -1), (5, -2), (6, -3))


def test_frame_reads_itself_only_in_published() -> None:
    for compat, itself in (("improved", False), ("published", True)):
        predictor = tiny_video_predictor()
        state = with_keys(predictor, compat)
        selection = bank_of(predictor, state, state.objects[1], 4, reverse=False)
        assert (4 in [frame for frame, _ in selection.spatial]) is itself


def test_memories_are_stored_as_bfloat16() -> None:
    predictor = tiny_video_predictor()
    state = with_keys(predictor, "improved")
    list(predictor.propagate_in_video(state))
    track = state.objects[1]
    outputs = [*track.cond.values(), *(track.non_cond.get(f) for f in track.non_cond)]
    memories = [output.memory for output in outputs if output is not None]
    assert len(memories) == 8
    assert all(memory is not None and memory.dtype == torch.bfloat16 for memory in memories)


def test_features_come_from_the_frame_asked_for() -> None:
    predictor = tiny_video_predictor()
    state = predictor.init_state(np.stack([CLIP[0], CLIP[7], CLIP[0]]))
    with torch.no_grad():
        a, b, c = (frame_features(predictor, state, i).embedding for i in range(3))
    assert torch.equal(a, c)
    assert not torch.equal(a, b)
