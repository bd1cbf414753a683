"""One COCO annotation file from a data set, in the layout of `coco` or of `coco-video`, and the check of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from sam2_annotator.errors import FormatError
from sam2_annotator.formats import coco_json
from sam2_annotator.formats.base import Progress
from sam2_annotator.formats.coco_json import Json, JsonFile, read_array
from sam2_annotator.formats.model import DatasetView, Media, Shape
from sam2_annotator.formats.names import frame_name, natural_key
from sam2_annotator.masks import rle


@dataclass(frozen=True, slots=True)
class Image:
    """One entry of `images`: a picture, or a frame of the clip with this number."""

    number: int
    media: Media
    frame: int
    name: str
    video: int | None


@dataclass(frozen=True, slots=True)
class Tally:
    """What one file holds: entries, masks compared after writing, and shapes that say "not here"."""

    images: int
    annotations: int
    absent: int
    compared: int


class Layout(Protocol):
    """What tells one COCO file from another."""

    has_videos: ClassVar[bool]  # with the lists `videos` and `absences`

    def image(self, image: Image) -> Json:
        """An entry of `images`."""

    def annotation(self, number: int, image: Image, shape: Shape, category: int) -> Json:
        """An entry of `annotations`, for a shape with pixels."""


class Document:
    """One annotation file to be: which media it holds, under which names."""

    def __init__(
        self,
        view: DatasetView,
        layout: Layout,
        *,
        media: Iterable[Media],
        names: Mapping[int, str],
        all_frames: bool = False,
    ) -> None:
        self._view = view
        self._layout = layout
        self._media = sorted(media, key=lambda one: (natural_key(names[one.id]), one.id))
        self._names = names
        self._all_frames = all_frames
        clips = (one for one in self._media if one.kind == "video")
        self._video_numbers = {clip.id: number for number, clip in enumerate(clips, start=1)}
        categories = coco_json.category_numbers(view)
        tracks = (track for one in self._media for track in view.tracks(one))
        self._category_of = {track.id: categories[track.category_id] for track in tracks}

    def write(self, path: Path, progress: Progress) -> Tally:
        """Write the file, read it back and compare every mask. Raises FormatError, OSError, Cancelled."""
        absences: list[Json] = []

        def annotations() -> Iterator[Json]:
            number = 0
            for image, shape in self._shapes(_follow(progress, images, 0, "Writing masks")):
                if shape.mask:
                    number += 1
                    yield self._layout.annotation(number, image, shape, self._category_of[shape.track_id])
                else:
                    absences.append({"track_id": shape.track_id, "video_id": image.video, "frame_id": image.frame})

        with JsonFile(path) as file:
            file.value("info", coco_json.head(self._view))
            file.array("licenses", coco_json.LICENSES)
            file.array("categories", coco_json.categories(self._view))
            if self._layout.has_videos:
                file.array("videos", self._videos())
            images = file.array("images", map(self._layout.image, self._images()))
            written = file.array("annotations", annotations())
            if self._layout.has_videos:
                file.array("absences", absences)
        compared = self._compare(path, _follow(progress, images, images, "Checking masks"))
        return Tally(images, written, len(absences), compared)

    def _videos(self) -> Iterator[Json]:
        for clip in self._media:
            if clip.kind == "video":
                yield {
                    "id": self._video_numbers[clip.id],
                    "name": self._names[clip.id],
                    "width": clip.width,
                    "height": clip.height,
                    "length": clip.frames,
                    "fps": clip.fps,
                }

    def _images(self) -> Iterator[Image]:
        number = 0
        for media in self._media:
            folder = self._names[media.id]
            if media.kind == "image":
                number += 1
                yield Image(number, media, 0, folder, None)
                continue
            for frame in range(media.frames) if self._all_frames else self._view.frames(media):
                number += 1
                yield Image(number, media, frame, frame_name(media, folder, frame), self._video_numbers[media.id])

    def _shapes(self, follow: Callable[[int], None]) -> Iterator[tuple[Image, Shape]]:
        for image in self._images():
            follow(image.number)
            for shape in self._view.shapes(image.media, image.frame):
                yield image, shape

    def _compare(self, path: Path, follow: Callable[[int], None]) -> int:
        count = 0
        entries = read_array(path, "annotations")
        for image, shape in self._shapes(follow):
            if shape.mask:
                count += 1
                try:
                    entry = next(entries)
                    segmentation = entry["segmentation"]
                    equal = rle.from_coco(segmentation["size"], segmentation["counts"]) == shape.mask
                except (StopIteration, KeyError, TypeError, ValueError):
                    equal = False
                if not equal:
                    raise FormatError(
                        f"{path.name} does not read back as it was written; it was not kept.",
                        hint="Check the disk and try again.",
                        details=f"annotation {count}, {image.name}, object {shape.track_id}",
                    )
        return count


def _follow(progress: Progress, images: int, before: int, text: str) -> Callable[[int], None]:
    """Says to `progress` that the work has come to an image; writing and checking are half of it each."""

    def follow(number: int) -> None:
        progress.check()
        progress.step(before + number, 2 * images, text)

    return follow
