"""Label sets come back as they were written; what is no label set is refused in a sentence."""

import json
from pathlib import Path

import pytest

from sam2_annotator.errors import FormatError
from sam2_annotator.formats import label_set
from sam2_annotator.values.attributes import AttributeKind, AttributeSpec
from sam2_annotator.values.label_set import LabelSet, LabelSpec

FULL = LabelSet(
    (
        LabelSpec(
            "größe 猫",
            (230, 159, 0),
            1,
            (
                AttributeSpec("pose", AttributeKind.CHOICE, ("sits", "runs"), "runs", per_frame=True),
                AttributeSpec("age", AttributeKind.NUMBER, default=0.5),
            ),
        ),
        LabelSpec("=1+1", (0, 0, 255)),
    ),
    (AttributeSpec("truncated", AttributeKind.FLAG, default=False), AttributeSpec("note")),
    "=1+1",
)


def file(folder: Path, content: str | bytes, name: str = "labels.json") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def ours(**changed: object) -> str:
    return json.dumps({"format": label_set.FORMAT, "version": 1, "labels": [{"name": "dog"}], **changed})


def test_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "labels.json"
    label_set.write(path, FULL)
    assert label_set.read(path) == FULL
    first = path.read_bytes()
    label_set.write(path, FULL)
    assert path.read_bytes() == first
    assert [one.name for one in tmp_path.iterdir()] == ["labels.json"]


def test_plain_text(tmp_path: Path) -> None:
    path = file(tmp_path, b"\xef\xbb\xbfdog\r\n\r\n  big cat \r\ndog\r\n", "names.txt")
    assert label_set.read(path) == LabelSet((LabelSpec("dog"), LabelSpec("big cat")))


def test_coco_categories(tmp_path: Path) -> None:
    categories = [{"id": 1, "name": "dog", "color": [1, 2, 3]}, {"id": 7, "name": "cat", "color": "red"}]
    expected = LabelSet((LabelSpec("dog", (1, 2, 3)), LabelSpec("cat")))
    assert label_set.read(file(tmp_path, json.dumps({"images": [], "categories": categories}))) == expected
    assert label_set.read(file(tmp_path, json.dumps(categories))) == expected


def test_categories_of_a_large_file_are_found_behind_its_masks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_set, "_WHOLE_FILE", 4096)
    masks = [{"id": n, "note": '"categories": [', "attributes": {"categories": [1, 2]}} for n in range(200)]
    content = {"annotations": masks, "categories": [{"id": 1, "name": "dog"}]}
    assert label_set.read(file(tmp_path, json.dumps(content))) == LabelSet((LabelSpec("dog"),))
    with pytest.raises(FormatError, match=r"^big\.json holds no labels\.$"):
        label_set.read(file(tmp_path, json.dumps({"annotations": masks}), "big.json"))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[" * 100_000,
        "[1]",
        "[{}]",
        '{"labels": ["dog"]}',
        b"\x00\x01\x02",
        b"\xff\xfe",
        "x" * 201,
        "\n".join(map(str, range(10_001))),
        ours(labels={}),
        ours(labels=["dog"]),
        ours(labels=[{"name": 3}]),
        ours(labels=[{"name": "dog", "colour": "red"}]),
        ours(labels=[{"name": "dog", "shortcut": 10}]),
        ours(labels=[{"name": "dog", "shortcut": True}]),
        ours(labels=[{"name": "dog", "attributes": [{"name": "a", "kind": "picture"}]}]),
        ours(attributes=[{"name": "a", "kind": "number", "default": "three"}]),
        ours(attributes=[{"name": "a", "kind": "number", "default": [1]}]),
        ours(attributes=[{"name": "a", "kind": "flag", "per_frame": 1}]),
        ours(attributes=[{"name": "a", "kind": "number", "default": 10**400}]),
        ours(attributes=["a"]),
        ours(attributes=[{"name": f"a{n}", "kind": "flag"} for n in range(1001)]),
        ours(default_label=3),
    ],
)
def test_what_is_no_label_set_is_refused(tmp_path: Path, content: str | bytes) -> None:
    with pytest.raises(FormatError) as refused:
        label_set.read(file(tmp_path, content))
    assert refused.value.message.startswith("labels.json ")
    assert refused.value.hint


def test_a_newer_file_and_a_missing_one(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="newer version"):
        label_set.read(file(tmp_path, ours(version=2)))
    with pytest.raises(FormatError, match="cannot be read"):
        label_set.read(tmp_path / "gone.json")


def test_writing_where_nobody_can(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="cannot be written"):
        label_set.write(tmp_path / "no folder" / "labels.json", FULL)
