"""What headers tell, without decoding."""

import numpy as np
import pytest
from PIL import Image

from sam2_annotator.errors import MediaError
from sam2_annotator.media.header import Pages, opened, orientation, pages_of, picture_facts, upright_size


def turned(path, value):
    exif = Image.Exif()
    exif[0x0112] = value
    Image.fromarray(np.zeros((20, 30, 3), np.uint8)).save(path, exif=exif)
    return path


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
@pytest.mark.parametrize("value", [1, 6])
def test_sides_are_told_upright(tmp_path, suffix, value):
    path = turned(tmp_path / f"a{suffix}", value)
    with opened(path) as image:
        assert orientation(image) == value
        assert upright_size(image) == ((20, 30) if value == 6 else (30, 20))
        assert pages_of(image) == Pages((0,))
    assert picture_facts(path).frames == 1


def test_smaller_copies_of_a_page_are_no_frames(tmp_path):
    first = Image.fromarray(np.zeros((20, 30), np.uint8))
    second = Image.fromarray(np.zeros((20, 30), np.uint8))
    second.encoderinfo = {"tiffinfo": {254: 1}}
    path = tmp_path / "a.tif"
    first.save(path, save_all=True, append_images=[second, first])
    with opened(path) as image:
        assert pages_of(image) == Pages((0, 2), others=1)
        assert image.tell() == 0


def test_what_goes_wrong_while_reading_is_one_sentence(tmp_path):
    path = tmp_path / "a.png"
    Image.fromarray(np.zeros((20, 30), np.uint8)).save(path)
    with pytest.raises(MediaError, match=r"a\.png is damaged"), opened(path):
        raise SyntaxError("broken")
