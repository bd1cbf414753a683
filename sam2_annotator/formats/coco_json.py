"""JSON files as a stream, and the entries every COCO layout has."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sam2_annotator import __version__
from sam2_annotator.formats.base import ExportReport, OptionValue
from sam2_annotator.formats.model import DatasetView, Media, Shape
from sam2_annotator.masks import boxes, rle

_BYTES_PER_IMAGE = 160
_BYTES_PER_ANNOTATION = 260

Json = Mapping[str, Any]


class JsonFile:
    """An object written key by key, arrays one element a line: constant memory, the same bytes every time.

    ASCII only, because some readers open the file with the platform's code page.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("w", encoding="ascii", newline="\n")
        self._separator = "{\n"

    def __enter__(self) -> Self:
        """The file."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish and close; after an error the file is closed as it is."""
        with self._file:
            if kind is None:
                self._file.write("\n}\n")

    def value(self, key: str, value: Any) -> None:
        """One key and its value, on one line."""
        self._file.write(f'{self._separator}"{key}":{compact(value)}')
        self._separator = ",\n"

    def array(self, key: str, elements: Iterable[Json]) -> int:
        """One key and its elements; how many they were."""
        self._file.write(f'{self._separator}"{key}":[')
        count = 0
        for count, element in enumerate(elements, start=1):
            self._file.write(("\n" if count == 1 else ",\n") + compact(element))
        self._file.write("\n]" if count else "]")
        self._separator = ",\n"
        return count


def compact(value: Any) -> str:
    """JSON without spaces, in ASCII, without NaN."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def read_array(path: Path, key: str) -> Iterator[dict[str, Any]]:
    """Elements of an array in a file that `JsonFile` wrote, one at a time."""
    with path.open(encoding="ascii") as file:
        for line in file:
            if line.startswith(f'"{key}":[]'):
                return
            if line.startswith(f'"{key}":['):
                break
        for line in file:
            if line.startswith("]"):
                return
            yield json.loads(line.rstrip(",\n"))


def head(view: DatasetView) -> Json:
    """The `info` entry."""
    date = view.revised.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "year": view.revised.year,
        "version": "1.0",
        "description": "",
        "contributor": "",
        "url": "",
        "date_created": date,
    }


LICENSES: tuple[Json, ...] = ({"id": 1, "name": "unknown", "url": ""},)


def category_numbers(view: DatasetView) -> dict[int, int]:
    """Numbers 1..n of the categories, by their id."""
    return {category.id: number for number, category in enumerate(view.categories(), start=1)}


def categories(view: DatasetView) -> Iterator[Json]:
    """The `categories` entries."""
    for number, category in enumerate(view.categories(), start=1):
        yield {"id": number, "name": category.name, "supercategory": category.supercategory}


def mask_fields(shape: Shape) -> Json:
    """Fields of an annotation that come from its mask, which must have pixels."""
    assert shape.mask, "an empty mask is never an annotation"
    size, counts = rle.to_coco(shape.mask)
    return {
        "segmentation": {"size": size, "counts": counts},
        "area": float(shape.mask.area),
        "bbox": list(boxes.xywh(shape.mask.box)),
        "iscrowd": int(shape.crowd),
    }


def optional_fields(shape: Shape) -> Json:
    """Fields readers ignore; left out where there is nothing to say."""
    fields: dict[str, Any] = {}
    if shape.score is not None:
        fields["score"] = float(shape.score)
    if shape.attributes:
        fields["attributes"] = dict(sorted(shape.attributes.items()))
    return fields


def estimate(view: DatasetView) -> int:
    """Roughly how many bytes the annotations take; whole-frame run lengths are up to twice those of boxes."""
    totals = view.totals()
    images = totals.media + totals.frames
    return 4096 + images * _BYTES_PER_IMAGE + totals.shapes * _BYTES_PER_ANNOTATION + 2 * totals.mask_bytes


def write_side_file(
    folder: Path,
    report: ExportReport,
    *,
    version: str,
    options: Mapping[str, OptionValue],
    media: Iterable[Media],
    names: Mapping[int, str],
) -> None:
    """`export.json`: what made the export and from what, for people and for an importer (FORMATS section 4)."""
    with JsonFile(folder / "export.json") as file:
        file.value("format", report.format)
        file.value("format_version", version)
        file.value("program", "sam2-annotator")
        file.value("program_version", __version__)
        file.value("options", dict(options))
        counts = ("media", "images", "annotations", "tracks", "categories")
        file.value("counts", {name: getattr(report, name) for name in counts})
        file.array(
            "losses",
            (
                {"code": loss.code, "what": loss.what, "count": loss.count, "example": loss.example}
                for loss in report.losses
            ),
        )
        file.array(
            "sources",
            ({"media_id": one.id, "name": names[one.id], "path": str(one.path)} for one in media),
        )
        file.value("sha256", {name: _sha256(folder / name) for name in report.files})


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
