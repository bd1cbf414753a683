"""One picture: header first, then upright 8-bit RGB whatever the file holds."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.TiffImagePlugin import IMAGELENGTH, IMAGEWIDTH, TiffImageFile

from sam2_annotator.errors import MediaError
from sam2_annotator.media.source import Pixels, check_number
from sam2_annotator.values.frame import MediaFacts

MAX_PIXELS = 1 << 28
FORMATS = ("JPEG", "PNG", "BMP", "TIFF", "WEBP", "PPM")
ORIENTATION_TAG = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SWAPS_SIDES = frozenset({5, 6, 7, 8})

# Pillow knows one limit per process; above it we want a refusal, not a line on stderr.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


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


def read_picture(path: Path) -> Pixels:
    """Upright uint8 RGB (H, W, 3), read-only.

    16-bit pictures keep their high byte, other deep ones are stretched from their darkest to their brightest value,
    transparent ones lie on white. Raises MediaError.
    """
    with _opened(path) as image:
        image.load()  # first, since TIFF is turned upright here and then has no orientation any more
        turn = TURNS.get(_orientation(image))
        rgb = _rgb8(image)
        if turn is not None:
            rgb = rgb.transpose(turn)
        pixels = np.array(rgb)
    pixels.setflags(write=False)
    return pixels


def read_reduced(path: Path, side: int) -> Image.Image:
    """The picture upright with its longer side at most `side` pixels, RGB. Raises MediaError."""
    with _opened(path) as image:
        image.draft("RGB", (side, side))  # JPEG decodes at a fraction of its size
        image.load()
        turn = TURNS.get(_orientation(image))
        rgb = _rgb8(image)
        rgb.thumbnail((side, side))
        return rgb if turn is None else rgb.transpose(turn)


def picture_facts(path: Path) -> MediaFacts:
    """Facts from the header alone. Raises MediaError."""
    with _opened(path) as image:
        width, height = _stored_size(image)
        if _orientation(image) in SWAPS_SIDES:
            width, height = height, width
        return MediaFacts(width=width, height=height, frames=1, fps=None)


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    """The picture with its header read and its size accepted; what goes wrong inside becomes a MediaError."""
    try:
        with Image.open(path, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise _too_large(path, f"{image.width} x {image.height} pixels")
            yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(path, "more pixels than can be worked on") from error
    except FileNotFoundError as error:
        raise MediaError(f"{path.name} is not there.", hint="Was it moved or renamed? Open it again.") from error
    except PermissionError as error:
        raise MediaError(f"{path.name} may not be read.", hint="Change the file's permissions.") from error
    except MemoryError as error:
        raise MediaError(
            f"{path.name} does not fit into memory.", hint="Close other programs or scale it down."
        ) from error
    except (OSError, ValueError, TypeError, KeyError, IndexError, SyntaxError, EOFError, struct.error) as error:
        # Pillow's readers raise any of these for damaged files.
        raise MediaError(
            f"{path.name} is damaged or not a picture.",
            hint="Open it in another program and save it again, or leave it out.",
            details=f"{type(error).__name__}: {error}",
        ) from error


def _too_large(path: Path, amount: str) -> MediaError:
    return MediaError(
        f"{path.name} has {amount}; {MAX_PIXELS:,} is the limit.", hint="Scale it down or cut it in tiles."
    )


def _orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 when there is none or the tags are damaged."""
    try:
        value = image.getexif().get(ORIENTATION_TAG, 1)
    except (OSError, ValueError, TypeError, KeyError, IndexError, SyntaxError, struct.error):
        return 1
    return value if isinstance(value, int) else 1


def _stored_size(image: Image.Image) -> tuple[int, int]:
    """(width, height) before turning; for TIFF, some versions of Pillow tell the size after it."""
    if isinstance(image, TiffImageFile):
        return int(image.tag_v2[IMAGEWIDTH]), int(image.tag_v2[IMAGELENGTH])
    return image.size


def _rgb8(image: Image.Image) -> Image.Image:
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return Image.fromarray(_grey8(np.asarray(image))).convert("RGB")
    if image.has_transparency_data:
        picture = image.convert("RGBA")
        ground = Image.new("RGBA", picture.size, "white")
        ground.alpha_composite(picture)
        return ground.convert("RGB")
    return image.convert("RGB")


def _grey8(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Deep grey values (H, W) as 8 bits; only those of 16 bits have an agreed range."""
    if values.dtype.kind in "iu" and values.min() >= 0 and values.max() <= 0xFFFF:
        return (values.astype(np.uint16) >> 8).astype(np.uint8)
    grey = values.astype(np.float64)
    finite = grey[np.isfinite(grey)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    grey = np.nan_to_num(grey, nan=low, posinf=high, neginf=low) - low
    return (grey * (255.0 / (high - low) if high > low else 0.0)).round().astype(np.uint8)
