"""Bytes on disk, their room used again; in memory where the disk refuses."""

import gc
import warnings

import pytest

from sam2_core.video import spill as spill_module
from sam2_core.video.spill import Spill


def test_bytes_come_back() -> None:
    spill = Spill()
    kept = {n: spill.put(bytes([n]) * (1000 * n + 1)) for n in range(1, 10)}
    assert spill.nbytes > 0
    for n, spilled in kept.items():
        assert spilled.read() == bytes([n]) * (1000 * n + 1)
        assert spilled.nbytes == 0


def test_room_is_used_again() -> None:
    spill = Spill()
    first, second = spill.put(b"a" * 5000), spill.put(b"b" * 5000)
    size = spill.nbytes
    first.release()
    third = spill.put(b"c" * 6000)
    assert spill.nbytes == size
    assert (second.read(), third.read()) == (b"b" * 5000, b"c" * 6000)


def test_cleared_it_takes_nothing_and_can_be_used_again() -> None:
    spill = Spill()
    spill.put(b"a" * 10000).release()
    spill.clear()
    assert spill.nbytes == 0
    assert spill.put(b"b").read() == b"b"
    assert spill.nbytes == 4096


def test_a_disk_that_refuses_is_told_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def refuse() -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(spill_module, "_temporary_file", refuse)
    spill = Spill()
    kept = [spill.put(b"abc"), spill.put(b"de")]
    assert [spilled.read() for spilled in kept] == [b"abc", b"de"]
    assert [spilled.nbytes for spilled in kept] == [3, 2]
    kept[0].release()
    assert spill.nbytes == 0
    assert [record.getMessage() for record in caplog.records] == [
        "results stay in memory reason=no space left on device"
    ]
    caplog.clear()


def test_the_file_is_closed_with_its_owner() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        Spill().put(b"abc")
        gc.collect()
