import json
from pathlib import Path

import numpy as np
import pytest

from sam2_core.errors import TrainingError
from sam2_core.training.pack import main, pack
from sam2_core.training.pictures import read_index, read_sets
from support.toy_pictures import toy_folder


def test_packed_folders_hold_the_same_pictures_within_the_limit(tmp_path: Path) -> None:
    plain = toy_folder(tmp_path / "plain", pictures=8)
    parts = pack(plain, tmp_path / "packed", limit=6000)
    assert len(parts) > 1
    assert all(sum(p.stat().st_size for p in part.iterdir()) <= 6000 for part in parts)
    before, after = read_index(plain), [entry for part in parts for entry in read_index(part)]
    assert [e.kind for e in before] == [e.kind for e in after]
    for a, b in zip(before, after, strict=True):
        assert np.array_equal(a.read().image, b.read().image)
        assert np.array_equal(a.read().labels, b.read().labels)
    assert len(read_sets([tmp_path / "packed"], "train")) == 7
    assert len(read_sets([tmp_path / "packed"], "val")) == 1


def test_nothing_is_written_into_a_folder_in_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = toy_folder(tmp_path / "plain")
    assert main([str(plain), str(plain)]) == 1
    assert "is not empty" in capsys.readouterr().err


def test_sets_are_drawn_by_set(tmp_path: Path) -> None:
    plain = toy_folder(tmp_path / "plain", pictures=3)
    lines = [json.loads(line) for line in (plain / "index.jsonl").read_text().splitlines()]
    crowd = [{**lines[0], "set": "large", "split": "train"}] * 100 + [{**lines[1], "set": "small", "split": "train"}]
    (plain / "index.jsonl").write_text("\n".join(map(json.dumps, crowd)))
    pictures = read_sets([plain], "train")
    second = pictures.entries[-1].read().labels
    rng = np.random.default_rng(0)
    share = np.mean([np.array_equal(pictures.draw(rng).labels, second) for _ in range(200)])
    assert 0.04 < share < 0.2  # 1 in 11, not 1 in 101


@pytest.mark.parametrize("line", ["{", "[]", '{"image": "a.jpg"}', '{"image": 3, "mask": "b.png"}'])
def test_a_line_that_cannot_be_used_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "index.jsonl").write_text(line)
    with pytest.raises(TrainingError, match="Line 1"):
        read_index(tmp_path)


def test_a_missing_picture_and_a_mask_of_another_size_are_named(tmp_path: Path) -> None:
    plain = toy_folder(tmp_path / "plain")
    entries = read_index(plain)
    (plain / "0.jpg").unlink()
    with pytest.raises(TrainingError, match=r"0\.jpg cannot be read"):
        entries[0].read()
    (plain / "1.png").write_bytes(b"no picture")
    with pytest.raises(TrainingError, match="no picture with a mask"):
        entries[1].read()
