"""Small pictures for lists."""

import numpy as np
import pytest
from PIL import Image

from sam2_annotator.errors import MediaError
from sam2_annotator.media.thumbnails import thumbnail
from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import ItemId
from support import clips


def ref(kind, path):
    return MediaRef(ItemId(1), kind, path)


def test_a_picture_keeps_its_shape_and_colour(tmp_path):
    Image.new("RGB", (400, 200), (200, 30, 60)).save(tmp_path / "a.jpg", quality=95)
    small = thumbnail(ref(MediaKind.IMAGE, tmp_path / "a.jpg"), 64)
    assert small.shape == (32, 64, 3)
    assert np.abs(small.astype(int) - (200, 30, 60)).max() < 8


def test_clips_show_their_first_frame(tmp_path):
    clips.write(tmp_path / "a.mp4", frames=4)
    small = thumbnail(ref(MediaKind.VIDEO, tmp_path / "a.mp4"), 64)
    assert small.shape == (32, 64, 3)
    Image.new("RGB", (90, 30), (255, 0, 0)).save(tmp_path / "0.png")
    assert thumbnail(ref(MediaKind.FRAMES, tmp_path), 30).tolist() == np.full((10, 30, 3), (255, 0, 0)).tolist()


def test_a_bad_picture_is_told(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"")
    with pytest.raises(MediaError):
        thumbnail(ref(MediaKind.IMAGE, tmp_path / "a.jpg"), 64)
