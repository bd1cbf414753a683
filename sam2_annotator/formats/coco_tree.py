"""The folder a COCO export is: an annotation file for every split, and `export.json` (FORMATS sections 4 and 5.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sam2_annotator.formats.base import ExportReport, FormatInfo, Loss, Options, Plan, Progress
from sam2_annotator.formats.coco_document import Document, Layout, Tally
from sam2_annotator.formats.coco_json import estimate, write_side_file
from sam2_annotator.formats.model import DatasetView, Media
from sam2_annotator.formats.names import export_names

_ONLY_SPLIT = "train"


def plan_tree(view: DatasetView, info: FormatInfo) -> Plan:
    """Files and rough size of an export."""
    files = tuple(_file(split) for split in _splits(_kept(view, info)))
    return Plan((*files, "export.json"), estimate(view), info.loss)


def write_tree(
    view: DatasetView,
    folder: Path,
    info: FormatInfo,
    layout: Layout,
    *,
    options: Options,
    progress: Progress,
    all_frames: bool = False,
) -> ExportReport:
    """Write an export into an empty folder and check it. Raises FormatError, OSError, Cancelled."""
    kept = _kept(view, info)
    names = export_names(kept)
    splits = _splits(kept)
    (folder / "annotations").mkdir()
    tallies = []
    for split, media in splits.items():
        document = Document(view, layout, media=media, names=names, all_frames=all_frames)
        tallies.append(document.write(folder / _file(split), progress))
    files = tuple(map(_file, splits))
    report = report_of(view, info, folder, files=files, media=kept, tallies=tallies, names=names)
    write_side_file(folder, report, version=info.version, options=info.resolve(options), media=kept, names=names)
    return report


def report_of(
    view: DatasetView,
    info: FormatInfo,
    target: Path,
    *,
    files: tuple[str, ...],
    media: Sequence[Media],
    tallies: Sequence[Tally],
    names: Mapping[int, str] | None = None,
) -> ExportReport:
    """What was written; `names` are given where media may have got other names."""
    return ExportReport(
        format=info.id,
        target=target,
        files=files,
        media=len(media),
        images=sum(tally.images for tally in tallies),
        annotations=sum(tally.annotations for tally in tallies),
        tracks=sum(len(view.tracks(one)) for one in media),
        categories=len(view.categories()),
        losses=tuple(_losses(view, info, media, tallies, names or {})),
        compared=sum(tally.compared for tally in tallies),
    )


def _losses(
    view: DatasetView, info: FormatInfo, kept: Sequence[Media], tallies: Sequence[Tally], names: Mapping[int, str]
) -> Iterator[Loss]:
    left_out = [one for one in view.media() if one.kind not in info.media]
    if left_out:
        yield Loss("L-media", "pictures are no clips and were left out", len(left_out), left_out[0].name)
    absent = sum(tally.absent for tally in tallies)
    if absent and not info.absent:
        yield Loss("L-absent", "frames where an object is known to be absent", absent)
    renamed = [one for one in kept if names.get(one.id, one.name) != one.name]
    if renamed:
        example = f"{renamed[0].name} → {names[renamed[0].id]}"
        yield Loss("L-names-changed", "names that not every system takes", len(renamed), example)


def _kept(view: DatasetView, info: FormatInfo) -> list[Media]:
    return [one for one in view.media() if one.kind in info.media]


def _splits(media: Sequence[Media]) -> dict[str, list[Media]]:
    """Media by split; without any there is still the one split."""
    splits: dict[str, list[Media]] = {}
    for one in media:
        splits.setdefault(one.split or _ONLY_SPLIT, []).append(one)
    return dict(sorted(splits.items())) or {_ONLY_SPLIT: []}


def _file(split: str) -> str:
    return f"annotations/instances_{split}.json"
