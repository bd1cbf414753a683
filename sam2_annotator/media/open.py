"""From a path to a source."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, assert_never

from sam2_annotator.errors import MediaError
from sam2_annotator.media.folder import PICTURE_SUFFIXES, VIDEO_SUFFIXES, FolderSource
from sam2_annotator.media.header import picture_facts
from sam2_annotator.media.image import ImageSource
from sam2_annotator.media.pages import PagesSource
from sam2_annotator.media.source import Source
from sam2_annotator.media.video import VideoSource
from sam2_annotator.values.frame import MediaKind, MediaRef

CACHE_BYTES = 256 << 20


def classify(path: Path) -> MediaKind | Literal["folder"]:
    """What a path is, by its name, or by its header when the name says nothing. Raises MediaError.

    A TIFF file is a picture here; `media.header.picture_facts` tells whether it has pages.
    """
    if path.is_dir():
        return "folder"
    if not path.exists():
        raise MediaError(f"{path.name} is not there.", hint="Check the path.")
    suffix = path.suffix.lower()
    if suffix in VIDEO_SUFFIXES:
        return MediaKind.VIDEO
    if suffix not in PICTURE_SUFFIXES:
        try:
            picture_facts(path)
        except MediaError as error:
            raise MediaError(
                f"{path.name} is not a picture or video this program reads.",
                hint="Open a JPEG, PNG, TIFF, BMP or WebP picture, a folder of them, or a video such as MP4.",
                details=error.details,
            ) from error
    return MediaKind.IMAGE


def open_source(media: MediaRef, *, cache_bytes: int = CACHE_BYTES) -> Source:
    """A source for an item, to be used and closed by the calling thread; it keeps up to `cache_bytes` of frames.

    Raises MediaError.
    """
    match media.kind:
        case MediaKind.IMAGE:
            return ImageSource(media.path)
        case MediaKind.FRAMES:
            of_folder = media.path.is_dir()
            return (FolderSource if of_folder else PagesSource)(media.path, cache_bytes=cache_bytes)
        case MediaKind.VIDEO:
            return VideoSource(media.path, cache_bytes=cache_bytes)
        case _:
            assert_never(media.kind)
