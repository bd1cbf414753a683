"""The published video API: its results, its ranges, its errors, and what "improved" mends."""

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import torch
from PIL import Image

from sam2_core.errors import EngineError, InvalidPrompt
from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.video.state import VideoState
from support.discs import moving_discs
from support.tiny_model import tiny_video_predictor

CLIP, MASKS = moving_discs(10)
POINT = {"points": [[70, 90]], "labels": [1]}
OTHER = {"points": [[250, 60]], "labels": [1]}


@pytest.fixture
def predictor() -> SAM2VideoPredictor:
    return tiny_video_predictor()


def started(predictor: SAM2VideoPredictor, frames: int = 10, frame: int = 0) -> VideoState:
    state = predictor.init_state(CLIP[:frames])
    predictor.add_new_points_or_box(state, frame, 1, **POINT)
    return state


def run(predictor: SAM2VideoPredictor, state: VideoState, *args: Any, **kwargs: Any) -> dict[int, torch.Tensor]:
    return {frame: logits for frame, _, logits in predictor.propagate_in_video(state, *args, **kwargs)}


def test_results_have_the_published_shape(predictor: SAM2VideoPredictor) -> None:
    state = predictor.init_state(CLIP)
    frame, ids, logits = predictor.add_new_points(state, 2, "a", np.array([[70, 90]]), np.array([1]))
    assert (frame, ids, logits.shape, logits.dtype) == (2, ["a"], (1, 1, 240, 320), torch.float32)
    _, ids, logits = predictor.add_new_points_or_box(state, frame_idx=3, obj_id=7, box=torch.tensor([1.0, 2, 90, 99]))
    assert ids == ["a", 7]
    assert logits.shape == (2, 1, 240, 320)
    assert (logits[0] == -1024).all()  # "a" has nothing on frame 3


@pytest.mark.filterwarnings("ignore:CUDA is not available")
def test_works_inside_the_caller_s_inference_mode_and_outside(predictor: SAM2VideoPredictor) -> None:
    with torch.inference_mode(), torch.autocast("cuda", dtype=torch.bfloat16):
        state = started(predictor)
        inside = run(predictor, state)
    outside = run(predictor, state)
    outside[3].add_(1)  # results belong to the caller
    torch.testing.assert_close(inside[4], outside[4])


def test_parameters_of_another_precision_than_memory_are_served_without_pointers(
    predictor: SAM2VideoPredictor,
) -> None:
    state = started(predictor, frame=3)
    results = run(predictor, state, start_frame_idx=0)  # frame 0 reads memory of a later frame and no pointer
    assert sorted(results) == list(range(10))
    assert torch.isfinite(results[0]).all()


def test_one_frame_clip_takes_a_second_click_after_a_run(predictor: SAM2VideoPredictor) -> None:
    for compat in ("improved", "published"):
        predictor.compat = compat
        state = started(predictor, frames=1)
        run(predictor, state)
        _, _, logits = predictor.add_new_points_or_box(state, 0, 1, **OTHER)
        assert torch.isfinite(logits).all()
        assert logits.max() > -1024


def test_published_ranges(predictor: SAM2VideoPredictor) -> None:
    state = started(predictor, frame=4)
    assert list(run(predictor, state)) == [4, 5, 6, 7, 8, 9]
    assert list(run(predictor, state, max_frame_num_to_track=2)) == [4, 5, 6]
    assert list(run(predictor, state, reverse=True)) == [4, 3, 2, 1, 0]
    assert list(run(predictor, state, 6, 2, True)) == [6, 5, 4]
    assert list(run(predictor, state, 0, reverse=True)) == []


def test_correction_is_kept(predictor: SAM2VideoPredictor) -> None:
    kept = {}
    for compat in ("improved", "published"):
        predictor.compat = compat
        state = started(predictor)
        before = run(predictor, state)
        _, _, corrected = predictor.add_new_points_or_box(state, 5, 1, [[90, 100], [200, 200]], [1, 0])
        after = run(predictor, state)
        assert not torch.equal(corrected, before[5])
        kept[compat] = torch.equal(after[5], corrected), torch.equal(after[7], before[7])
    assert kept == {"improved": (True, False), "published": (False, True)}


@pytest.mark.parametrize(("start", "published"), [(None, 0), (6, 4)])
def test_every_frame_after_a_correction_is_computed_from_it(
    predictor: SAM2VideoPredictor, start: int | None, published: int
) -> None:
    """Tracked again from the first prompt, and from the next frame."""
    changed = {}
    for compat in ("improved", "published"):
        predictor.compat = compat
        state = started(predictor)
        before = run(predictor, state)
        predictor.add_new_points_or_box(state, 5, 1, [[90, 100], [200, 200]], [1, 0])
        after = run(predictor, state, start)
        changed[compat] = sum(not torch.equal(after[f], before[f]) for f in range(6, 10))
    assert changed == {"improved": 4, "published": published}


def test_second_click_on_a_tracked_prompt_frame_has_an_effect(predictor: SAM2VideoPredictor) -> None:
    effect = {}
    for compat in ("improved", "published"):
        predictor.compat = compat
        state = started(predictor)
        before = run(predictor, state)
        predictor.add_new_points_or_box(state, 0, 1, [[20, 200]], [0], clear_old_points=False)
        effect[compat] = (run(predictor, state)[3] - before[3]).abs().max() > 0
    assert effect == {"improved": True, "published": False}


def test_second_click_counts_also_where_corrections_do_not_condition(predictor: SAM2VideoPredictor) -> None:
    predictor.add_all_frames_to_correct_as_cond = False
    state = started(predictor)
    before = run(predictor, state)
    predictor.add_new_points_or_box(state, 0, 1, [[20, 200]], [0], clear_old_points=False)
    assert (run(predictor, state)[0] - before[0]).abs().max() > 0


def test_correcting_as_conditioning_is_on_where_nothing_else_is_said(predictor: SAM2VideoPredictor) -> None:
    assert predictor.add_all_frames_to_correct_as_cond
    predictor.compat = "published"
    assert not predictor.add_all_frames_to_correct_as_cond
    predictor.add_all_frames_to_correct_as_cond = True
    assert predictor.add_all_frames_to_correct_as_cond


def test_unknown_compat_is_refused(predictor: SAM2VideoPredictor) -> None:
    predictor.compat = "publishd"
    with pytest.raises(ValueError, match="publishd"):
        predictor.init_state(CLIP)


def test_memories_around_a_new_prompt_are_cleared(predictor: SAM2VideoPredictor) -> None:
    predictor.clear_non_cond_mem_around_input = True
    predictor.num_maskmem = 3
    state = started(predictor)
    predictor.add_new_points_or_box(state, 0, 2, **OTHER)
    run(predictor, state)
    predictor.add_new_points_or_box(state, 5, 1, [[90, 100]], [1])
    predictor.propagate_in_video_preflight(state)
    assert sorted(state.objects[1].non_cond) == [1, 9]
    assert sorted(state.objects[2].non_cond) == list(range(1, 10))
    assert list(run(predictor, state, 4)) == [4, 5, 6, 7, 8, 9]


def test_points_are_appended_when_asked(predictor: SAM2VideoPredictor) -> None:
    state = started(predictor)
    predictor.add_new_points_or_box(state, 0, 1, [[20, 200]], [0], clear_old_points=False)
    assert state.objects[1].points[0].labels.tolist() == [1, 0]
    predictor.add_new_points_or_box(state, 0, 1, [[0.5, 0.25]], [1], normalize_coords=False)
    assert state.objects[1].points[0].coords.tolist() == [[64, 32]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"frame_idx": 10, **POINT}, "no frame 10"),
        ({"frame_idx": 0, "points": [[1, 1]]}, "together"),
        ({"frame_idx": 0}, "at least one"),
        ({"frame_idx": 0, "box": [0, 0, 5, 5], "clear_old_points": False}, "box"),
        ({"frame_idx": 0, "box": [[0, 0, 5, 5], [1, 1, 2, 2]]}, "only be one"),
        ({"frame_idx": 0, "points": [[np.inf, 1]], "labels": [1]}, "finite"),
    ],
)
def test_unusable_prompts_leave_no_object(
    predictor: SAM2VideoPredictor, arguments: dict[str, Any], message: str
) -> None:
    state = predictor.init_state(CLIP)
    with pytest.raises(ValueError, match=message):
        predictor.add_new_points_or_box(state, obj_id=1, **arguments)
    assert state.objects == {}


def test_failed_refinement_keeps_the_earlier_prompts(predictor: SAM2VideoPredictor) -> None:
    state = started(predictor)
    with pytest.raises(InvalidPrompt):
        predictor.add_new_points_or_box(state, 0, 1, [[1, 1]], [9], clear_old_points=False)
    with pytest.raises(InvalidPrompt):
        predictor.add_new_mask(state, 0, 1, np.zeros((1, 1, 5)))
    assert state.objects[1].points[0].labels.tolist() == [1]
    assert state.objects[1].masks == {}


def test_mask_comes_back_as_painted_only_in_improved(predictor: SAM2VideoPredictor) -> None:
    mask = np.random.default_rng(0).random((240, 320)) > 0.5
    exact = {}
    for compat in ("improved", "published"):
        predictor.compat = compat
        _, _, logits = predictor.add_new_mask(predictor.init_state(CLIP), 0, 1, mask)
        exact[compat] = np.array_equal(logits[0, 0].numpy() > 0, mask)
    assert exact == {"improved": True, "published": False}


def test_mask_of_another_size_is_brought_to_the_clip_s(predictor: SAM2VideoPredictor) -> None:
    _, _, logits = predictor.add_new_mask(predictor.init_state(CLIP), 0, 1, torch.from_numpy(MASKS[0][::2, ::2]))
    assert logits.shape == (1, 1, 240, 320)
    assert ((logits[0, 0].numpy() > 0) == MASKS[0]).mean() > 0.97


def test_nothing_to_track(predictor: SAM2VideoPredictor) -> None:
    state = predictor.init_state(CLIP)
    with pytest.raises(RuntimeError, match="nothing to track"):
        run(predictor, state)


def test_object_whose_prompts_were_cleared_is_left_out(predictor: SAM2VideoPredictor) -> None:
    state = started(predictor)
    predictor.add_new_points_or_box(state, 0, 2, **OTHER)
    frame, ids, logits = predictor.clear_all_prompts_in_frame(state, 0, 1) or (None, [], torch.zeros(0))
    assert (frame, ids) == (0, [1, 2])
    assert (logits[0] == -1024).all()
    assert [ids for _, ids, _ in predictor.propagate_in_video(state)] == [[2]] * 10


def test_removing_an_object_during_a_run(predictor: SAM2VideoPredictor) -> None:
    state = started(predictor)
    predictor.add_new_points_or_box(state, 0, 2, **OTHER)
    seen = {}
    for frame, ids, logits in predictor.propagate_in_video(state):
        seen[frame] = ids
        assert len(logits) == len(ids)
        if frame == 2:
            assert predictor.remove_object(state, 1, need_output=False) == ([2], [])
            predictor.add_new_points_or_box(state, 4, 3, **POINT)
    assert seen[2] == [1, 2]
    assert seen[3] == seen[9] == [2]


def test_removing_an_object_moves_no_other(predictor: SAM2VideoPredictor) -> None:
    state = started(predictor)
    predictor.add_new_points_or_box(state, 3, 2, **OTHER)
    before = run(predictor, state)
    ids, updated = predictor.remove_object(state, 1)
    assert ids == [2]
    assert [(frame, masks.shape) for frame, masks in updated] == [(0, (1, 1, 240, 320))]
    after = run(predictor, state, 3)
    torch.testing.assert_close(after[5], before[5][1:])
    assert predictor.remove_object(state, "unknown") == ([2], [])
    with pytest.raises(RuntimeError, match="no object"):
        predictor.remove_object(state, "unknown", strict=True)
    assert predictor.remove_object(state, 2) == ([], [])


def test_reset_keeps_the_features(predictor: SAM2VideoPredictor) -> None:
    state = started(predictor)
    predictor.reset_state(state)
    assert state.objects == {}
    assert 0 in state.features


def test_state_can_rest_on_the_host(predictor: SAM2VideoPredictor) -> None:
    plain, resting = started(predictor), predictor.init_state(CLIP, offload_state_to_cpu=True)
    predictor.add_new_points_or_box(resting, 0, 1, **POINT)
    assert resting.storage == torch.device("cpu")
    torch.testing.assert_close(run(predictor, plain)[4], run(predictor, resting)[4])


def test_folder_named_by_numbers(predictor: SAM2VideoPredictor, tmp_path: Path) -> None:
    for i in range(3):
        Image.fromarray(CLIP[i]).save(tmp_path / f"{i:05d}.jpg", format="PNG")
    from_folder = predictor.init_state(video_path=str(tmp_path))
    predictor.add_new_points_or_box(from_folder, 0, 1, **POINT)
    torch.testing.assert_close(run(predictor, from_folder)[2], run(predictor, started(predictor, 3))[2])
    with pytest.raises(EngineError):
        predictor.init_state(str(tmp_path / "missing"))
    with pytest.raises(NotImplementedError):
        predictor.init_state(cast(Any, 3.5))
