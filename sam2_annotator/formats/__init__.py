"""Data sets in and out. The list below is the registry: explicit, ordered, with ids that never change."""

from sam2_annotator.errors import FormatError
from sam2_annotator.formats.base import Exporter, FormatInfo
from sam2_annotator.formats.coco import CocoExporter
from sam2_annotator.formats.coco_video import CocoVideoExporter

EXPORTERS: tuple[Exporter, ...] = (CocoExporter(), CocoVideoExporter())


def exporter(format_id: str) -> Exporter:
    """The exporter with this id. Raises FormatError for an unknown one."""
    for known in EXPORTERS:
        if known.info.id == format_id:
            return known
    names = ", ".join(known.info.id for known in EXPORTERS)
    raise FormatError(f"There is no format {format_id}.", hint=f"Formats: {names}.")


def formats() -> tuple[FormatInfo, ...]:
    """All formats, in the order in which they are offered."""
    return tuple(known.info for known in EXPORTERS)
