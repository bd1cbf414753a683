"""The layout of FORMATS 5.2, and the folder that `track` writes."""

import json
from pathlib import Path

import pytest

from sam2_annotator.errors import FormatError
from sam2_annotator.formats.coco_video import CocoVideoExporter, write_folder
from sam2_annotator.formats.exporting import export
from sam2_annotator.formats.model import Category, Media, MemoryDataset, Shape, Track
from support.datasets import CATEGORIES, CLIP, PICTURE, dot, ring, tiny_clip, tiny_picture


def segmentation(counts: str) -> dict[str, object]:
    return {"size": [6, 8], "counts": counts}


def entry(number: int, image: int, track: int, counts: str, x: float, y: float) -> dict[str, object]:
    side, area = (3.0, 8.0) if track == 1 else (1.0, 1.0)
    return {
        "id": number,
        "image_id": image,
        "video_id": 1,
        "track_id": track,
        "category_id": track,
        "segmentation": segmentation(counts),
        "area": area,
        "bbox": [x, y, side, side],
        "iscrowd": 0,
    }


def image(frame: int, name: str) -> dict[str, object]:
    return {"id": frame + 1, "width": 8, "height": 6, "file_name": name, "video_id": 1, "frame_id": frame}


LISTS = {
    "videos": [{"id": 1, "name": "v1", "width": 8, "height": 6, "length": 3, "fps": 25.0}],
    "images": [image(frame, f"v1/{frame:06}.jpg") for frame in range(3)],
    "annotations": [
        entry(1, 1, 1, "733NN022g0", 1.0, 1.0),
        entry(2, 1, 2, "X117", 6.0, 4.0),
        entry(3, 2, 2, "_11", 7.0, 5.0),
        entry(4, 3, 1, "=33NN022a0", 2.0, 1.0),
        entry(5, 3, 2, "X117", 6.0, 4.0),
    ],
    "absences": [{"track_id": 1, "video_id": 1, "frame_id": 1}],
}


def test_the_tiny_clip_is_written_as_documented(tmp_path: Path) -> None:
    report = export(CocoVideoExporter(), tiny_clip(), tmp_path / "out")
    data = json.loads((tmp_path / "out" / "annotations" / "instances_train.json").read_text())
    assert list(data) == ["info", "licenses", "categories", *LISTS]
    assert json.dumps({key: data[key] for key in LISTS}) == json.dumps(LISTS)
    assert (report.images, report.annotations, report.compared, report.losses) == (3, 5, 5, ())


def test_a_folder_holds_one_file_with_the_names_of_the_frames(tmp_path: Path) -> None:
    names = ("a 1.png", "a 2.png")
    media = Media(1, "video", "my:frames", Path("/nowhere/my:frames"), 8, 6, frames=2, frame_names=names)
    shapes = [Shape(5, 0, ring(1), score=0.5), Shape(5, 1, None)]
    view = MemoryDataset(categories=[Category(1, "object")], media=[media], tracks=[Track(5, 1, 1)], shapes=shapes)
    write_folder(view, tmp_path / "out")
    assert [found.name for found in (tmp_path / "out").iterdir()] == ["annotations.json"]
    data = json.loads((tmp_path / "out" / "annotations.json").read_text())
    assert [found["file_name"] for found in data["images"]] == ["my:frames/a 1.png", "my:frames/a 2.png"]
    assert data["videos"][0]["fps"] is None
    assert data["annotations"][0]["score"] == 0.5
    assert data["absences"] == [{"track_id": 5, "video_id": 1, "frame_id": 1}]
    with pytest.raises(FormatError, match="exists already"):
        write_folder(view, tmp_path / "out")
    write_folder(view, tmp_path / "out", overwrite=True)


def test_frames_nothing_is_known_of_are_listed_on_request_only(tmp_path: Path) -> None:
    shapes = [Shape(1, 2, dot(0, 0))]
    view = MemoryDataset(categories=CATEGORIES, media=[CLIP], tracks=[Track(1, 1, 1)], shapes=shapes)
    for all_frames, expected in ((False, [2]), (True, [0, 1, 2])):
        target = tmp_path / str(all_frames)
        export(CocoVideoExporter(), view, target, options={"all_frames": all_frames})
        data = json.loads((target / "annotations" / "instances_train.json").read_text())
        assert [found["frame_id"] for found in data["images"]] == expected
        assert data["annotations"][0]["image_id"] == len(expected)


def test_pictures_are_left_out_and_counted_or_refused_when_there_is_nothing_else(tmp_path: Path) -> None:
    media = [CLIP, Media(2, "image", "p.png", PICTURE.path, 8, 6)]
    shapes = [Shape(1, 0, ring(1)), Shape(2, 0, ring(1))]
    view = MemoryDataset(categories=CATEGORIES, media=media, tracks=[Track(1, 1, 1), Track(2, 2, 2)], shapes=shapes)
    report = export(CocoVideoExporter(), view, tmp_path / "out")
    assert (report.media, report.annotations, report.tracks) == (1, 1, 1)
    assert [(loss.code, loss.count, loss.example) for loss in report.losses] == [("L-media", 1, "p.png")]
    with pytest.raises(FormatError, match="there are only pictures"):
        export(CocoVideoExporter(), tiny_picture(), tmp_path / "none")
    assert not (tmp_path / "none").exists()
