"""Where things lie, from a checkout, an installed wheel and a frozen program."""

import sys
from pathlib import Path

import pytest

from sam2_annotator import paths

FOLDERS = (paths.data_dir, paths.config_dir, paths.cache_dir, paths.log_dir, paths.models_dir)


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    monkeypatch.delenv("SAM2_ANNOTATOR_HOME", raising=False)
    monkeypatch.delenv("SAM2_RESOURCES", raising=False)


def test_one_variable_moves_every_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("SAM2_ANNOTATOR_HOME", str(tmp_path))
    folders = {folder() for folder in FOLDERS}
    assert len(folders) == len(FOLDERS)
    assert all(folder.is_relative_to(tmp_path) for folder in folders)
    assert paths.settings_file().parent == paths.config_dir()
    assert not any(folder.exists() for folder in folders)


def test_without_it_they_are_the_platform_s():
    for folder in FOLDERS:
        assert folder().is_absolute()
        assert paths.APP in str(folder())


def test_a_checkout_has_its_resources_beside_the_packages():
    found = paths.resource("models/sam2-nano.json")
    assert found == Path(__file__).parents[2] / "resources" / "models" / "sam2-nano.json"


def test_a_frozen_program_has_them_in_its_folder(monkeypatch, tmp_path):
    (tmp_path / "resources" / "icons").mkdir(parents=True)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.resource("icons") == tmp_path / "resources" / "icons"


def test_an_installed_wheel_has_them_under_share(monkeypatch, tmp_path):
    share = tmp_path / "share" / "sam2-annotator"
    (share / "icons").mkdir(parents=True)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "lib" / "sam2_annotator" / "paths.py"))
    assert paths.resource("icons") == share / "icons"


def test_another_folder_can_be_named(monkeypatch, tmp_path):
    (tmp_path / "icons").mkdir()
    monkeypatch.setenv("SAM2_RESOURCES", str(tmp_path))
    assert paths.resource("icons") == tmp_path / "icons"


def test_what_is_missing_is_named():
    with pytest.raises(FileNotFoundError, match=r"icons/none\.svg is missing"):
        paths.resource("icons/none.svg")
