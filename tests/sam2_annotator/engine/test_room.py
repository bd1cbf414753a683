"""A run is begun with a warning where the machine may have too little room for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from sam2_annotator.engine import room
from sam2_annotator.engine.messages import (
    FrameMasks,
    KeepFeatures,
    KeyFrame,
    LoadModel,
    ObjectKeys,
    Propagate,
    Response,
    Warned,
)
from sam2_annotator.engine.service import EngineService
from sam2_annotator.engine.tickets import TicketBook
from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.prompt import Point, PromptSet
from sam2_annotator.values.states import Direction
from sam2_core.modeling.sam2_base import SAM2Base
from sam2_core.video.estimate import MemoryEstimate
from support.drawn import frames_folder
from support.tiny_model import tiny_checkpoint

BOOK = TicketBook()
NEEDED = MemoryEstimate(memory=3_000_000_000, disk=40_000_000)


def free(monkeypatch: pytest.MonkeyPatch, memory: int | None, disk: int | None) -> None:
    monkeypatch.setattr(room, "free_memory", lambda device: memory)
    monkeypatch.setattr(room, "free_disk", lambda: disk)


def test_what_may_run_out_is_named_with_both_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, 2_000_000_000, 10**12)
    assert "3.0 GB of memory, and 2.0 GB are free" in room.shortage(NEEDED, "cpu")
    assert "of the GPU's memory" in room.shortage(NEEDED, "cuda:0")
    free(monkeypatch, 10**12, 10_000_000)
    assert "40 MB of disk for its results while it lasts, and 10 MB are free" in room.shortage(NEEDED, "cpu")


@pytest.mark.parametrize(("memory", "disk"), [(10**12, 10**12), (None, None), (None, 10**12)])
def test_nothing_is_said_where_all_is_there_or_nobody_knows(
    monkeypatch: pytest.MonkeyPatch, memory: int | None, disk: int | None
) -> None:
    free(monkeypatch, memory, disk)
    assert room.shortage(NEEDED, "cpu") == ""


def test_what_is_free_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert room.free_disk()
    meminfo = tmp_path / "meminfo"
    monkeypatch.setattr(room, "_MEMINFO", meminfo)
    assert room.free_memory("cpu") is None
    meminfo.write_text("MemTotal: 9 kB\nMemAvailable:  7 kB\n")
    assert room.free_memory("cpu") == 7 * 1024
    meminfo.write_text("MemAvailable: some\n")
    assert room.free_memory("cpu") is None


@pytest.fixture
def service(tmp_path: Path) -> Iterator[EngineService]:
    service = EngineService()
    list(service.handle(LoadModel(BOOK.issue("model"), str(tiny_checkpoint(tmp_path / "tiny.safetensors")), "cpu")))
    yield service
    service.close()


def tracked(service: EngineService, folder: Path) -> list[Response]:
    media = MediaRef(ItemId(2), MediaKind.FRAMES, frames_folder(folder, 3))
    keys = ObjectKeys(ObjectId(1), (KeyFrame(FrameIndex(0), PromptSet((Point(30.5, 32.5),))),))
    first, last = FrameIndex(0), FrameIndex(2)
    return list(service.handle(Propagate(BOOK.issue("run"), media, first, first, last, Direction.FORWARD, (keys,))))


def test_the_warning_comes_first_and_the_run_goes_on(
    service: EngineService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    free(monkeypatch, None, 1)
    answers = tracked(service, tmp_path / "clip")
    assert isinstance(answers[0], Warned)
    assert "of disk" in answers[0].text
    assert sum(isinstance(answer, FrameMasks) for answer in answers) == 3


def test_what_is_done_where_memory_is_short_is_told_once(
    service: EngineService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    attend, failures = SAM2Base.attend, [True]

    def short(self: SAM2Base, *args: object, **kwargs: object) -> torch.Tensor:
        if failures:
            failures.pop()
            raise torch.OutOfMemoryError("no room")
        return attend(self, *args, **kwargs)

    monkeypatch.setattr(SAM2Base, "attend", short)
    answers = tracked(service, tmp_path / "clip")
    told = [answer.text for answer in answers if isinstance(answer, Warned)]
    assert told == ["The device is short of memory. The image features of one frame only are kept now."]
    assert sum(isinstance(answer, FrameMasks) for answer in answers) == 3


def test_features_of_clips_keep_within_the_limit_set(service: EngineService, tmp_path: Path) -> None:
    tracked(service, tmp_path / "clip")
    (clip,) = service._clips.values()
    for bytes_kept in (400, 4 << 20):
        list(service.handle(KeepFeatures(BOOK.issue("keep"), bytes_kept)))
        assert clip.state._session._state.features.limit == bytes_kept // 4
