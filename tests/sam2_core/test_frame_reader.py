"""Reading ahead: bounded, one frame at a time, and errors where they belong."""

import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sam2_core.errors import FrameUnreadable
from sam2_core.frame_reader import FrameReader, shrink
from sam2_core.frames import PictureFrames, Pixels


class Slow:
    """A clip whose frames are told apart by their value; `gate` holds reading up, `threads` says who read."""

    size = (20, 30)

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()
        self.read: list[int] = []
        self.threads: set[str] = set()
        self.inside = 0

    def __len__(self) -> int:
        return 100

    def frame(self, index: int) -> Pixels:
        self.inside += 1
        assert self.inside == 1, "two threads in the source"
        assert self.gate.wait(30)
        self.read.append(index)
        self.threads.add(threading.current_thread().name)
        self.inside -= 1
        return np.full((*self.size, 3), index, np.uint8)


@pytest.fixture
def slow() -> Slow:
    return Slow()


def test_picture_is_the_pillow_resize() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (48, 70, 3), dtype=np.uint8)[:, ::-1]
    wanted = Image.fromarray(np.ascontiguousarray(pixels)).resize((32, 32), Image.Resampling.BICUBIC)
    assert np.array_equal(shrink(pixels, 32), np.asarray(wanted))


def test_what_is_expected_is_read_by_another_thread_and_only_once(slow: Slow) -> None:
    reader = FrameReader(slow)
    reader.expect([3, 4, 5], 16)
    assert [int(reader.picture(frame, 16)[0, 0, 0]) for frame in (3, 4, 5)] == [3, 4, 5]
    assert slow.read == [3, 4, 5]
    assert threading.current_thread().name not in slow.threads
    assert reader.picture(9, 16).shape == (16, 16, 3)
    reader.stop()


def test_a_picture_is_ready_once_it_was_read(slow: Slow) -> None:
    reader = FrameReader(slow)
    slow.gate.clear()
    reader.expect([3], 8)
    assert not reader.ready(3, 8)
    slow.gate.set()
    reader._coming[3, 8].result()
    assert reader.ready(3, 8)
    assert not reader.ready(3, 16)
    reader.picture(3, 8)
    assert not reader.ready(3, 8), "it was handed out"
    reader.stop()


def test_a_frame_that_cannot_be_read_is_never_ready(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(index: int) -> Pixels:
        raise OSError("gone")

    monkeypatch.setattr(slow, "frame", fail)
    reader = FrameReader(slow)
    reader.expect([3], 8)
    assert reader._coming[3, 8].exception() is not None
    assert not reader.ready(3, 8)
    reader.stop()


def test_no_more_wait_than_the_depth(slow: Slow) -> None:
    reader = FrameReader(slow, depth=2)
    reader.expect(range(50), 16)
    reader.picture(1, 16)
    reader.expect(range(50), 16)
    reader.stop()
    assert set(slow.read) <= {0, 1}


def test_another_direction_gives_up_what_was_expected(slow: Slow) -> None:
    reader = FrameReader(slow)
    slow.gate.clear()
    reader.expect([10, 11, 12, 13], 16)
    reader.expect([9, 8], 16)
    slow.gate.set()
    assert int(reader.picture(9, 16)[0, 0, 0]) == 9
    assert int(reader.picture(8, 16)[0, 0, 0]) == 8
    assert not {11, 12, 13} & set(slow.read)  # 10 may have been begun
    reader.stop()


def test_stopping_ends_the_thread_and_reading_goes_on_later(slow: Slow) -> None:
    before = threading.active_count()
    reader = FrameReader(slow)
    reader.expect([1, 2, 3], 16)
    reader.stop()
    assert threading.active_count() == before
    reader.expect([7], 16)
    assert int(reader.picture(7, 16)[0, 0, 0]) == 7
    reader.stop()


def test_nothing_is_read_ahead_at_depth_0(slow: Slow) -> None:
    reader = FrameReader(slow, depth=0)
    reader.expect([1, 2], 16)
    assert int(reader.picture(1, 16)[0, 0, 0]) == 1
    assert slow.threads == {threading.current_thread().name}


def test_a_vanished_file_is_told_at_its_frame_and_tried_again(tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.png" for n in range(3)]
    for n, path in enumerate(paths):
        Image.fromarray(np.full((20, 30, 3), n, np.uint8)).save(path)
    reader = FrameReader(PictureFrames(paths))
    kept = paths[1].read_bytes()
    paths[1].unlink()
    reader.expect([1, 2], 16)
    with pytest.raises(FrameUnreadable, match=r"frame 1 .*1\.png.* is gone") as caught:
        reader.picture(1, 16)
    assert caught.value.frame == 1
    assert int(reader.picture(2, 16)[0, 0, 0]) == 2
    paths[1].write_bytes(kept)
    assert int(reader.picture(1, 16)[0, 0, 0]) == 1
    reader.stop()


@pytest.mark.parametrize("frame", [np.zeros((9, 9, 3), np.uint8), np.zeros((20, 30, 3), np.float32)])
def test_frames_unlike_the_others_are_named(slow: Slow, monkeypatch: pytest.MonkeyPatch, frame: Pixels) -> None:
    monkeypatch.setattr(slow, "frame", lambda index: frame)
    with pytest.raises(FrameUnreadable, match=r"frame 4 is .* 30 x 20"):
        FrameReader(slow).picture(4, 16)


def test_a_source_s_own_io_error_names_the_frame(slow: Slow, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(index: int) -> Pixels:
        raise OSError("the drive is gone")

    monkeypatch.setattr(slow, "frame", broken)
    with pytest.raises(FrameUnreadable, match="frame 4 cannot be read: the drive is gone"):
        FrameReader(slow).picture(4, 16)
