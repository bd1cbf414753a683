"""Small pictures on disk: made once, found by content, bounded, and never a failure of their own."""

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sam2_annotator.errors import MediaError
from sam2_annotator.media import thumbnail_store
from sam2_annotator.media.thumbnail_store import ThumbnailStore
from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import ItemId
from support.drawn import picture_file


def ref(path: Path) -> MediaRef:
    return MediaRef(ItemId(1), MediaKind.IMAGE, path)


@pytest.fixture
def store(tmp_path: Path) -> ThumbnailStore:
    return ThumbnailStore(tmp_path / "cache", limit=1 << 20, side=48)


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache").glob("*/*"))


def test_the_second_time_it_comes_from_the_disk_wherever_the_file_lies(
    store: ThumbnailStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = picture_file(tmp_path / "a.png")
    first = store.get(ref(picture))
    assert first.shape == (32, 48, 3)
    moved = picture.rename(tmp_path / "b.png")
    monkeypatch.setattr(thumbnail_store, "thumbnail", None)
    again = store.get(ref(moved))
    assert np.abs(again.astype(int) - first).mean() < 8
    assert len(kept(tmp_path)) == 1


def test_another_content_is_another_picture(store: ThumbnailStore, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (8, 8), "red").save(path)
    assert store.get(ref(path))[4, 4].tolist() == [255, 0, 0]
    Image.new("RGB", (8, 8), "blue").save(path)
    assert store.get(ref(path))[4, 4].tolist() == [0, 0, 255]


def test_a_damaged_one_is_made_again(store: ThumbnailStore, tmp_path: Path) -> None:
    picture = picture_file(tmp_path / "a.png")
    store.get(ref(picture))
    (path,) = kept(tmp_path)
    path.write_bytes(b"nothing")
    assert store.get(ref(picture)).shape == (32, 48, 3)
    assert path.stat().st_size > 100


def test_those_not_seen_for_longest_go_when_it_grows_too_large(
    store: ThumbnailStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thumbnail_store, "_CHECK_EVERY", 1)
    pictures = [picture_file(tmp_path / f"{n}.png", width=60 + n) for n in range(8)]
    for age, picture in enumerate(pictures):
        before = set(kept(tmp_path))
        store.get(ref(picture))
        (new,) = set(kept(tmp_path)) - before
        os.utime(new, (1000 + age, 1000 + age))
    size = max(path.stat().st_size for path in kept(tmp_path))
    store.get(ref(pictures[0]))  # seen again: it is the newest now
    small = ThumbnailStore(tmp_path / "cache", limit=4 * size, side=48)
    small.get(ref(picture_file(tmp_path / "new.png", width=70)))
    assert len(kept(tmp_path)) <= 5
    monkeypatch.setattr(thumbnail_store, "thumbnail", None)
    small.get(ref(pictures[0]))


def test_a_folder_that_cannot_be_written_to_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file is in the way")
    store = ThumbnailStore(tmp_path / "cache", limit=1, side=48)
    assert store.get(ref(picture_file(tmp_path / "a.png"))).shape == (32, 48, 3)


def test_what_cannot_be_read_is_said(store: ThumbnailStore, tmp_path: Path) -> None:
    with pytest.raises(MediaError):
        store.get(ref(tmp_path / "absent.png"))
    (tmp_path / "b.png").write_bytes(b"no picture")
    with pytest.raises(MediaError, match="damaged"):
        store.get(ref(tmp_path / "b.png"))
    assert kept(tmp_path) == []
