"""An interrupted run, and going on from it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sam2_annotator.engine.messages import FrameMasks, ObjectMask, Propagate, Request
from sam2_annotator.engine.service import Answers, EngineService
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import Cancelled, EngineError, FormatError, UsageError
from sam2_annotator.jobs import track
from sam2_annotator.jobs.track import TrackSpec
from sam2_annotator.masks import rle
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.states import Direction
from support.drawn import Memory, frames_folder
from support.tiny_model import tiny_checkpoint

FRAMES = 8
FULL = Path("/dev/full")
PROMPTS = {
    "objects": [
        {"id": 1, "prompts": [{"frame": 2, "box": [16, 18, 60, 47]}]},
        {"id": 4, "label": "cat", "prompts": [{"frame": 4, "points": [[30, 32]]}]},
    ]
}


class Interrupting(Memory):
    """Asks for the end after so many frames."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.token = CancelToken()
        self._after = after

    def frames(self, done: int, total: int, *, rate: float, seconds_left: float | None) -> None:
        super().frames(done, total, rate=rate, seconds_left=seconds_left)
        if done == self._after:
            self.token.set()


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp("model") / "tiny.safetensors")


@pytest.fixture
def spec(tmp_path: Path, model: Path) -> TrackSpec:
    prompts = tmp_path / "prompts.json"
    prompts.write_text(json.dumps(PROMPTS))
    return TrackSpec(
        frames_folder(tmp_path / "clip", FRAMES),
        prompts,
        tmp_path / "out",
        direction=Direction.BOTH,
        model=str(model),
        device="cpu",
    )


def run(spec: TrackSpec, listener: Memory | None = None) -> Memory:
    listener = listener or Memory()
    token = listener.token if isinstance(listener, Interrupting) else CancelToken()
    track.run(spec, EngineService(), listener, token)
    return listener


def visits(out: Path) -> list[tuple[int, int]]:
    """(track, frame) of everything written, present or absent."""
    written = json.loads((out / "annotations.json").read_text())
    frame = {image["id"]: image["frame_id"] for image in written["images"]}
    present = [(entry["track_id"], frame[entry["image_id"]]) for entry in written["annotations"]]
    return sorted(present + [(entry["track_id"], entry["frame_id"]) for entry in written["absences"]])


def partial(spec: TrackSpec) -> Path:
    return spec.out.with_name("out.partial")


@pytest.mark.parametrize("after", [1, 3, 6, 7, 9])
def test_resumed_run_covers_the_same_frames(spec: TrackSpec, after: int) -> None:
    interrupting = Interrupting(after)
    with pytest.raises(Cancelled):
        run(spec, interrupting)
    total = interrupting.counts[0][1]
    assert not spec.out.exists()
    assert f"{after} finished frames are kept" in interrupting.warnings[-1]
    assert str(partial(spec)) in interrupting.warnings[-1]
    kept = (partial(spec) / "frames.jsonl").read_text().splitlines()
    assert len(kept) == 1 + after

    resumed = run(replace(spec, resume=True))
    assert resumed.counts[0] == (after + 1, total)
    assert not partial(spec).exists()
    assert visits(spec.out) == sorted((obj, frame) for obj in (1, 4) for frame in range(FRAMES))


def test_frames_done_before_the_interruption_are_kept_as_they_were(spec: TrackSpec) -> None:
    with pytest.raises(Cancelled):
        run(spec, Interrupting(4))
    run(replace(spec, resume=True))
    run(replace(spec, out=spec.out.with_name("whole")))
    kept = [(1, 3), (1, 4)]  # track and image: frames 2 and 3 were finished before
    parts = [json.loads((spec.out.with_name(name) / "annotations.json").read_text()) for name in ("out", "whole")]
    first, second = (
        [entry["segmentation"] for entry in part["annotations"] if (entry["track_id"], entry["image_id"]) in kept]
        for part in parts
    )
    assert first
    assert first == second


def test_last_finished_masks_condition_what_follows(spec: TrackSpec) -> None:
    mask = rle.encode(np.pad(np.ones((9, 9), bool), 20))
    painted = (ObjectMask(ObjectId(1), mask, 0.9, 5.0),)
    asked: list[Propagate] = []

    class Played(EngineService):
        def handle(self, request: Request) -> Answers:
            if isinstance(request, Propagate):
                asked.append(request)
                for number in range(request.start, request.stop + 1):
                    yield FrameMasks(request.ticket, ItemId(1), FrameIndex(number), painted, 1, 9, 1.0, None)

    forward = replace(spec, direction=Direction.FORWARD)
    interrupting = Interrupting(1)
    with pytest.raises(Cancelled):
        track.run(forward, Played(), interrupting, interrupting.token)
    asked.clear()
    track.run(replace(forward, resume=True), Played(), Memory(), CancelToken())
    first = asked[0]
    assert (first.origin, first.start, first.stop) == (3, 3, 3)
    assert [(key.frame, bool(key.prompts), key.mask) for key in first.objects[0].keys] == [(2, True, None)]
    with pytest.raises(Cancelled):
        track.run(replace(forward, out=spec.out.with_name("other")), Played(), again := Interrupting(3), again.token)
    asked.clear()
    track.run(replace(forward, out=spec.out.with_name("other"), resume=True), Played(), Memory(), CancelToken())
    keys = {keys.object_id: keys.keys for keys in asked[0].objects}
    assert asked[0].origin == 5
    assert [(key.frame, key.mask) for key in keys[ObjectId(1)]] == [(2, None), (4, mask)]
    assert [key.frame for key in keys[ObjectId(4)]] == [4]


def test_line_cut_off_by_a_crash_is_done_again(spec: TrackSpec) -> None:
    with pytest.raises(Cancelled):
        run(spec, Interrupting(5))
    file = partial(spec) / "frames.jsonl"
    file.write_text(file.read_text()[:-20])
    assert run(replace(spec, resume=True)).counts[0][0] == 5
    assert len(visits(spec.out)) == 2 * FRAMES


def test_nothing_to_resume_is_a_whole_run(spec: TrackSpec) -> None:
    assert run(replace(spec, resume=True)).counts[0][0] == 1


@pytest.mark.parametrize("other", [{"frames": (0, 5)}, {"precision": "bfloat16"}])
def test_other_work_is_not_gone_on_with(spec: TrackSpec, other: dict[str, Any]) -> None:
    spec = replace(spec, precision="float32")
    with pytest.raises(Cancelled):
        run(spec, Interrupting(3))
    before = (partial(spec) / "frames.jsonl").read_bytes()
    with pytest.raises(UsageError, match="other prompts or other options"):
        run(replace(spec, resume=True, **other))
    assert (partial(spec) / "frames.jsonl").read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]\n", b'{"work": 5}\n', b"not json\n"])
def test_damaged_partial_is_named(spec: TrackSpec, content: bytes) -> None:
    partial(spec).mkdir()
    (partial(spec) / "frames.jsonl").write_bytes(content)
    with pytest.raises(UsageError, match=r"out\.partial"):
        run(replace(spec, resume=True))


def test_without_resume_the_run_starts_over(spec: TrackSpec) -> None:
    with pytest.raises(Cancelled):
        run(spec, Interrupting(3))
    assert run(spec).counts[0][0] == 1
    assert not partial(spec).exists()


def test_interruption_before_the_first_frame_leaves_nothing(spec: TrackSpec) -> None:
    listener = Interrupting(1)
    listener.token.set()
    with pytest.raises(Cancelled):
        run(spec, listener)
    assert not partial(spec).exists()
    assert not spec.out.exists()


def test_failure_leaves_nothing(spec: TrackSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise FormatError("The disk is full.")

    monkeypatch.setattr("sam2_annotator.formats.coco_video.write_folder", fail)
    with pytest.raises(FormatError):
        run(spec)
    assert sorted(path.name for path in spec.out.parent.iterdir()) == ["clip", "prompts.json"]


def test_failure_while_going_on_keeps_what_was_there(spec: TrackSpec) -> None:
    with pytest.raises(Cancelled):
        run(spec, Interrupting(3))
    with pytest.raises(EngineError):
        run(replace(spec, resume=True, device="cuda:99"))
    assert run(replace(spec, resume=True)).counts[0][0] == 4


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full to write to")
def test_full_disk_leaves_no_part_behind(spec: TrackSpec) -> None:
    partial(spec).mkdir()
    (partial(spec) / "frames.jsonl").symlink_to(FULL)
    with pytest.raises(FormatError, match="No space left"):
        run(spec)
    assert not partial(spec).exists()


@pytest.mark.parametrize("name", ["clip", "prompts.json"])
def test_output_never_replaces_an_input(spec: TrackSpec, name: str) -> None:
    spec.out.mkdir()
    moved = (spec.out.parent / name).rename(spec.out / name)
    inside = replace(spec, video=moved) if name == "clip" else replace(spec, prompts=moved)
    with pytest.raises(UsageError, match="would replace the input"):
        run(replace(inside, overwrite=True))
    assert moved.exists()
