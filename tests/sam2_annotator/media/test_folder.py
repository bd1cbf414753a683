"""Folders of pictures: order, one size, bad files."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from sam2_annotator.errors import MediaError
from sam2_annotator.media.folder import FolderSource, list_media, list_pictures, natural_key


def picture(path, value=0, size=(8, 6)):
    Image.new("RGB", size, (value, value, value)).save(path)
    return path


def test_natural_order():
    names = ["b1.png", "a10.png", "a2.png", "A1.png", "a02.png", "10.png", "9.png", "½.png", "²2.png"]
    ordered = sorted(names, key=natural_key)
    assert ordered[:6] == ["9.png", "10.png", "A1.png", "a02.png", "a2.png", "a10.png"]


def test_pictures_are_listed_and_nothing_else(tmp_path):
    for name in ("10.PNG", "9.jpg", "bild ü.webp"):
        (tmp_path / name).write_bytes(b"")
    for name in (".hidden.png", "notes.txt", "clip.mp4"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "folder.png").mkdir()
    assert [path.name for path in list_pictures(tmp_path)] == ["9.jpg", "10.PNG", "bild ü.webp"]


def test_a_folder_without_pictures_or_none_at_all_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("")
    with pytest.raises(MediaError, match="holds no pictures"):
        list_pictures(tmp_path)
    with pytest.raises(MediaError, match="cannot be read"):
        list_pictures(tmp_path / "absent")


def test_frames_of_a_folder(tmp_path):
    for number in range(12):
        picture(tmp_path / f"{number}.png", number * 10)
    source = FolderSource(tmp_path, cache_bytes=3 * 8 * 6 * 3)
    assert (source.facts.width, source.facts.height, source.facts.frames, source.facts.fps) == (8, 6, 12, None)
    assert (len(source), source.size, source.time(3)) == (12, (6, 8), None)
    for number in [*range(12), *reversed(range(12))]:
        frame = source.frame(number)
        assert frame[0, 0, 0] == number * 10
        assert not frame.flags.writeable
    for number in (-1, 12):
        with pytest.raises(IndexError):
            source.frame(number)
    source.close()


def test_frames_are_kept(tmp_path):
    path = picture(tmp_path / "0.png", 7)
    source = FolderSource(tmp_path, cache_bytes=1000)
    assert source.frame(0)[0, 0, 0] == 7
    path.unlink()
    assert np.array_equal(source.frame(0), np.full((6, 8, 3), 7))


def test_pictures_of_two_sizes_are_refused(tmp_path):
    picture(tmp_path / "0.png")
    picture(tmp_path / "1.png", size=(8, 7))
    with pytest.raises(MediaError, match=r"1\.png is 8 x 7, the first picture of its folder is 8 x 6"):
        FolderSource(tmp_path, cache_bytes=1000)


def test_a_picture_that_breaks_later_is_named(tmp_path):
    picture(tmp_path / "0.png")
    later = picture(tmp_path / "1.png")
    source = FolderSource(tmp_path, cache_bytes=1000)
    later.write_bytes(later.read_bytes()[:40])
    with pytest.raises(MediaError, match=r"1\.png is damaged"):
        source.frame(1)
    picture(later, size=(9, 9))
    with pytest.raises(MediaError, match=r"1\.png is 9 x 9"):
        source.frame(1)
    assert source.frame(0).shape == (6, 8, 3)


def test_media_of_a_folder_are_pictures_and_videos_in_one_order(tmp_path: Path) -> None:
    for name in ("10.mp4", "9.jpg", "notes.txt", ".hidden.mov", "11.png"):
        (tmp_path / name).touch()
    assert [path.name for path in list_media(tmp_path)] == ["9.jpg", "10.mp4", "11.png"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(MediaError, match="holds no pictures or videos"):
        list_media(tmp_path / "empty")
