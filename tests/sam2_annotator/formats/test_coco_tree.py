"""The folder around the annotation files."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

from sam2_annotator import __version__
from sam2_annotator.formats.coco import CocoExporter
from sam2_annotator.formats.coco_tree import plan_tree
from sam2_annotator.formats.exporting import export
from sam2_annotator.formats.model import MemoryDataset
from support.datasets import CLIP, REVISED, named

EXAMPLE = "a:b.png \u2192 a_b.png"


def test_the_side_file_tells_how_and_from_what(tmp_path: Path) -> None:
    export(CocoExporter(), named("a:b.png", "c.png"), tmp_path / "out")
    side = json.loads((tmp_path / "out" / "export.json").read_text())
    file = tmp_path / "out" / "annotations" / "instances_train.json"
    assert side == {
        "format": "coco",
        "format_version": "1.0",
        "program": "sam2-annotator",
        "program_version": __version__,
        "options": {"track_ids": True},
        "counts": {"media": 2, "images": 2, "annotations": 0, "tracks": 0, "categories": 0},
        "losses": [
            {"code": "L-names-changed", "what": "names that not every system takes", "count": 1, "example": EXAMPLE}
        ],
        "sources": [
            {"media_id": 1, "name": "a_b.png", "path": "/nowhere/1"},
            {"media_id": 2, "name": "c.png", "path": "/nowhere/2"},
        ],
        "sha256": {"annotations/instances_train.json": hashlib.sha256(file.read_bytes()).hexdigest()},
    }


def test_every_split_is_a_file_of_its_own(tmp_path: Path) -> None:
    media = [
        replace(CLIP, id=1, name="a", split="val"),
        replace(CLIP, id=2, name="b"),
        replace(CLIP, id=3, name="c", split="val"),
    ]
    view = MemoryDataset(categories=[], media=media, tracks=[], shapes=[], revised=REVISED)
    plan = plan_tree(view, CocoExporter().info)
    report = export(CocoExporter(), view, tmp_path / "out")
    assert report.files == ("annotations/instances_train.json", "annotations/instances_val.json")
    assert plan.files == (*report.files, "export.json")
    written = sorted(str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.json"))
    assert written == sorted(plan.files)


def test_a_data_set_without_media_still_has_its_file(tmp_path: Path) -> None:
    export(CocoExporter(), named(), tmp_path / "out")
    data = json.loads((tmp_path / "out" / "annotations" / "instances_train.json").read_text())
    assert data["images"] == data["annotations"] == []
