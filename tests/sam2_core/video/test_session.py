"""The video session: prompts in, typed results out; threads and precision."""

import threading
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import pytest
import torch

from sam2_core.errors import InvalidPrompt, OutOfMemory
from sam2_core.frames import ArrayFrames, Pixels
from sam2_core.ops.smoothing import smooth
from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.video.session import VideoSession
from support.discs import iou
from support.sessions import CLIP, MASKS, SIZE, clicked, logits, session_of
from support.tiny_model import tiny_video_predictor


@pytest.fixture
def model() -> SAM2VideoPredictor:
    return tiny_video_predictor()


def test_single_click_gives_three_candidates_and_the_best_is_in_use(model: SAM2VideoPredictor) -> None:
    result = session_of(model).add_points(0, 1, [[70, 90]], [1])
    assert result.candidates is not None
    ious = [c.iou for c in result.candidates]
    assert len(ious) == 3
    assert result.candidate == int(np.argmax(ious))
    assert result.iou == pytest.approx(max(ious))
    assert (result.prompted, result.stale, result.present) == (True, False, True)
    assert result.logits_low_res.dtype == np.float16
    assert result.mask(*SIZE).shape == SIZE


def test_several_points_or_a_box_give_one_mask(model: SAM2VideoPredictor) -> None:
    session = session_of(model)
    assert session.add_points(0, 1, [[70, 90], [10, 10]], [1, 0]).candidates is None
    assert session.add_points(0, 2, None, None, box=[36, 56, 104, 124]).candidates is None


def test_chosen_candidate_is_the_result_and_conditions_the_run(model: SAM2VideoPredictor) -> None:
    session, other = clicked(model), clicked(model)
    first = session.result(0, "disc")
    assert first is not None
    assert first.candidates is not None
    assert first.candidate is not None
    k = (first.candidate + 1) % 3
    chosen = session.choose(0, "disc", k)
    assert chosen.candidate == k
    assert np.array_equal(chosen.logits_low_res, first.candidates[k].logits_low_res)
    assert chosen.iou == first.candidates[k].iou
    a, b = logits(list(session.propagate())), logits(list(other.propagate()))
    assert not np.array_equal(a[3], b[3])
    back = session.choose(0, "disc", first.candidate)  # after the run, on a conditioning frame
    assert np.array_equal(back.logits_low_res, first.logits_low_res)
    again = logits(list(session.propagate()))
    np.testing.assert_allclose(again[3].astype(float), b[3].astype(float), atol=0.05)


def test_candidates_are_only_where_there_are_some(model: SAM2VideoPredictor) -> None:
    session = clicked(model)
    for frame, obj, k in ((0, "disc", 3), (0, "disc", -1), (1, "disc", 0), (0, "other", 0)):
        with pytest.raises(InvalidPrompt, match="candidate"):
            session.choose(frame, obj, k)


def test_prompts_taken_back_give_the_first_result_again(model: SAM2VideoPredictor) -> None:
    session = session_of(model)
    one = session.add_points(0, 1, [[70, 90]], [1])
    two = session.add_points(0, 1, [[70, 90], [10, 10]], [1, 0])
    back = session.add_points(0, 1, [[70, 90]], [1])
    assert not np.array_equal(one.logits_low_res, two.logits_low_res)
    assert np.array_equal(one.logits_low_res, back.logits_low_res)


def test_caller_decides_whether_points_refine(model: SAM2VideoPredictor) -> None:
    session, other = clicked(model), clicked(model)
    points, labels = [[70, 90], [10, 10]], [1, 0]
    refined = session.add_points(0, "disc", points, labels, refine=True)
    afresh = other.add_points(0, "disc", points, labels, refine=False)
    first = session_of(model).add_points(0, "disc", points, labels)
    assert not np.array_equal(refined.logits_low_res, afresh.logits_low_res)
    assert np.array_equal(first.logits_low_res, afresh.logits_low_res)


def test_frame_embedded_ahead_is_not_encoded_again(model: SAM2VideoPredictor, monkeypatch: pytest.MonkeyPatch) -> None:
    session = session_of(model)
    session.embed(0)
    monkeypatch.setattr(SAM2VideoPredictor, "forward_image", None, raising=False)
    assert session.add_points(0, "disc", [[70, 90]], [1]).present
    with pytest.raises(InvalidPrompt, match="no frame"):
        session.embed(10)


def test_the_first_mask_of_a_long_clip_takes_one_frame(
    model: SAM2VideoPredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Long(ArrayFrames):
        read: ClassVar[list[int]] = []

        def __len__(self) -> int:
            return 2000

        def frame(self, index: int) -> Pixels:
            self.read.append(index)
            return super().frame(index % 10)

    encoded = []
    forward = SAM2VideoPredictor.forward_image
    monkeypatch.setattr(
        SAM2VideoPredictor, "forward_image", lambda self, images: encoded.append(len(images)) or forward(self, images)
    )
    session = VideoSession(model, Long(CLIP[:10]))
    assert session.add_points(0, 1, [[70, 90]], [1]).present
    assert (Long.read, encoded) == ([0], [1])


def test_candidates_have_their_holes_filled_as_the_result_has(model: SAM2VideoPredictor) -> None:
    filled_somewhere = False
    for x in range(20, 320, 50):  # which mask has a hole depends on the machine's arithmetic
        model.fill_hole_area = 0
        plain = session_of(model).add_points(0, "disc", [[x, 90]], [1])
        model.fill_hole_area = 200
        result = session_of(model).add_points(0, "disc", [[x, 90]], [1])
        assert result.candidates is not None
        assert result.candidate is not None
        assert np.array_equal(result.candidates[result.candidate].logits_low_res, result.logits_low_res)
        filled_somewhere |= not np.array_equal(plain.logits_low_res, result.logits_low_res)
    assert filled_somewhere


def test_same_prompts_give_the_same_mask_before_and_after_a_run(model: SAM2VideoPredictor) -> None:
    fresh, tracked = clicked(model), clicked(model)
    list(tracked.propagate())
    points, labels = [[70, 90], [10, 10]], [1, 0]
    before, after = fresh.add_points(0, "disc", points, labels), tracked.add_points(0, "disc", points, labels)
    np.testing.assert_array_equal(before.logits_low_res, after.logits_low_res)


def test_mask_prompt_comes_back_exactly(model: SAM2VideoPredictor) -> None:
    session = session_of(model)
    mask = np.random.default_rng(0).random(SIZE) > 0.5
    assert np.array_equal(session.add_mask(0, 1, mask).mask(*SIZE), mask)
    (first, *_) = session.propagate()
    assert np.array_equal(first.masks(*SIZE)[1], mask)


def test_removing_prompts_and_objects(model: SAM2VideoPredictor) -> None:
    session = clicked(model)
    session.add_points(0, "blue", [[250, 60]], [1])
    assert session.remove_prompts(0, "disc") is None
    assert session.objects == ("disc", "blue")
    results = list(session.propagate())
    assert {o.obj_id for r in results for o in r.objects} == {"blue"}
    session.remove_object("blue")
    session.remove_object("never there")
    assert session.objects == ("disc",)
    with pytest.raises(InvalidPrompt, match="no object"):
        session.remove_prompts(0, "blue")
    with pytest.raises(InvalidPrompt, match="nothing to track"):
        next(session.propagate())


def test_absent_object_has_an_empty_mask_and_no_minus_1024(model: SAM2VideoPredictor) -> None:
    session = clicked(model)
    with torch.no_grad():
        model.state_dict()["sam_mask_decoder.pred_obj_score_head.layers.2.bias"].sub_(40)
    (_, second, *_) = session.propagate()
    (result,) = second.objects
    assert not result.present
    assert result.score < 0
    assert result.logits_low_res.min() == -32
    assert not second.masks(*SIZE)["disc"].any()


def test_masks_of_objects_kept_apart(model: SAM2VideoPredictor) -> None:
    model.non_overlap_masks = True
    session = session_of(model)
    session.add_mask(0, 1, MASKS[0])
    session.add_mask(0, 2, MASKS[3])
    results = list(session.propagate())
    for result in results[:3]:
        masks = result.masks(*SIZE)
        assert not (masks[1] & masks[2]).any()


def test_short_of_memory_once_is_not_noticed(model: SAM2VideoPredictor, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = clicked(model).result(0, "disc")
    fail_first(monkeypatch, 1)
    got = clicked(model).result(0, "disc")
    assert wanted is not None
    assert got is not None
    assert np.array_equal(wanted.logits_low_res, got.logits_low_res)


def test_short_of_memory_twice_is_told(model: SAM2VideoPredictor, monkeypatch: pytest.MonkeyPatch) -> None:
    session = session_of(model)
    fail_first(monkeypatch, 2)
    with pytest.raises(OutOfMemory, match="smaller model") as caught:
        session.add_points(0, 1, [[70, 90]], [1])
    assert caught.value.__context__ is None  # no traceback keeps tensors alive
    assert session.objects == ()
    assert session.add_points(0, 1, [[70, 90]], [1]).present


def fail_first(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    original, failures = SAM2VideoPredictor.forward_sam_heads, [True] * times

    def short(self: SAM2VideoPredictor, *args: Any, **kwargs: Any) -> Any:
        if failures:
            failures.pop()
            raise torch.OutOfMemoryError("no memory")
        return original(self, *args, **kwargs)

    monkeypatch.setattr(SAM2VideoPredictor, "forward_sam_heads", short)


def test_two_sessions_in_two_threads_share_a_model(model: SAM2VideoPredictor) -> None:
    wanted = logits(list(clicked(model).propagate()))
    results: dict[int, dict[int, Any]] = {}

    def work(number: int) -> None:
        results[number] = logits(list(clicked(model).propagate()))

    threads = [threading.Thread(target=work, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for number in range(2):
        assert all(np.array_equal(results[number][f], wanted[f]) for f in wanted)


def test_bfloat16_is_near_float32(model: SAM2VideoPredictor) -> None:
    exact = clicked(model).result(0, "disc")
    half = tiny_video_predictor()
    half.compute_in(torch.bfloat16)
    rough = clicked(half).result(0, "disc")
    assert exact is not None
    assert rough is not None
    assert exact.candidate is not None
    assert rough.candidates is not None
    # the best candidate may change; the masks of one candidate hardly do
    plane = rough.candidates[exact.candidate].logits_low_res
    assert iou(plane > 0, exact.logits_low_res > 0) > 0.9


def test_unknown_modes_are_refused(model: SAM2VideoPredictor) -> None:
    with pytest.raises(ValueError, match="memory policy"):
        session_of(model, tracking="magic")
    with pytest.raises(ValueError, match="compat"):
        session_of(model, compat="magic")


def test_masks_of_a_clip_are_smoothed_as_the_model_asks(model: SAM2VideoPredictor) -> None:
    """The logits shown are blurred; what the model remembers and refines is not."""
    plain = clicked(tiny_video_predictor(), 3)
    model.config = replace(model.config, mask_smoothing=1.5)
    smoothed = clicked(model, 3)
    for one, other in zip(plain.propagate("forward"), smoothed.propagate("forward"), strict=True):
        (raw,), (blurred,) = one.objects, other.objects
        expected = smooth(raw.logits_low_res[None], 1.5)[0]
        np.testing.assert_allclose(blurred.logits_low_res, expected, atol=0.02)
        assert np.abs(expected.astype(float) - raw.logits_low_res).max() > 0.05
