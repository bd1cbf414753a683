import errno
from pathlib import Path

import pytest
import torch

from sam2_core.errors import TrainingError
from sam2_core.training import saved
from sam2_core.training.command import run_command
from sam2_core.training.saved import RunState, open_run, read_state, write_state


def test_a_state_comes_back_as_it_was(tmp_path: Path) -> None:
    state = RunState({"a": torch.arange(3.0), "step": torch.tensor(2.0)}, {"step": 7, "recipe": {"lr": 0.1}})
    write_state(tmp_path, state)
    found = open_run(tmp_path, needed=0)
    assert found is not None
    assert found.facts == state.facts
    assert all(torch.equal(found.tensors[name], state.tensors[name]) for name in state.tensors)


def test_a_full_disk_leaves_the_earlier_state_and_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_state(tmp_path, RunState({"a": torch.zeros(1)}, {"step": 1}))

    def full(fd: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(saved.os, "fsync", full)
    assert run_command(lambda: write_state(tmp_path, RunState({"a": torch.ones(1)}, {"step": 2}))) == 1
    said = capsys.readouterr().err
    assert "is full" in said
    assert said.count("\n") == 1
    assert read_state(tmp_path / "state.safetensors").facts == {"step": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["state.safetensors"]


def test_room_is_asked_for_before_anything_is_done(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="make room first"):
        open_run(tmp_path / "run", needed=1 << 60)


@pytest.mark.parametrize("name", ["sam2-nano.safetensors", "model.safetensors", "notes.txt"])
def test_a_folder_with_other_files_is_never_written_to(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"precious")
    with pytest.raises(TrainingError, match="holds other files"):
        open_run(tmp_path, needed=0)
    assert (tmp_path / name).read_bytes() == b"precious"


def test_a_damaged_state_is_named(tmp_path: Path) -> None:
    (tmp_path / "state.safetensors").write_bytes(b"12345678 damaged")
    with pytest.raises(TrainingError, match="no state of a run"):
        open_run(tmp_path, needed=0)
