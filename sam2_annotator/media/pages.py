"""Pages of one TIFF file as frames, each read when it is asked for."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from sam2_annotator.media import tones
from sam2_annotator.media.cache import FrameCache
from sam2_annotator.media.header import FORMATS, Pages, check_size, pages_of, reading, upright_size
from sam2_annotator.media.image import page_values, read_page
from sam2_annotator.media.source import Pixels, check_number
from sam2_annotator.values.frame import MediaFacts


class PagesSource:
    """A TIFF file with pages of one size as a clip without a rate. Deep pages share the levels of a few of them."""

    def __init__(self, path: Path, *, cache_bytes: int) -> None:
        self._path = path
        with reading(path):
            self._image = Image.open(path, formats=FORMATS)
            try:
                check_size(self._image)
                pages = pages_of(self._image)
                width, height = upright_size(self._image)
            except BaseException:
                self._image.close()
                raise
        self._numbers = pages.numbers
        self.facts = MediaFacts(width=width, height=height, frames=len(pages.numbers), fps=None)
        self.warning = _warning(path, pages)
        self._cache = FrameCache(cache_bytes)
        self._levels: tones.Levels | None = None
        self._levels_known = False

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) of every page."""
        return self.facts.height, self.facts.width

    def __len__(self) -> int:
        return self.facts.frames

    def frame(self, number: int) -> Pixels:
        """Page `number` of those of one size. Raises MediaError when it cannot be read."""
        check_number(number, len(self))
        pixels = self._cache.get(number)
        if pixels is None:
            with reading(self._path):
                pixels = read_page(self._image, self._path, self._numbers[number], between=self._shared_levels())
            self._cache.put(number, pixels)
        return pixels

    def time(self, number: int) -> float | None:
        """Pages have no times."""
        check_number(number, len(self))
        return None

    def close(self) -> None:
        """Let go of the file and of the decoded pages."""
        self._image.close()
        self._cache.clear()

    def _shared_levels(self) -> tones.Levels | None:
        """One stretch for all pages, so that none flickers; None when they need none."""
        if not self._levels_known:
            numbers = (self._numbers[place] for place in tones.spread(len(self)))
            deep = [page_values(self._image, self._path, number) for number in numbers]
            known = [values for values in deep if values is not None]
            self._levels = tones.levels(known) if known else None
            self._levels_known = True
        return self._levels


def _warning(path: Path, pages: Pages) -> str:
    if not pages.is_whole:
        return f"{path.name} is damaged after its first {len(pages.numbers)} pages; those can be read."
    if pages.others:
        return f"{path.name} has {pages.others} pages of another size, which are left out."
    return ""
