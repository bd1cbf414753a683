from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sam2_annotator.engine import catalogue
from sam2_annotator.engine.catalogue import MODELS, find
from sam2_annotator.errors import EngineError
from sam2_core.config import resolve_name
from sam2_core.hub import HUB_FILES


def test_table_agrees_with_the_files_the_engine_fetches() -> None:
    official = {resolve_name(entry.name): entry for entry in MODELS if entry.hub_id is not None}
    assert official.keys() == HUB_FILES.keys()
    for name, entry in official.items():
        assert (entry.hub_id, entry.bytes) == (HUB_FILES[name].repo_id, HUB_FILES[name].size)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("sam2-nano", "sam2-nano"),
        ("sam2.1-hiera-large", "sam2.1-hiera-large"),
        ("facebook/sam2.1-hiera-large", "sam2.1-hiera-large"),
        ("sam2_hiera_b+", "sam2-hiera-base-plus"),
        ("configs/sam2.1/sam2.1_hiera_t.yaml", "sam2.1-hiera-tiny"),
    ],
)
def test_every_spelling_finds_the_entry(given: str, name: str) -> None:
    assert find(given).name == name


def test_another_hub_id_is_not_taken_for_an_official_model() -> None:
    entry = find("someone/sam2.1-hiera-large")
    assert entry not in MODELS
    assert entry.hub_id == "someone/sam2.1-hiera-large"


def test_checkpoint_file_is_found_by_its_ending(tmp_path: Path) -> None:
    path = tmp_path / "sam2.1_hiera_large.pt"
    path.write_bytes(b"")
    assert find(str(path)).file == path
    assert catalogue.local_file(find(str(path))) == path


@pytest.mark.parametrize("given", ["", "sam2", "sam2-hiera-huge", "gone.pt", "gone.safetensors", "a b/c", "../up"])
def test_unknown_name_is_named(given: str) -> None:
    with pytest.raises(EngineError, match="There is no"):
        find(given)


def test_checkpoint_laid_into_the_models_folder_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SAM2_ANNOTATOR_HOME", str(tmp_path))
    own = tmp_path / "data" / "models" / "sam2.1_hiera_tiny.pt"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"")
    assert catalogue.local_file(find("sam2.1-hiera-tiny")) == own
    assert find("sam2.1-hiera-tiny") in catalogue.installed()


def test_window_can_import_these_without_torch() -> None:
    code = (
        "import sys; import sam2_annotator.engine.catalogue, sam2_annotator.engine.messages, "
        "sam2_annotator.engine.tickets, sam2_annotator.engine.scheduler; sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
