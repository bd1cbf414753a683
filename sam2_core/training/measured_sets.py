"""Data sets that models are measured on: COCO files with their pictures, folders of clips laid out like DAVIS."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image

from sam2_core.amg import run_lengths
from sam2_core.errors import TrainingError
from sam2_core.frames import FrameSource, open_frames
from sam2_core.training.pictures import Pixels
from sam2_core.training.scoring import Bools
from sam2_core.training.still_scores import Picture

_LEAST_SHARE = 0.01  # of the picture that an object must fill to count
_RESOLUTIONS = ("480p", "Full-Resolution")
_SUFFIXES = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip: its frames in order, and annotations (indexed pictures, 0 background) by frame number."""

    name: str
    frames: tuple[Path, ...]
    truth: Mapping[int, Path]

    @property
    def first(self) -> int:
        """The frame that is prompted: the first with an annotation."""
        return min(self.truth)

    def objects(self, frame: int) -> dict[int, Bools]:
        """Masks of the objects on an annotated frame.

        Raises:
            TrainingError: the annotation cannot be read.
        """
        labels = read_labels(self.truth[frame])
        return {int(value): labels == value for value in np.unique(labels) if value}

    @property
    def source(self) -> FrameSource:
        """The frames, for a session."""
        return open_frames(list(self.frames))


class MeasuredClip(Protocol):
    """A clip with the truth about some of its frames; `truth` holds their numbers."""

    @property
    def name(self) -> str:
        """What it is called in tables."""
        ...

    @property
    def truth(self) -> Mapping[int, object]:
        """The frames that are annotated."""
        ...

    @property
    def first(self) -> int:
        """The frame that is prompted."""
        ...

    @property
    def source(self) -> FrameSource:
        """The frames."""
        ...

    def objects(self, frame: int) -> dict[int, Bools]:
        """Masks of the objects on an annotated frame."""
        ...


def coco_pictures(file: Path) -> Iterator[Picture]:
    """Pictures of a COCO file with their objects that are no crowds and fill more than 1 % of the picture.

    The pictures lie beside the file or in a folder `images` there; those without such objects are left out.

    Raises:
        TrainingError: file or picture cannot be read.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        annotations: dict[Any, list[dict[str, Any]]] = {}
        for annotation in content["annotations"]:
            annotations.setdefault(annotation["image_id"], []).append(annotation)
        for facts in content["images"]:
            size = int(facts["height"]), int(facts["width"])
            least = _LEAST_SHARE * size[0] * size[1]
            own = [a for a in annotations.get(facts["id"], []) if not a.get("iscrowd")]
            masks = [rasterised(a["segmentation"], size) for a in own if a.get("area", least + 1) > least]
            masks = [mask for mask in masks if mask.any()]
            if masks:
                yield Picture(str(facts["file_name"]), read_rgb(_beside(file, facts["file_name"]), size), tuple(masks))
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise TrainingError(f"{file} is no COCO file that can be read ({type(error).__name__}: {error}).") from error


def rasterised(segmentation: Any, size: tuple[int, int]) -> Bools:
    """Mask (height, width) of a COCO segmentation: polygons or run lengths."""
    if isinstance(segmentation, dict):
        runs = segmentation["counts"]
        height, width = segmentation["size"]
        return run_lengths.decode(run_lengths.from_string(runs) if isinstance(runs, str) else runs, (height, width))
    plane = np.zeros(size, np.bool_)
    for ring in segmentation:
        plane |= _filled(np.asarray(ring, np.float64).reshape(-1, 2), size)
    return plane


def _filled(corners: npt.NDArray[np.float64], size: tuple[int, int]) -> Bools:
    """Pixels whose centres lie inside a polygon (N, 2) xy, even-odd; pixel i covers [i, i + 1)."""
    (xa, ya), (xb, yb) = corners.T, np.roll(corners, -1, axis=0).T
    centre = np.arange(size[0])[:, None] + 0.5
    crossed, edge = np.nonzero((ya <= centre) != (yb <= centre))  # rows, edges
    along = (centre[crossed, 0] - ya[edge]) / (yb[edge] - ya[edge])
    column = np.ceil(xa[edge] + along * (xb[edge] - xa[edge]) - 0.5).clip(0, size[1]).astype(np.intp)
    turns = np.zeros((size[0], size[1] + 1), np.intp)
    np.add.at(turns, (crossed, column), 1)
    inside: Bools = turns[:, :-1].cumsum(1) % 2 == 1
    return inside


def _beside(file: Path, name: str) -> Path:
    inner = file.parent / "images" / name
    return inner if inner.is_file() else file.parent / name


def read_rgb(path: Path, size: tuple[int, int] | None = None) -> Pixels:
    """A picture file, uint8 (H, W, 3).

    Raises:
        TrainingError: it cannot be read, or is not of the size (height, width) that was told.
    """
    try:
        image = np.asarray(Image.open(path).convert("RGB"))
    except (OSError, ValueError, SyntaxError) as error:
        raise TrainingError(f"The picture {path} cannot be read.") from error
    if size is not None and image.shape[:2] != size:
        raise TrainingError(f"The picture {path} is not of the size that its COCO file tells.")
    return image


def read_labels(path: Path) -> npt.NDArray[np.integer]:
    """An indexed or grey picture as labels (H, W).

    Raises:
        TrainingError: it cannot be read, or is in colour.
    """
    try:
        labels = np.asarray(Image.open(path))
    except (OSError, ValueError, SyntaxError) as error:
        raise TrainingError(f"The annotation {path} cannot be read.") from error
    if labels.ndim != 2:
        raise TrainingError(f"The annotation {path} must be an indexed or grey picture.")
    return labels


def davis_clips(folder: Path) -> list[Clip]:
    """Clips under `JPEGImages` and `Annotations`, with or without a folder for the resolution.

    Raises:
        TrainingError: there are none.
    """
    for resolution in (*_RESOLUTIONS, "."):
        truths = folder / "Annotations" / resolution
        if truths.is_dir():
            clips = [_clip(folder / "JPEGImages" / resolution, path) for path in sorted(truths.iterdir())]
            found = [clip for clip in clips if clip is not None]
            if found:
                return found
    raise TrainingError(f"There are no clips laid out like DAVIS (JPEGImages, Annotations) in {folder}.")


def _clip(pictures: Path, truths: Path) -> Clip | None:
    frames = tuple(sorted(p for p in (pictures / truths.name).glob("*") if p.suffix.lower() in _SUFFIXES))
    numbers = {path.stem: number for number, path in enumerate(frames)}
    truth = {numbers[path.stem]: path for path in sorted(truths.glob("*.png")) if path.stem in numbers}
    return Clip(truths.name, frames, truth) if truth else None


def first_frames(clips: list[Clip]) -> Iterator[Picture]:
    """The first annotated frames as pictures."""
    for clip in clips:
        masks = tuple(clip.objects(clip.first).values())
        if masks:
            yield Picture(clip.name, read_rgb(clip.frames[clip.first]), masks)
