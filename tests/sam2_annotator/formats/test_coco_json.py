"""The streamed JSON file: plain JSON, one element a line, ASCII."""

import json
from pathlib import Path

import pytest

from sam2_annotator.formats.coco_json import JsonFile, category_numbers, estimate, mask_fields, read_array
from sam2_annotator.formats.coco_video import write_folder
from sam2_annotator.formats.model import Category, MemoryDataset, Shape
from support.datasets import dot, ring, tiny_clip


def test_the_file_is_json_with_one_element_a_line(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with JsonFile(path) as file:
        file.value("info", {"name": 'größe "猫"\n'})
        assert file.array("none", []) == 0
        assert file.array("many", ({"id": number} for number in range(3))) == 3
    text = path.read_bytes().decode("ascii")
    assert json.loads(text) == {"info": {"name": 'größe "猫"\n'}, "none": [], "many": [{"id": 0}, {"id": 1}, {"id": 2}]}
    assert text.splitlines()[3:7] == ['"many":[', '{"id":0},', '{"id":1},', '{"id":2}']
    assert "\r" not in text
    assert list(read_array(path, "many")) == [{"id": 0}, {"id": 1}, {"id": 2}]
    assert list(read_array(path, "none")) == []


def test_no_number_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"), JsonFile(tmp_path / "a.json") as file:
        file.value("score", float("nan"))


def test_fields_of_a_mask_are_plain_numbers() -> None:
    assert mask_fields(Shape(1, 0, ring(1))) == {
        "segmentation": {"size": [6, 8], "counts": "733NN022g0"},
        "area": 8.0,
        "bbox": [1.0, 1.0, 3.0, 3.0],
        "iscrowd": 0,
    }
    fields = mask_fields(Shape(1, 0, dot(6, 4), crowd=True))
    assert fields["bbox"] == [6.0, 4.0, 1.0, 1.0]
    assert fields["iscrowd"] == 1
    assert type(fields["area"]) is float


def test_categories_are_numbered_from_1() -> None:
    categories = [Category(9, "b"), Category(4, "a")]
    assert category_numbers(MemoryDataset(categories=categories, media=[], tracks=[], shapes=[])) == {4: 1, 9: 2}


def test_the_estimate_is_above_what_is_written(tmp_path: Path) -> None:
    write_folder(tiny_clip(), tmp_path / "out")
    size = (tmp_path / "out" / "annotations.json").stat().st_size
    assert size <= estimate(tiny_clip()) <= 10 * size
