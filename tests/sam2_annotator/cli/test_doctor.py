from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from sam2_annotator import __version__
from sam2_annotator.__main__ import main
from sam2_annotator.cli import doctor


def test_json_has_the_promised_shape(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    found = json.loads(told.out)
    assert list(found) == ["version", "python", "platform", "packages", "devices", "models", "writable"]
    assert found["version"] == __version__
    assert found["packages"]["torch"]
    assert {"cpu", "cuda", "mps"} == {device["name"] for device in found["devices"]}
    assert all(set(device) == {"name", "available", "used", "reason", "precision"} for device in found["devices"])
    assert sum(device["used"] for device in found["devices"]) == 1
    assert all(device["reason"] for device in found["devices"])
    assert all(bool(device["precision"]) == device["available"] for device in found["devices"])
    assert set(found["models"]) == {"folder", "installed"}
    assert "sam2-nano" in found["models"]["installed"]
    assert {name: type(can) for name, can in found["writable"].items()} == dict.fromkeys(
        ("settings", "cache", "models"), bool
    )


def test_table_names_everything(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    told = capsys.readouterr()
    for word in (__version__, "torch", "cpu", "sam2-nano", "settings", "writable", "computes in"):
        assert word in told.out


def test_folder_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("")
    monkeypatch.setenv("SAM2_ANNOTATOR_HOME", str(file / "home"))
    assert doctor.look().writable["settings"] is False
    monkeypatch.setenv("SAM2_ANNOTATOR_HOME", str(tmp_path / "not yet"))
    assert doctor.look().writable["settings"] is True
    assert not (tmp_path / "not yet").exists()


def test_torch_that_cannot_be_imported_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "sam2_annotator.engine.loading", raising=False)
    monkeypatch.delattr("sam2_annotator.engine.loading", raising=False)
    monkeypatch.setitem(sys.modules, "sam2_annotator.engine.loading", None)
    found = doctor.look()
    assert [device.available for device in found.devices] == [False]
    assert "torch cannot be imported" in found.devices[0].reason


def test_bundled_model_that_is_missing_is_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sam2_core.checkpoints.BUNDLED", "gone")
    assert "sam2-nano" not in doctor.look().models.installed
