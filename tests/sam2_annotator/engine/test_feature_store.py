"""Features on disk: what comes back, what is refused, what makes room."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from sam2_annotator.engine.feature_store import Features, FeatureStore
from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import ItemId
from support.drawn import picture_file

SHAPES = {"embedding": (1, 4, 2, 2), "high_res_0": (1, 1, 8, 8)}
SIZE = (64, 96)
LIMIT = 1 << 20


def features(level: float = 1.0) -> Features:
    return {name: np.full(shape, level, np.float16) for name, shape in SHAPES.items()}


def photo(folder: Path, number: int = 1) -> MediaRef:
    path = picture_file(folder / f"{number}.png", centre=(10 + number, 20))
    return MediaRef(ItemId(number), MediaKind.IMAGE, path)


def store(folder: Path, *, limit: int = LIMIT, model: str = "m") -> FeatureStore:
    return FeatureStore(folder / "features" / "project", limit, model)


def saved(folder: Path, media: MediaRef, **options: object) -> Path:
    """Save features and return the file."""
    kept = store(folder)
    kept.save(media, SIZE, features())
    kept.close()
    (file,) = (folder / "features" / "project").iterdir()
    return file


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    media = photo(tmp_path)
    saved(tmp_path, media)
    found = store(tmp_path).load(media, SIZE, SHAPES)
    assert found is not None
    assert all(np.array_equal(found[name], features()[name]) for name in SHAPES)


def test_arrays_with_the_channels_innermost_come_back_as_they_are(tmp_path: Path) -> None:
    media, kept = photo(tmp_path), store(tmp_path)
    given = {name: np.random.default_rng(1).random(shape).astype(np.float16) for name, shape in SHAPES.items()}
    kept.save(media, SIZE, {name: np.asfortranarray(array) for name, array in given.items()})
    kept.close()
    found = store(tmp_path).load(media, SIZE, SHAPES)
    assert found is not None
    assert all(np.array_equal(found[name], given[name]) for name in SHAPES)


def test_another_model_size_or_picture_is_not_found(tmp_path: Path) -> None:
    media = photo(tmp_path)
    saved(tmp_path, media)
    assert store(tmp_path, model="other").load(media, SIZE, SHAPES) is None
    assert store(tmp_path).load(media, (96, 64), SHAPES) is None
    picture_file(media.path, centre=(50, 50))
    assert store(tmp_path).load(media, SIZE, SHAPES) is None
    media.path.unlink()
    assert store(tmp_path).load(media, SIZE, SHAPES) is None


@pytest.mark.parametrize("spoil", ["cut", "huge", "text", "names", "type", "shape", "folder"])
def test_a_file_that_is_not_ours_is_as_if_it_were_not_there(tmp_path: Path, spoil: str) -> None:
    media = photo(tmp_path)
    file = saved(tmp_path, media)
    whole = file.read_bytes()
    match spoil:
        case "cut":
            file.write_bytes(whole[:-8])
        case "huge":
            file.write_bytes(whole + bytes(1 << 20))
        case "text":
            file.write_bytes(b"x" * len(whole))
        case "names":
            save_file({"a": features()["embedding"], "b": features()["high_res_0"]}, file)
        case "type":
            save_file({name: array.view(np.uint16) for name, array in features().items()}, file)
        case "shape":
            save_file({name: array.reshape(-1) for name, array in features().items()}, file)
        case "folder":
            file.unlink()
            file.mkdir()
    assert store(tmp_path).load(media, SIZE, SHAPES) is None


def test_the_longest_unused_make_room_in_all_projects(tmp_path: Path) -> None:
    other = FeatureStore(tmp_path / "features" / "other", LIMIT, "m")
    other.save(photo(tmp_path, 9), SIZE, features())
    other.close()
    (oldest,) = (tmp_path / "features" / "other").iterdir()
    os.utime(oldest, (1, 1))
    size = oldest.stat().st_size
    for number in (1, 2):
        kept = store(tmp_path, limit=2 * size)
        kept.save(photo(tmp_path, number), SIZE, features())
        kept.close()
    assert not oldest.exists()
    assert len(list((tmp_path / "features" / "project").iterdir())) == 2


def test_a_disk_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "features").write_text("a file where the folder should be")
    kept = store(tmp_path)
    kept.save(photo(tmp_path), SIZE, features())
    kept.close()
    assert store(tmp_path).load(photo(tmp_path), SIZE, SHAPES) is None
