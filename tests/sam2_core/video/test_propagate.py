"""Runs of the video session: ranges, cancel, resume, stale results, objects that come and go."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from sam2_core.errors import Cancelled, FrameUnreadable, InvalidPrompt
from sam2_core.frames import PictureFrames
from sam2_core.sam2_video_predictor import SAM2VideoPredictor
from sam2_core.video.results import FrameResult
from sam2_core.video.session import VideoSession
from support.sessions import CLIP, clicked, logits
from support.tiny_model import tiny_video_predictor


@pytest.fixture
def model() -> SAM2VideoPredictor:
    return tiny_video_predictor()


def frames_of(results: Iterator[FrameResult]) -> list[int]:
    return [r.frame for r in results]


def test_directions_and_ranges(model: SAM2VideoPredictor) -> None:
    session = clicked(model, frame=4)
    assert frames_of(session.propagate("forward")) == [4, 5, 6, 7, 8, 9]
    assert frames_of(session.propagate("backward")) == [4, 3, 2, 1, 0]
    assert frames_of(session.propagate("both")) == [4, 5, 6, 7, 8, 9, 3, 2, 1, 0]
    assert frames_of(session.propagate("both", 2, 6)) == [4, 5, 6, 3, 2]
    assert frames_of(session.propagate("forward", 2, 5)) == [2, 3, 4, 5]
    assert frames_of(session.propagate("backward", 5, 2)) == [5, 4, 3, 2]
    assert frames_of(session.propagate("backward", 2, 5)) == [5, 4, 3, 2]
    assert frames_of(session.propagate("forward", 9)) == [9]
    assert frames_of(session.propagate("backward", 0)) == [0]


def test_every_object_sets_out_from_its_own_key_frame(model: SAM2VideoPredictor) -> None:
    session = clicked(model, frame=2)
    session.add_points(6, "blue", [[250, 60]], [1])
    seen = {r.frame: [o.obj_id for o in r.objects] for r in session.propagate("forward")}
    assert seen[2] == ["disc"]
    assert seen[6] == ["disc", "blue"]
    seen = {r.frame: [o.obj_id for o in r.objects] for r in session.propagate("both")}
    assert seen[0] == ["disc", "blue"]


def test_only_the_objects_asked_for(model: SAM2VideoPredictor) -> None:
    session = clicked(model)
    session.add_points(0, "blue", [[250, 60]], [1])
    assert {o.obj_id for r in session.propagate(objects=["blue"]) for o in r.objects} == {"blue"}
    with pytest.raises(InvalidPrompt, match="no object 'red'"):
        next(session.propagate(objects=["red"]))


def test_unusable_ranges(model: SAM2VideoPredictor) -> None:
    session = clicked(model)
    with pytest.raises(InvalidPrompt, match="no frame 10"):
        next(session.propagate("forward", 10))
    with pytest.raises(ValueError, match="direction"):
        next(session.propagate("sideways"))


def test_progress_counts_to_the_total(model: SAM2VideoPredictor) -> None:
    session = clicked(model, frame=4)
    seen: list[tuple[int, int]] = []
    list(session.propagate("both", progress=lambda done, total: seen.append((done, total))))
    assert seen == [(n, 10) for n in range(1, 11)]


def test_cancel_is_heard_and_finished_frames_stay(model: SAM2VideoPredictor) -> None:
    session, whole = clicked(model), clicked(model)
    wanted = logits(list(whole.propagate()))
    stop = threading.Event()
    run = session.propagate(cancel=stop)
    done = [next(run) for _ in range(5)]
    stop.set()
    with pytest.raises(Cancelled):
        next(run)
    assert [r.frame for r in done] == [0, 1, 2, 3, 4]
    for frame in range(5):
        kept = session.result(frame, "disc")
        assert kept is not None
        assert np.array_equal(kept.logits_low_res, wanted[frame])
    assert session.result(5, "disc") is None
    rest = list(session.propagate(resume=True))
    assert [r.frame for r in rest] == [5, 6, 7, 8, 9]
    assert all(np.array_equal(plane, wanted[frame]) for frame, plane in logits(rest).items())


def test_cancel_is_heard_between_objects(model: SAM2VideoPredictor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sam2_core.video.state.BATCH", 1)
    session = clicked(model)
    session.add_points(0, "blue", [[250, 60]], [1])
    asked = []

    def cancel() -> bool:
        asked.append(True)
        return len(asked) == 4  # frame 0; frame 1, its first object, its second object

    with pytest.raises(Cancelled):
        list(session.propagate(cancel=cancel))
    assert session.result(1, "disc") is not None
    assert session.result(1, "blue") is None


def test_cancel_as_property(model: SAM2VideoPredictor) -> None:
    class Token:
        is_set = True

    with pytest.raises(Cancelled):
        next(clicked(model).propagate(cancel=Token()))


def test_resume_passes_over_current_results_only(model: SAM2VideoPredictor) -> None:
    session = clicked(model)
    list(session.propagate())
    assert frames_of(session.propagate(resume=True)) == []
    session.add_points(5, "disc", [[90, 100]], [1])
    assert frames_of(session.propagate(resume=True)) == [1, 2, 3, 4, 6, 7, 8, 9]


def test_resume_passes_over_objects_that_are_current(model: SAM2VideoPredictor) -> None:
    session = clicked(model)
    session.add_points(0, "blue", [[250, 60]], [1])
    list(session.propagate())
    session.add_points(5, "disc", [[90, 100]], [1])
    assert {o.obj_id for r in session.propagate(resume=True) for o in r.objects} == {"disc"}


def test_edit_marks_dependent_results_stale(model: SAM2VideoPredictor) -> None:
    session = clicked(model)
    session.add_points(0, "blue", [[250, 60]], [1])
    list(session.propagate())
    session.add_points(5, "disc", [[90, 100]], [1])
    states = {f: session.result(f, "disc") for f in (0, 3, 5)}
    assert {f: r.stale for f, r in states.items() if r is not None} == {0: False, 3: True, 5: False}
    blue = session.result(3, "blue")
    assert blue is not None
    assert not blue.stale
    list(session.propagate())
    fresh = session.result(3, "disc")
    assert fresh is not None
    assert not fresh.stale


def test_closing_a_run_early_leaves_a_sound_state(model: SAM2VideoPredictor) -> None:
    session, whole = clicked(model), clicked(model)
    wanted = logits(list(whole.propagate()))
    run = session.propagate()
    next(run), next(run)
    run.close()
    again = logits(list(session.propagate()))
    assert all(np.array_equal(again[f], wanted[f]) for f in wanted)


def test_objects_added_and_removed_during_a_run(model: SAM2VideoPredictor) -> None:
    session = clicked(model)
    session.add_points(0, "blue", [[250, 60]], [1])
    seen = {}
    for result in session.propagate():
        seen[result.frame] = [o.obj_id for o in result.objects]
        if result.frame == 2:
            session.remove_object("blue")
            session.add_points(3, "late", [[250, 60]], [1])
    assert seen[2] == ["disc", "blue"]
    assert seen[3] == ["disc"]
    assert session.objects == ("disc", "late")
    assert {o.obj_id for r in session.propagate() for o in r.objects} == {"disc", "late"}


def test_objects_tracked_together_are_as_alone(model: SAM2VideoPredictor, monkeypatch: pytest.MonkeyPatch) -> None:
    def run() -> tuple[dict[int, Any], dict[int, Any]]:
        session = clicked(model)
        session.add_points(0, "blue", [[250, 60]], [1])
        results = list(session.propagate())
        return logits(results), logits(results, "blue")

    batches: list[int] = []
    heads = SAM2VideoPredictor.forward_sam_heads
    monkeypatch.setattr(
        SAM2VideoPredictor,
        "forward_sam_heads",
        lambda self, features, **kw: batches.append(len(features)) or heads(self, features, **kw),
    )
    together = run()
    assert max(batches) == 2
    monkeypatch.setattr("sam2_core.video.state.BATCH", 1)
    batches.clear()
    alone = run()
    assert max(batches) == 1
    for a, b in zip(together, alone, strict=True):
        for frame, plane in a.items():
            np.testing.assert_allclose(plane.astype(float), b[frame].astype(float), atol=0.1)


def test_objects_are_tracked_one_by_one_where_memory_is_short(
    model: SAM2VideoPredictor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tracked() -> dict[int, Any]:
        session = clicked(model, 3)
        session.add_points(0, "blue", [[250, 60]], [1])
        session.add_points(0, "third", [[20, 200]], [1])
        return {r.frame: [o.logits_low_res for o in r.objects] for r in session.propagate()}

    wanted, attend, batches = tracked(), model.attend, []

    def narrow(embedding: Any, memory: Any, *args: Any, **kwargs: Any) -> Any:
        batches.append(memory.shape[1])
        if memory.shape[1] > 1:
            raise torch.OutOfMemoryError("no room")
        return attend(embedding, memory, *args, **kwargs)

    monkeypatch.setattr(model, "attend", narrow)
    found = tracked()
    assert batches == [3, 3, 1, 1, 1, 1, 1, 1]  # a smaller cache, then smaller batches, which stay small
    assert found.keys() == wanted.keys()
    for frame, planes in found.items():
        for plane, want in zip(planes, wanted[frame], strict=True):
            np.testing.assert_allclose(plane.astype(float), want.astype(float), atol=0.1)


def test_a_frame_that_vanishes_ends_the_run_and_nothing_else(model: SAM2VideoPredictor, tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.png" for n in range(6)]
    for pixels, path in zip(CLIP, paths, strict=False):
        Image.fromarray(pixels).save(path)
    session = VideoSession(model, PictureFrames(paths, limit=1))  # keeps one picture decoded
    session.add_points(0, "disc", [[70, 90]], [1])
    kept = paths[4].read_bytes()
    paths[4].unlink()
    run = session.propagate()
    done = [next(run) for _ in range(4)]
    with pytest.raises(FrameUnreadable, match=r"frame 4 .*4\.png.* is gone"):
        next(run)
    assert [r.frame for r in done] == [0, 1, 2, 3]
    assert session.result(3, "disc") is not None
    paths[4].write_bytes(kept)
    assert frames_of(session.propagate(resume=True)) == [4, 5]
    session.close()
