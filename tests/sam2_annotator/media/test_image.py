"""Pictures of every kind become upright 8-bit RGB, and bad ones one sentence."""

import struct
import time
import tracemalloc
import warnings
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image, ImageOps

from sam2_annotator.errors import MediaError
from sam2_annotator.media.header import picture_facts
from sam2_annotator.media.image import ImageSource, read_picture, read_reduced

GREY = np.linspace(0, 255, 48 * 32).reshape(32, 48).astype(np.uint8)
RGB = np.dstack((GREY, GREY[::-1], GREY[:, ::-1]))


def saved(path, image, **options):
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(path, **options)
    return path


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_header(path, width, height):
    """A PNG that says it is this large and holds next to nothing."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b""))
    return path


def test_a_picture_is_a_source_of_one_frame(tmp_path):
    source = ImageSource(saved(tmp_path / "Grüße 图.png", RGB))
    assert (source.facts.width, source.facts.height, source.facts.frames, source.facts.fps) == (48, 32, 1, None)
    assert (len(source), source.size, source.time(0), source.warning) == (1, (32, 48), None, "")
    assert np.array_equal(source.frame(0), RGB)
    assert not source.frame(0).flags.writeable
    with pytest.raises(IndexError, match="no frame 1"):
        source.frame(1)
    source.close()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
def test_every_orientation_is_made_upright(tmp_path, orientation, suffix):
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path / f"a{suffix}", RGB, exif=exif)
    with Image.open(path) as image:
        expected = np.array(ImageOps.exif_transpose(image))
    pixels = read_picture(path)
    assert np.array_equal(pixels, expected)
    facts = picture_facts(path)
    assert (facts.height, facts.width) == pixels.shape[:2]
    reduced = np.array(read_reduced(path, 1000))
    assert np.array_equal(reduced, expected)


def test_a_quarter_turn_goes_clockwise(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    assert np.array_equal(read_picture(saved(tmp_path / "a.png", RGB, exif=exif)), np.rot90(RGB, -1))


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_is_none(tmp_path, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert np.array_equal(read_picture(saved(tmp_path / "a.png", RGB, exif=exif)), RGB)


def test_sixteen_bits_are_stretched_to_what_the_picture_uses(tmp_path):
    """A camera of 12 bits in a file of 16: the upper sixteenth of the range is all there is."""
    rng = np.random.default_rng(1)
    deep = rng.integers(1000, 4000, (64, 64), np.uint16)
    deep[0, 0], deep[0, 1] = 0, 65535  # a dead and a hot pixel do not count
    for name in ("a.png", "a.tif", "a.pgm"):
        pixels = read_picture(saved(tmp_path / name, Image.fromarray(deep)))
        assert pixels[0, 0].tolist() == [0, 0, 0]
        assert pixels[0, 1].tolist() == [255, 255, 255]
        expected = np.clip((deep[1:].astype(float) - 1000) / 3000, 0, 1) * 255
        assert np.abs(pixels[1:, :, 0] - expected).max() <= 2, name
        assert np.array_equal(np.array(read_reduced(tmp_path / name, 1000)), pixels)


@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_deep_colours_keep_their_low_bits(tmp_path, suffix):
    deep = (np.indices((16, 16, 3)).sum(axis=0) * 6).astype(np.uint16)  # all below 256: the high byte is empty
    path = tmp_path / f"ü{suffix}"
    path.write_bytes(cv2.imencode(suffix, deep[..., ::-1])[1].tobytes())
    pixels = read_picture(path)
    assert pixels.min() == 0
    assert pixels.max() == 255
    assert np.abs(pixels.astype(float) - deep / deep.max() * 255).max() <= 1
    assert picture_facts(path).width == 16


def test_deep_colours_with_alpha_lie_on_white(tmp_path):
    deep = np.full((8, 8, 4), 65535, np.uint16)
    deep[..., :3] = np.arange(8, dtype=np.uint16)[:, None, None] * 100
    deep[:, :4, 3] = 0
    path = tmp_path / "a.png"
    path.write_bytes(cv2.imencode(".png", deep)[1].tobytes())
    pixels = read_picture(path)
    assert (pixels[:, :4] == 255).all()
    assert pixels[0, 5].tolist() == [0, 0, 0]


def test_signed_and_floating_values_are_stretched(tmp_path):
    for values in (GREY.astype(np.float32) / 7 - 3, GREY.astype(np.int32) * 1000 - 70_000):
        pixels = read_picture(saved(tmp_path / "a.tif", values))
        assert np.abs(pixels.astype(int) - np.dstack([GREY] * 3)).max() <= 1
    flat = np.full((4, 4), np.nan, np.float32)
    assert read_picture(saved(tmp_path / "a.tif", flat)).max() == 0
    flat[0, 0], flat[1, 1], flat[2, 2] = np.inf, 2.0, 3.0
    assert read_picture(saved(tmp_path / "a.tif", flat))[:3, :3, 0].tolist() == [[255, 0, 0], [0, 0, 0], [0, 0, 255]]


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "YCbCr", "RGB"])
def test_modes_without_transparency(tmp_path, mode):
    image = Image.fromarray(RGB).convert(mode)
    path = saved(tmp_path / ("a.tif" if mode in ("CMYK", "YCbCr") else "a.png"), image)
    assert np.array_equal(read_picture(path), np.array(image.convert("RGB")))


def test_cmyk_jpeg(tmp_path):
    path = saved(tmp_path / "a.jpg", Image.fromarray(RGB).convert("CMYK"), quality=98)
    assert np.abs(read_picture(path).astype(int) - RGB).mean() < 3


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparent_pictures_lie_on_white(tmp_path, mode):
    image = Image.fromarray(RGB).convert(mode)
    alpha = np.full(GREY.shape, 255, np.uint8)
    alpha[:16] = 0
    image.putalpha(Image.fromarray(alpha))
    pixels = read_picture(saved(tmp_path / "a.png", image))
    assert (pixels[:16] == 255).all()
    assert np.array_equal(pixels[16:], np.array(image.convert("RGB"))[16:])


def test_a_palette_with_a_transparent_colour(tmp_path):
    image = Image.fromarray(np.indices((4, 4)).sum(axis=0).astype(np.uint8) % 2, mode="L").convert("P")
    image.putpalette([255, 0, 0, 0, 0, 255])
    pixels = read_picture(saved(tmp_path / "a.png", image, transparency=0))
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[0, 1].tolist() == [0, 0, 255]


def refuse(path, read):
    """The error of a bad file: quick, small, one sentence that names it, with a hint."""
    tracemalloc.start()
    start = time.perf_counter()
    with pytest.raises(MediaError) as caught:
        read(path)
    assert time.perf_counter() - start < 3
    assert tracemalloc.get_traced_memory()[1] < 30 << 20
    tracemalloc.stop()
    assert path.name in caught.value.message
    assert "\n" not in caught.value.message
    assert caught.value.hint
    return caught.value.message


@pytest.mark.parametrize("sides", [(60_000, 60_000), (20_000, 20_000), (2**31 - 1, 1)])
@pytest.mark.parametrize("read", [read_picture, picture_facts, lambda path: read_reduced(path, 64)])
def test_a_huge_picture_is_refused_by_its_header(tmp_path, sides, read):
    assert "268,435,456" in refuse(png_header(tmp_path / "huge.png", *sides), read)


def test_the_limit_holds_whatever_is_done_with_warnings(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert "20000 x 20000" in refuse(png_header(tmp_path / "huge.png", 20_000, 20_000), picture_facts)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".bmp", ".webp", ".ppm"])
def test_a_truncated_picture_is_refused(tmp_path, suffix):
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    path = saved(tmp_path / f"a{suffix}", noise)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert "damaged" in refuse(path, read_picture)


@pytest.mark.parametrize(
    "content", [b"", b"text\n" * 50, b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"II*\0" + bytes(9)]
)
def test_what_is_no_picture_is_refused(tmp_path, content):
    path = tmp_path / "a.png"
    path.write_bytes(content)
    refuse(path, read_picture)
    refuse(path, picture_facts)


def test_an_absent_file_and_a_folder_are_refused(tmp_path):
    assert "not there" in refuse(tmp_path / "absent.png", read_picture)
    refuse(tmp_path, read_picture)


def test_reduced_pictures_keep_their_shape(tmp_path):
    path = saved(tmp_path / "a.jpg", np.zeros((600, 900, 3), np.uint8))
    assert read_reduced(path, 90).size == (90, 60)
