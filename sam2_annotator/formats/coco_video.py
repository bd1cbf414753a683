"""COCO with videos: one annotation for every frame an object is seen on (FORMATS section 5.2)."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from sam2_annotator.errors import FormatError
from sam2_annotator.formats.base import ExportReport, FormatInfo, Option, Options, Plan, Progress, Silent
from sam2_annotator.formats.coco_document import Document, Image
from sam2_annotator.formats.coco_json import Json, mask_fields, optional_fields
from sam2_annotator.formats.coco_tree import plan_tree, report_of, write_tree
from sam2_annotator.formats.model import DatasetView, Shape
from sam2_annotator.formats.staging import staged_folder

INFO = FormatInfo(
    id="coco-video",
    title="COCO with videos",
    version="1.0",
    extensions=("",),
    can_import=False,
    can_export=True,
    media=frozenset({"video"}),
    masks="exact",
    overlap=True,
    tracks=True,
    attributes=True,
    scores=True,
    absent=True,
    max_objects=None,
    loss=("L-media", "L-names-changed"),
    options=(Option("all_frames", False, "List every frame of a clip, not only the annotated ones."),),
)


class Layout:
    """Entries of a COCO file with videos."""

    has_videos: ClassVar[bool] = True

    def image(self, image: Image) -> Json:
        """An entry of `images`; `frame_id` is the frame's number in the clip."""
        return {
            "id": image.number,
            "width": image.media.width,
            "height": image.media.height,
            "file_name": image.name,
            "video_id": image.video,
            "frame_id": image.frame,
        }

    def annotation(self, number: int, image: Image, shape: Shape, category: int) -> Json:
        """An entry of `annotations`."""
        return {
            "id": number,
            "image_id": image.number,
            "video_id": image.video,
            "track_id": shape.track_id,
            "category_id": category,
            **mask_fields(shape),
            **optional_fields(shape),
        }


class CocoVideoExporter:
    """Writes `annotations/instances_<split>.json` and `export.json` for the clips of a data set."""

    info = INFO

    def plan(self, view: DatasetView, options: Options) -> Plan:
        """Which files, and roughly how large. Raises FormatError when there are pictures and no clip."""
        media = view.media()
        if media and not any(one.kind in INFO.media for one in media):
            raise FormatError(
                "COCO with videos holds clips, and there are only pictures.", hint="Choose COCO instances."
            )
        return plan_tree(view, INFO)

    def write(self, view: DatasetView, folder: Path, options: Options, progress: Progress) -> ExportReport:
        """Write the files into an empty folder and check them."""
        all_frames = bool(INFO.resolve(options)["all_frames"])
        return write_tree(view, folder, INFO, Layout(), options=options, progress=progress, all_frames=all_frames)


def write_folder(
    view: DatasetView, target: Path, *, overwrite: bool = False, progress: Progress | None = None
) -> ExportReport:
    """A folder with `annotations.json` alone, names as the media are called; what `track` writes (FORMATS 11).

    The folder appears whole or not at all; an empty one at the target counts as none. Raises FormatError when
    there is another and `overwrite` is not given, when the folder above is missing or cannot be written, and
    Cancelled when `progress` says so.
    """
    media = view.media()
    with staged_folder(target, overwrite=overwrite, sources=[one.path for one in media]) as partial:
        document = Document(view, Layout(), media=media, names={one.id: one.name for one in media})
        tally = document.write(partial / "annotations.json", progress or Silent())
    return report_of(view, INFO, target, files=("annotations.json",), media=media, tallies=[tally])
