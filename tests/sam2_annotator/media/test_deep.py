"""Which pictures hold more than eight bits, and their values undiminished."""

import cv2
import numpy as np
import pytest
from PIL import Image

from sam2_annotator.media.deep import colours, deep_values, is_deep


def depth(path):
    with Image.open(path) as image:
        return is_deep(image)


def test_only_deep_files_are_deep(tmp_path):
    shallow = np.zeros((4, 5, 3), np.uint8)
    deep = np.zeros((4, 5, 3), np.uint16)
    for name in ("a.png", "a.tif"):
        cv2.imwrite(str(tmp_path / name), shallow)
        assert not depth(tmp_path / name)
        cv2.imwrite(str(tmp_path / name), deep)
        assert depth(tmp_path / name)
        cv2.imwrite(str(tmp_path / name), deep[..., 0])
        assert depth(tmp_path / name)
    Image.fromarray(shallow).save(tmp_path / "a.jpg")
    assert not depth(tmp_path / "a.jpg")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_values_stand_as_pillow_loads_the_picture(tmp_path, orientation):
    values = np.random.default_rng(0).integers(0, 65535, (4, 6, 3)).astype(np.uint16)
    path = tmp_path / "a.tif"
    cv2.imwrite(str(path), values[..., ::-1])
    with Image.open(path) as image:
        tags = dict(image.tag_v2)
    with_tag(path, orientation)
    with Image.open(path) as image:
        assert tags[258] == (16, 16, 16)
        image.load()
        found = deep_values(image, path, 0)
        assert np.array_equal(found >> 8, np.asarray(image))


def test_alpha_is_no_colour():
    assert colours(np.zeros((2, 2, 4), np.uint16)).shape == (2, 2, 3)
    for shape in ((2, 2), (2, 2, 3)):
        values = np.zeros(shape, np.uint16)
        assert colours(values) is values


def test_a_file_only_pillow_can_read_gives_its_high_bytes(tmp_path):
    deep = np.full((4, 5, 3), 0x1234, np.uint16)
    path = tmp_path / "a.png"
    cv2.imwrite(str(path), deep)
    with Image.open(path) as image:
        image.load()
        path.write_bytes(b"gone")
        assert (deep_values(image, path, 0) == 0x1212).all()


def with_tag(path, orientation):
    """Give a TIFF file an orientation, by a directory of its own at the end."""
    data = path.read_bytes()
    offset = int.from_bytes(data[4:8], "little")
    count = int.from_bytes(data[offset : offset + 2], "little")
    entries = [data[offset + 2 + 12 * n : offset + 14 + 12 * n] for n in range(count)]
    tag = (274).to_bytes(2, "little") + b"\3\0\1\0\0\0" + orientation.to_bytes(4, "little")
    entries = sorted([*(e for e in entries if e[:2] != tag[:2]), tag], key=lambda e: int.from_bytes(e[:2], "little"))
    directory = len(entries).to_bytes(2, "little") + b"".join(entries) + bytes(4)
    path.write_bytes(data[:4] + len(data).to_bytes(4, "little") + data[8:] + directory)
