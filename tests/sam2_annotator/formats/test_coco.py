"""The layout of FORMATS 5.1, and the single file that `segment` writes."""

import json
from pathlib import Path

import pytest

from sam2_annotator.errors import FormatError
from sam2_annotator.formats.coco import CocoExporter, write_file
from sam2_annotator.formats.exporting import export
from sam2_annotator.formats.model import Category, Media, MemoryDataset, Shape, Track
from support.datasets import REVISED, dot, ring, tiny_clip, tiny_picture

TINY = {
    "info": {
        "year": 2026,
        "version": "1.0",
        "description": "",
        "contributor": "",
        "url": "",
        "date_created": "2026-01-01T00:00:00Z",
    },
    "licenses": [{"id": 1, "name": "unknown", "url": ""}],
    "categories": [{"id": 1, "name": "ring", "supercategory": ""}, {"id": 2, "name": "dot", "supercategory": ""}],
    "images": [{"id": 1, "width": 8, "height": 6, "file_name": "000000.png", "license": 1, "date_captured": ""}],
    "annotations": [
        {
            "id": 1,
            "image_id": 1,
            "category_id": 1,
            "segmentation": {"size": [6, 8], "counts": "733NN022g0"},
            "area": 8.0,
            "bbox": [1.0, 1.0, 3.0, 3.0],
            "iscrowd": 0,
            "score": 0.97,
        },
        {
            "id": 2,
            "image_id": 1,
            "category_id": 2,
            "segmentation": {"size": [6, 8], "counts": "X117"},
            "area": 1.0,
            "bbox": [6.0, 4.0, 1.0, 1.0],
            "iscrowd": 0,
        },
    ],
}


def ordered(value: object) -> str:
    """Text of a value with its key order."""
    return json.dumps(value)


def test_the_tiny_picture_is_written_as_documented(tmp_path: Path) -> None:
    report = export(CocoExporter(), tiny_picture(), tmp_path / "out", options={"track_ids": False})
    text = (tmp_path / "out" / "annotations" / "instances_train.json").read_text()
    assert ordered(json.loads(text)) == ordered(TINY)
    assert (report.images, report.annotations, report.tracks, report.compared) == (1, 2, 2, 2)
    assert report.losses == ()


def test_a_single_file_has_track_ids_and_the_names_of_the_media(tmp_path: Path) -> None:
    media = [Media(1, "image", "a:b.png", Path("/nowhere/a:b.png"), 8, 6)]
    view = MemoryDataset(
        categories=[Category(1, "object")],
        media=media,
        tracks=[Track(1, 1, 1), Track(2, 1, 1)],
        shapes=[Shape(1, 0, None, score=0.1), Shape(2, 0, ring(1), score=0.5)],
        revised=REVISED,
    )
    report = write_file(view, tmp_path / "a.json")
    data = json.loads((tmp_path / "a.json").read_text())
    assert [image["file_name"] for image in data["images"]] == ["a:b.png"]
    assert [(entry["id"], entry["track_id"], entry["score"]) for entry in data["annotations"]] == [(1, 2, 0.5)]
    assert report.annotations == 1
    assert [found.name for found in tmp_path.iterdir()] == ["a.json"]
    with pytest.raises(FormatError, match="exists already"):
        write_file(view, tmp_path / "a.json")
    write_file(view, tmp_path / "a.json", overwrite=True)


def test_frames_of_a_clip_are_images_and_absence_is_counted(tmp_path: Path) -> None:
    report = export(CocoExporter(), tiny_clip(), tmp_path / "out")
    data = json.loads((tmp_path / "out" / "annotations" / "instances_train.json").read_text())
    assert [image["file_name"] for image in data["images"]] == ["v1/000000.jpg", "v1/000001.jpg", "v1/000002.jpg"]
    assert [(entry["image_id"], entry["track_id"]) for entry in data["annotations"]] == [
        (1, 1),
        (1, 2),
        (2, 2),
        (3, 1),
        (3, 2),
    ]
    assert [(loss.code, loss.count) for loss in report.losses] == [("L-absent", 1)]
    assert "videos" not in data


def test_pictures_without_objects_and_attributes_are_written(tmp_path: Path) -> None:
    media = [Media(number, "image", f"{number}.png", Path(f"/nowhere/{number}.png"), 8, 6) for number in (10, 2)]
    shapes = [Shape(3, 0, dot(0, 0), attributes={"occluded": False, "difficulty": 2})]
    view = MemoryDataset(categories=[Category(1, "x")], media=media, tracks=[Track(3, 10, 1)], shapes=shapes)
    export(CocoExporter(), view, tmp_path / "out")
    data = json.loads((tmp_path / "out" / "annotations" / "instances_train.json").read_text())
    assert [(image["id"], image["file_name"]) for image in data["images"]] == [(1, "2.png"), (2, "10.png")]
    assert data["annotations"][0]["image_id"] == 2
    assert data["annotations"][0]["attributes"] == {"difficulty": 2, "occluded": False}
