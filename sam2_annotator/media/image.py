"""One picture as upright 8-bit RGB, whatever the file holds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from sam2_annotator.media.deep import colours, deep_values, is_deep
from sam2_annotator.media.header import TURNS, check_size, opened, orientation
from sam2_annotator.media.source import Pixels, check_number
from sam2_annotator.media.tones import Deep, Levels, levels, to_8_bits
from sam2_annotator.values.frame import MediaFacts


class ImageSource:
    """A picture as a source of one frame, decoded when it is opened."""

    warning = ""

    def __init__(self, path: Path) -> None:
        self._pixels = read_picture(path)
        self.facts = MediaFacts(width=self._pixels.shape[1], height=self._pixels.shape[0], frames=1, fps=None)

    @property
    def size(self) -> tuple[int, int]:
        """(height, width)."""
        return self.facts.height, self.facts.width

    def __len__(self) -> int:
        return 1

    def frame(self, number: int) -> Pixels:
        """The picture; `number` is 0."""
        check_number(number, 1)
        return self._pixels

    def time(self, number: int) -> float | None:
        """Pictures have no time."""
        check_number(number, 1)
        return None

    def close(self) -> None:
        """Nothing is held open."""


def read_picture(path: Path, *, between: Levels | None = None) -> Pixels:
    """Upright uint8 RGB (H, W, 3), read-only; of a file with pages, the first.

    More than eight bits are stretched between the levels given, else between those of the picture itself (see
    `media.tones`). Transparent pictures lie on white. Raises MediaError.
    """
    with opened(path) as image:
        return read_page(image, path, 0, between=between)


def read_page(image: Image.Image, path: Path, page: int, *, between: Levels | None) -> Pixels:
    """A page of an opened picture, as `read_picture` gives it; for use inside `header.reading`."""
    turn_to(image, page)
    pixels = np.array(_upright(image, path, page, between))
    pixels.setflags(write=False)
    return pixels


def read_reduced(path: Path, side: int) -> Image.Image:
    """The picture upright with its longer side at most `side` pixels, RGB. Raises MediaError."""
    with opened(path) as image:
        image.draft("RGB", (side, side))  # JPEG decodes at a fraction of its size
        rgb = _upright(image, path, 0, None)
        rgb.thumbnail((side, side))
        return rgb


def page_values(image: Image.Image, path: Path, page: int) -> Deep | None:
    """Colour values of a page with more than eight bits, None for others; for use inside `header.reading`."""
    turn_to(image, page)
    if not is_deep(image):
        return None
    image.load()
    return colours(deep_values(image, path, page))


def turn_to(image: Image.Image, page: int) -> None:
    """Stand at a page, whose size must be acceptable; for use inside `header.reading`."""
    if page != image.tell():
        image.seek(page)
    check_size(image)


def _upright(image: Image.Image, path: Path, page: int, between: Levels | None) -> Image.Image:
    deep = is_deep(image)
    image.load()  # first, since TIFF is turned upright here and then has no orientation any more
    turn = TURNS.get(orientation(image))
    rgb = _deep_rgb(deep_values(image, path, page), between) if deep else _rgb8(image)
    return rgb if turn is None else rgb.transpose(turn)


def _deep_rgb(values: Deep, between: Levels | None) -> Image.Image:
    counted = colours(values)
    shown = to_8_bits(counted, between or levels([counted]))
    if counted is values:
        return Image.fromarray(shown).convert("RGB")
    alpha = (values[..., 3:].astype(np.uint16) >> 8).astype(np.uint8)
    return _on_white(Image.fromarray(np.concatenate((shown, alpha), axis=2), "RGBA"))


def _rgb8(image: Image.Image) -> Image.Image:
    return _on_white(image.convert("RGBA")) if image.has_transparency_data else image.convert("RGB")


def _on_white(picture: Image.Image) -> Image.Image:
    ground = Image.new("RGBA", picture.size, "white")
    ground.alpha_composite(picture)
    return ground.convert("RGB")
