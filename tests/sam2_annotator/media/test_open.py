"""From a path to a source."""

from contextlib import closing

import pytest
from PIL import Image

from sam2_annotator import media
from sam2_annotator.errors import MediaError
from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import ItemId
from support import clips


@pytest.fixture
def folder(tmp_path):
    Image.new("RGB", (20, 10)).save(tmp_path / "photo.JPG")
    Image.new("RGB", (20, 10)).save(tmp_path / "photo-without-suffix", format="PNG")
    (tmp_path / "notes.txt").write_text("nothing to see")
    clips.write(tmp_path / "clip.MP4", frames=5)
    return tmp_path


def test_classify(folder):
    assert media.classify(folder) == "folder"
    assert media.classify(folder / "photo.JPG") is MediaKind.IMAGE
    assert media.classify(folder / "photo-without-suffix") is MediaKind.IMAGE
    assert media.classify(folder / "clip.MP4") is MediaKind.VIDEO


@pytest.mark.parametrize(("name", "words"), [("notes.txt", "not a picture or video"), ("absent.png", "not there")])
def test_what_cannot_be_opened_is_told(folder, name, words):
    with pytest.raises(MediaError, match=words) as caught:
        media.classify(folder / name)
    assert name in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "kind", "frames", "size"),
    [
        ("photo.JPG", MediaKind.IMAGE, 1, (10, 20)),
        (".", MediaKind.FRAMES, 1, (10, 20)),
        ("clip.MP4", MediaKind.VIDEO, 5, (clips.HEIGHT, clips.WIDTH)),
    ],
)
def test_every_kind_opens(folder, name, kind, frames, size):
    with closing(media.open_source(MediaRef(ItemId(1), kind, folder / name))) as source:
        assert len(source) == source.facts.frames == frames
        assert source.size == (source.facts.height, source.facts.width) == size
        assert source.frame(0).shape == (*size, 3)


def test_what_is_there_is_not_always_what_it_says(folder):
    (folder / "clip.MP4").write_text("text")
    (folder / "photo.JPG").write_text("text")
    for name, kind in (("clip.MP4", MediaKind.VIDEO), ("photo.JPG", MediaKind.IMAGE), ("photo.JPG", MediaKind.VIDEO)):
        with pytest.raises(MediaError, match="damaged or not a"):
            media.open_source(MediaRef(ItemId(1), kind, folder / name))
