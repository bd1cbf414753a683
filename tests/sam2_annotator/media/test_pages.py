"""Pages of a TIFF file are frames: exact in any order, lazily read, and good ones survive bad ones."""

import struct
import time
from contextlib import ExitStack, closing

import cv2
import numpy as np
import pytest
from PIL import Image

from sam2_annotator.errors import MediaError
from sam2_annotator.media.header import MAX_PIXELS, picture_facts
from sam2_annotator.media.open import open_source
from sam2_annotator.media.pages import PagesSource
from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import ItemId

ROOM = 1 << 22


@pytest.fixture
def open_pages():
    """Opens files and closes them when the test is over."""
    with ExitStack() as stack:
        yield lambda path, room=ROOM: stack.enter_context(closing(PagesSource(path, cache_bytes=room)))


def pages_file(path, pages, compression="raw"):
    first, *rest = [Image.fromarray(page) for page in pages]
    first.save(path, save_all=True, append_images=rest, compression=compression)
    return path


def numbered(count, *, dtype=np.uint8, size=(24, 32)):
    """Page k holds the value k everywhere but for a ramp in its first row."""
    pages = [np.full(size, number, dtype) for number in range(count)]
    for page in pages:
        page[0] = np.arange(size[1])
    return pages


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_deflate", "packbits"])
def test_pages_are_frames_in_any_order(tmp_path, compression):
    path = pages_file(tmp_path / "a.tif", numbered(12), compression)
    assert picture_facts(path).frames == 12
    source = open_source(MediaRef(ItemId(1), MediaKind.FRAMES, path))
    assert isinstance(source, PagesSource)
    assert (len(source), source.size, source.facts.fps, source.warning) == (12, (24, 32), None, "")
    for number in (7, 0, 11, 3, 3, 10):
        assert source.frame(number)[5, 5].tolist() == [number] * 3
        assert not source.frame(number).flags.writeable
    assert source.time(3) is None
    with pytest.raises(IndexError):
        source.frame(12)
    source.close()


def test_hundreds_of_pages_open_at_once_and_are_read_one_by_one(tmp_path, open_pages):
    path = pages_file(tmp_path / "a.tif", [np.zeros((200, 300), np.uint8)] * 600)
    start = time.perf_counter()
    source = open_pages(path, 0)
    source.frame(599)
    assert time.perf_counter() - start < 2
    assert source._cache.bytes == 0


def test_deep_pages_share_one_stretch(tmp_path, open_pages):
    dark, bright = np.full((16, 16), 1000, np.uint16), np.full((16, 16), 3000, np.uint16)
    dark[0], bright[0] = 0, 4000
    source = open_pages(pages_file(tmp_path / "a.tif", [dark, bright, dark]))
    assert source.frame(0)[5, 5, 0] == 64
    assert source.frame(1)[5, 5, 0] == 191
    again = open_pages(tmp_path / "a.tif")
    assert np.array_equal(again.frame(1), source.frame(1)), "whatever was read before"


def test_deep_colour_pages(tmp_path, open_pages):
    pages = [np.full((8, 8, 3), 100 * (number + 1), np.uint16) for number in range(3)]
    cv2.imwritemulti(str(tmp_path / "a.tif"), pages)
    source = open_pages(tmp_path / "a.tif")
    assert [round(float(source.frame(number)[0, 0, 0])) for number in (2, 0, 1)] == [255, 0, 128]


def test_pages_of_another_size_are_left_out_and_told(tmp_path, open_pages):
    pages = numbered(3)
    pages.insert(1, np.zeros((5, 6), np.uint8))
    source = open_pages(pages_file(tmp_path / "a.tif", pages))
    assert len(source) == 3
    assert [int(source.frame(number)[5, 5, 0]) for number in range(3)] == [0, 1, 2]
    assert source.warning == "a.tif has 1 pages of another size, which are left out."


@pytest.mark.filterwarnings("ignore")  # Pillow tells what is missing
def test_a_chain_that_breaks_keeps_the_pages_before(tmp_path, open_pages):
    path = pages_file(tmp_path / "a.tif", numbered(6))
    whole = path.read_bytes()
    with Image.open(path) as image:
        image.seek(4)
        offset = image._frame_pos[4]
    path.write_bytes(whole[: offset + 1])
    source = open_pages(path)
    assert 1 <= len(source) < 6
    assert source.frame(len(source) - 1)[5, 5, 0] == len(source) - 1
    assert "damaged after its first" in source.warning


def test_a_chain_in_a_circle_ends(tmp_path):
    path = pages_file(tmp_path / "a.tif", numbered(3))
    data = bytearray(path.read_bytes())
    with Image.open(path) as image:
        image.seek(2)
        first, last = image._frame_pos[0], image._frame_pos[2]
    (entries,) = struct.unpack_from("<H", data, last)
    struct.pack_into("<I", data, last + 2 + 12 * entries, first)
    path.write_bytes(data)
    assert picture_facts(path).frames == 3


def test_a_page_too_large_to_decode_is_refused_by_its_header(tmp_path, open_pages):
    path = pages_file(tmp_path / "a.tif", numbered(2, size=(8, 8)))
    data = bytearray(path.read_bytes())
    (offset,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, offset)
    for entry in range(offset + 2, offset + 2 + 12 * entries, 12):
        if struct.unpack_from("<H", data, entry)[0] in (256, 257):
            struct.pack_into("<HII", data, entry + 2, 4, 1, 60_000)
    path.write_bytes(data)
    with pytest.raises(MediaError, match=f"{MAX_PIXELS:,}"):
        open_pages(path)


def test_a_page_that_cannot_be_decoded_names_the_file(tmp_path, open_pages):
    path = pages_file(tmp_path / "a.tif", numbered(3), "tiff_deflate")
    data = bytearray(path.read_bytes())
    with Image.open(path) as image:
        image.seek(1)
        start = image.tag_v2[273][0]
    data[start : start + 8] = b"\xff" * 8
    path.write_bytes(data)
    source = open_pages(path)
    with pytest.raises(MediaError, match=r"a\.tif"):
        source.frame(1)
    assert source.frame(2)[5, 5, 0] == 2, "the next one goes on"
