"""Reading checkpoints: right ones load, wrong ones are named in one sentence."""

import json
import pickle

import pytest
import torch
from safetensors.torch import save_file

from sam2_core.checkpoints import bundled_model_dir, load_weights, read_state_dict, recognise
from sam2_core.config import CONFIGS
from sam2_core.errors import ModelFileError
from sam2_core.modeling.sam2_base import SAM2Base
from support.tiny_model import tiny_checkpoint, tiny_config


@pytest.fixture
def model():
    """A small model with random weights."""
    return SAM2Base(tiny_config())


def _other_weights(model):
    return {k: torch.full_like(v, 0.25) for k, v in model.state_dict().items()}


def _loaded(model):
    return all(bool((v == 0.25).all()) for v in model.state_dict().values())


@pytest.mark.parametrize("wrap", [lambda weights: {"model": weights}, lambda weights: weights])
def test_pt_files(tmp_path, model, wrap):
    torch.save(wrap(_other_weights(model)), tmp_path / "m.pt")
    load_weights(model, tmp_path / "m.pt")
    assert _loaded(model)


def test_half_precision_becomes_float32(tmp_path, model):
    save_file({k: v.half() for k, v in _other_weights(model).items()}, tmp_path / "m.safetensors")
    load_weights(model, str(tmp_path / "m.safetensors"))
    assert _loaded(model)
    assert {v.dtype for v in model.state_dict().values()} == {torch.float32}


def test_keys_that_do_not_fit_are_named_and_nothing_is_loaded(tmp_path, model):
    weights = _other_weights(model)
    del weights["no_obj_ptr"]
    weights["extra.weight"] = torch.zeros(1)
    weights["no_mem_embed"] = torch.zeros(1, 1, 7)
    torch.save(weights, tmp_path / "m.pt")
    with pytest.raises(ModelFileError) as error:
        load_weights(model, tmp_path / "m.pt")
    message = str(error.value)
    assert "m.pt" in message
    assert "missing: no_obj_ptr;" in message
    assert "unexpected: extra.weight;" in message
    assert "of another shape: no_mem_embed" in message
    assert not any(bool((v == 0.25).all()) for k, v in model.named_parameters() if "weight" in k)


def test_only_the_first_keys_are_named(tmp_path, model):
    torch.save({"a": torch.zeros(1)}, tmp_path / "m.pt")
    with pytest.raises(ModelFileError, match=r"and \d+ more"):
        load_weights(model, tmp_path / "m.pt")


@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_a_truncated_file_is_named(tmp_path, model, suffix):
    path = tmp_path / f"m{suffix}"
    if suffix == ".pt":
        torch.save({"model": model.state_dict()}, path)
    else:
        save_file(model.state_dict(), path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ModelFileError, match=rf"m{suffix} is damaged or no checkpoint"):
        load_weights(model, path)


@pytest.mark.parametrize("content", [b"", b"hello", b"\x80\x02", b"(l]", b"\x00" * 64])
@pytest.mark.parametrize("suffix", [".pt", ".safetensors"])
def test_a_file_of_something_else_is_named(tmp_path, content, suffix):
    path = tmp_path / f"m{suffix}"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match="damaged or no checkpoint"):
        read_state_dict(path)


class _Attack:
    def __reduce__(self):
        return print, ("executed",)


def test_nothing_in_a_file_is_executed(tmp_path, capsys):
    path = tmp_path / "m.pt"
    path.write_bytes(pickle.dumps({"model": _Attack()}, protocol=2))
    with pytest.raises(ModelFileError):
        read_state_dict(path)
    torch.save({"model": _Attack()}, path)
    with pytest.raises(ModelFileError):
        read_state_dict(path)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("content", [{"model": {"epoch": 3}}, {"model": {}}, {1: torch.zeros(2)}, [torch.zeros(2)]])
def test_a_file_without_weights_is_named(tmp_path, content):
    torch.save(content, tmp_path / "m.pt")
    with pytest.raises(ModelFileError, match="holds no model weights"):
        read_state_dict(tmp_path / "m.pt")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ModelFileError, match=r"no checkpoint file .*gone\.pt"):
        read_state_dict(tmp_path / "gone.pt")


@pytest.mark.parametrize("name", CONFIGS)
def test_checkpoints_are_recognised_by_their_keys(tmp_path, monkeypatch, name):
    with torch.device("meta"):
        weights = SAM2Base(CONFIGS[name]).state_dict()
    (tmp_path / "renamed.pt").touch()
    monkeypatch.setattr("sam2_core.checkpoints.read_state_dict", lambda path: weights)
    assert recognise(tmp_path / "renamed.pt") == CONFIGS[name]


def test_a_configuration_beside_the_file_comes_first(tmp_path):
    assert recognise(tiny_checkpoint(tmp_path / "own.safetensors")) == tiny_config()


@pytest.mark.parametrize("text", ["{", "[1]", json.dumps({"name": "x"})])
def test_a_bad_configuration_beside_the_file_is_named(tmp_path, text):
    path = tiny_checkpoint(tmp_path / "own.safetensors")
    path.with_suffix(".json").write_text(text)
    with pytest.raises(ModelFileError, match=r"own\.json cannot be used"):
        recognise(path)


def test_an_unknown_model_asks_for_its_configuration(tmp_path):
    path = tiny_checkpoint(tmp_path / "own.safetensors")
    path.with_suffix(".json").unlink()
    with pytest.raises(ModelFileError, match=r"put its configuration beside it as own\.json"):
        recognise(path)


@pytest.mark.parametrize("place", ["SAM2_RESOURCES", "frozen", "wheel"])
def test_where_the_bundled_model_is_found(tmp_path, monkeypatch, place):
    folders = {
        "SAM2_RESOURCES": tmp_path / "models",
        "frozen": tmp_path / "resources" / "models",
        "wheel": tmp_path / "share" / "sam2-annotator" / "models",
    }
    folder = folders[place]
    folder.mkdir(parents=True)
    (folder / "sam2-nano.safetensors").touch()
    monkeypatch.delenv("SAM2_RESOURCES", raising=False)
    if place == "SAM2_RESOURCES":
        monkeypatch.setenv("SAM2_RESOURCES", str(tmp_path))
    elif place == "frozen":
        monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
    else:
        monkeypatch.setattr("sam2_core.checkpoints.__file__", str(tmp_path / "site-packages" / "sam2_core" / "c.py"))
        monkeypatch.setattr("sysconfig.get_path", lambda name: str(tmp_path))
    assert bundled_model_dir() == folder


def test_a_missing_bundled_model_is_an_error(tmp_path, monkeypatch):
    monkeypatch.delenv("SAM2_RESOURCES", raising=False)
    monkeypatch.setattr("sam2_core.checkpoints.__file__", str(tmp_path / "site-packages" / "sam2_core" / "c.py"))
    monkeypatch.setattr("sysconfig.get_path", lambda name: str(tmp_path))
    with pytest.raises(ModelFileError, match="install the program again"):
        bundled_model_dir()
