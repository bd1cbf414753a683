"""COCO instances: every picture, and every annotated frame of a clip, is an image (FORMATS section 5.1)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from sam2_annotator.formats.base import ExportReport, FormatInfo, Option, Options, Plan, Progress, Silent
from sam2_annotator.formats.coco_document import Document, Image
from sam2_annotator.formats.coco_json import Json, mask_fields, optional_fields
from sam2_annotator.formats.coco_tree import plan_tree, report_of, write_tree
from sam2_annotator.formats.model import DatasetView, Shape
from sam2_annotator.formats.staging import staged_file

INFO = FormatInfo(
    id="coco",
    title="COCO instances",
    version="1.0",
    extensions=("",),
    can_import=False,
    can_export=True,
    media=frozenset({"image", "video"}),
    masks="exact",
    overlap=True,
    tracks=False,
    attributes=True,
    scores=True,
    absent=False,
    max_objects=None,
    loss=("L-absent", "L-names-changed"),
    options=(Option("track_ids", True, "Write the number of the object as the extra key track_id."),),
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Entries of a COCO instances file."""

    track_ids: bool = True
    has_videos: ClassVar[bool] = False

    def image(self, image: Image) -> Json:
        """An entry of `images`."""
        return {
            "id": image.number,
            "width": image.media.width,
            "height": image.media.height,
            "file_name": image.name,
            "license": 1,
            "date_captured": "",
        }

    def annotation(self, number: int, image: Image, shape: Shape, category: int) -> Json:
        """An entry of `annotations`."""
        return {
            "id": number,
            "image_id": image.number,
            "category_id": category,
            **mask_fields(shape),
            **optional_fields(shape),
            **({"track_id": shape.track_id} if self.track_ids else {}),
        }


class CocoExporter:
    """Writes `annotations/instances_<split>.json` and `export.json`."""

    info = INFO

    def plan(self, view: DatasetView, options: Options) -> Plan:
        """Which files, and roughly how large."""
        return plan_tree(view, INFO)

    def write(self, view: DatasetView, folder: Path, options: Options, progress: Progress) -> ExportReport:
        """Write the files into an empty folder and check them."""
        layout = Layout(track_ids=bool(INFO.resolve(options)["track_ids"]))
        return write_tree(view, folder, INFO, layout, options=options, progress=progress)


def write_file(
    view: DatasetView, target: Path, *, overwrite: bool = False, progress: Progress | None = None
) -> ExportReport:
    """A single COCO file with `file_name` as the media are called; what `segment` writes (FORMATS section 11).

    The file appears whole or not at all. Raises FormatError when it exists and `overwrite` is not given, when
    its folder is missing or cannot be written, and Cancelled when `progress` says so.
    """
    media = view.media()
    with staged_file(target, overwrite=overwrite) as partial:
        document = Document(view, Layout(), media=media, names={one.id: one.name for one in media})
        tally = document.write(partial, progress or Silent())
    return report_of(view, INFO, target, files=(target.name,), media=media, tallies=[tally])
