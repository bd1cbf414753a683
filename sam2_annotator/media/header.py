"""What a picture file says of itself: readable or not, sides, orientation, pages. No pixel is decoded here."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from PIL.TiffImagePlugin import IMAGELENGTH, IMAGEWIDTH, TiffImageFile

from sam2_annotator.errors import MediaError
from sam2_annotator.values.frame import MediaFacts

MAX_PIXELS = 1 << 28
MAX_PAGES = 10_000
FORMATS = ("JPEG", "PNG", "BMP", "TIFF", "WEBP", "PPM")
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION_TAG = 0x0112
_SWAPS_SIDES = frozenset({5, 6, 7, 8})
_SUBFILE_TAG, _REDUCED = 254, 1
# What Pillow's readers raise for damaged files.
_DAMAGED = (OSError, ValueError, TypeError, KeyError, IndexError, SyntaxError, EOFError, struct.error)

# Pillow knows one limit per process; above it we want a refusal, not a line on stderr.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)
warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")  # odd tags; the pixels are read all the same


@dataclass(frozen=True, slots=True)
class Pages:
    """Numbers in the file of the pages that have the size of the first one and are no smaller copies of another.

    `others` counts the rest; `is_whole` is False when the file ends or is damaged before its last page.
    """

    numbers: tuple[int, ...]
    others: int = 0
    is_whole: bool = True


def picture_facts(path: Path) -> MediaFacts:
    """Facts from the headers alone; a TIFF file tells its pages as frames. Raises MediaError."""
    with opened(path) as image:
        width, height = upright_size(image)
        return MediaFacts(width=width, height=height, frames=len(pages_of(image).numbers), fps=None)


def pages_of(image: Image.Image) -> Pages:
    """The pages of an opened picture; of all formats but TIFF there is one. The image stands at its first page then."""
    if not isinstance(image, TiffImageFile):
        return Pages((0,))
    size, numbers, others, is_whole = upright_size(image), [0], 0, True
    for number in range(1, MAX_PAGES):
        try:
            image.seek(number)
            is_frame = upright_size(image) == size and not image.tag_v2.get(_SUBFILE_TAG, 0) & _REDUCED
        except EOFError:
            break
        except _DAMAGED:
            is_whole = False
            break
        if is_frame:
            numbers.append(number)
        else:
            others += 1
    image.seek(0)
    return Pages(tuple(numbers), others, is_whole)


def upright_size(image: Image.Image) -> tuple[int, int]:
    """(width, height) of the page an image stands at, as it is shown."""
    if isinstance(image, TiffImageFile):  # some versions of Pillow tell its size after turning
        width, height = int(image.tag_v2[IMAGEWIDTH]), int(image.tag_v2[IMAGELENGTH])
    else:
        width, height = image.size
    return (height, width) if orientation(image) in _SWAPS_SIDES else (width, height)


def orientation(image: Image.Image) -> int:
    """The EXIF orientation, 1 when there is none or the tags are damaged."""
    try:
        value = image.getexif().get(_ORIENTATION_TAG, 1)
    except _DAMAGED:
        return 1
    return value if isinstance(value, int) else 1


@contextmanager
def opened(path: Path) -> Iterator[Image.Image]:
    """The picture with its header read and its size accepted; what goes wrong inside becomes a MediaError."""
    with reading(path), Image.open(path, formats=FORMATS) as image:
        check_size(image)
        yield image


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what goes wrong with a picture file into MediaError."""
    try:
        yield
    except _TooLarge as error:
        raise _too_large(path, str(error)) from error
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
    except _DAMAGED as error:
        raise MediaError(
            f"{path.name} is damaged or not a picture.",
            hint="Open it in another program and save it again, or leave it out.",
            details=f"{type(error).__name__}: {error}",
        ) from error


def check_size(image: Image.Image) -> None:
    """Refuse a page with more pixels than can be worked on; for use inside `reading`."""
    if image.width * image.height > MAX_PIXELS:
        raise _TooLarge(f"{image.width} x {image.height} pixels")


class _TooLarge(Exception):
    """Says how many pixels."""


def _too_large(path: Path, amount: str) -> MediaError:
    return MediaError(
        f"{path.name} has {amount}; {MAX_PIXELS:,} is the limit.", hint="Scale it down or cut it in tiles."
    )
