"""`segment`, run in process (FORMATS section 11)."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from support.desk import HEIGHT, WIDTH, Desk, decode


def test_segment_writes_coco_that_pycocotools_decodes(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.segment("--point", "30.5,32.5", "--label", "disc", "--model", "sam2-nano") == 0
    written = json.loads(desk.out.read_text())
    assert [(image["file_name"], image["width"], image["height"]) for image in written["images"]] == [
        ("photo.png", WIDTH, HEIGHT)
    ]
    assert [category["name"] for category in written["categories"]] == ["disc"]
    (annotation,) = written["annotations"]
    assert annotation["track_id"] == 1
    assert 0 <= annotation["score"] <= 1
    decoded = decode(annotation["segmentation"])
    assert decoded.shape == (HEIGHT, WIDTH)
    assert decoded.sum() == annotation["area"]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("size", [("--quality", "fast"), ("--image-size", "384")])
def test_segment_at_another_size(desk: Desk, size: tuple[str, str]) -> None:
    asked = ("--point", "30.5,32.5", "--model", "sam2-nano")
    assert desk.segment(*asked) == 0
    full = desk.out.read_bytes()
    assert desk.segment(*asked, *size, "--overwrite") == 0
    assert desk.out.read_bytes() != full


def test_segment_several_boxes_are_objects_in_their_order(desk: Desk) -> None:
    assert desk.segment("--box", "14,16,47,49", "--box", "2,2,60,60", "--model", "sam2-nano") == 0
    annotations = json.loads(desk.out.read_text())["annotations"]
    assert [annotation["track_id"] for annotation in annotations] == [1, 2]


def test_segment_box_partly_outside_is_clipped_with_a_warning(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.segment("--box", "-10,20,50,200.5") == 0
    assert "clipped to 0,20,50,64" in capsys.readouterr().err
    clipped = desk.out.read_bytes()
    assert desk.segment("--box", "0,20,50,64", "--overwrite") == 0
    assert desk.out.read_bytes() == clipped
    assert "clipped" not in capsys.readouterr().err


def test_segment_empty_mask_has_no_annotation_and_is_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.segment("--point", "65.5,41.5", "--point", "65.5,5.5,0") == 0  # the tiny model finds nothing there
    written = json.loads(desk.out.read_text())
    assert len(written["images"]) == 1
    assert written["annotations"] == []
    assert "Nothing was found for object 1" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "No prompt"),
        (["--point", "96,5"], "point 96,5 lies outside the picture of 96 x 64"),
        (["--point", "5,64"], "outside"),
        (["--point", "-0.5,5"], "outside"),
        (["--point", "nan,5"], "finite"),
        (["--point", "1e400,5"], "finite"),
        (["--point", "5"], "is not X,Y"),
        (["--point", "5,6,2"], "third value"),
        (["--point", "5,six"], "not a number"),
        (["--point", "5,6,0"], "positive point"),
        (["--box", "5,5,5,50"], "x0 < x1"),
        (["--box", "50,5,5,50"], "x0 < x1"),
        (["--box", "100,5,120,50"], "outside"),
        (["--box", "-20,5,0,50"], "outside"),
        (["--box", "5,5,inf,50"], "finite"),
        (["--box", "5,5,50"], "X0,Y0,X1,Y1"),
        (["--box", "5,5,50,50", "--box", "1,1,9,9", "--point", "6,6"], "several boxes"),
        (["--point", "5,5", "--label", " "], "label"),
        (["--point", "5,5", "--device", "cuda:99"], "cuda:99"),
        (["--point", "5,5", "--device", "abacus"], "abacus"),
        (["--point", "5,5", "--model", "sam3"], "sam3"),
        (["--point", "5,5", "--model", "gone.pt"], "gone.pt"),
        (["--point", "5,5", "--nonsense"], "nonsense"),
        (["--point", "5,5", "--quality", "best"], "best"),
        (["--point", "5,5", "--image-size", "500"], "multiple of 32"),
        (["--point", "5,5", "--image-size", "0"], "multiple of 32"),
        (["--point", "5,5", "--image-size", "4096"], "up to 2048"),
        (["--point", "5,5", "--image-size", "512", "--quality", "fast"], "not allowed with"),
        (["--point", "5,5", "--out", "missing/out.json"], "missing"),
        (["--point", "5,5", "--out", "."], "folder"),
    ],
)
def test_segment_refuses(desk: Desk, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    assert desk.segment(*arguments) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert told.err.startswith("Error: ")
    assert len(told.err.splitlines()) <= 4
    assert "Traceback" not in told.err
    assert told.out == ""
    assert desk.left_over() == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("notes.txt", b"hello", "notes.txt"),
        ("photo.jpg", b"\xff\xd8\xff\xe0 not a picture", "photo.jpg"),
        ("clip.mp4", b"", "clip.mp4"),
        ("absent.png", None, "absent.png"),
    ],
)
def test_segment_input_that_is_no_picture(
    desk: Desk, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, words: str
) -> None:
    desk.photo = desk.folder / name
    if content is not None:
        desk.photo.write_bytes(content)
    assert desk.segment("--point", "5,5") == 2
    assert words in capsys.readouterr().err
    assert not desk.out.exists()


def test_existing_output_is_kept_unless_overwrite(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.out.write_text("mine")
    assert desk.segment("--point", "30,30") == 2
    assert desk.out.read_text() == "mine"
    assert "--overwrite" in capsys.readouterr().err
    assert desk.segment("--point", "30,30", "--overwrite") == 0
    assert json.loads(desk.out.read_text())["images"]


def test_output_never_replaces_the_picture(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    before = desk.photo.read_bytes()
    assert desk.segment("--point", "30,30", "--out", str(desk.photo), "--overwrite") == 2
    assert "photo.png" in capsys.readouterr().err
    assert desk.photo.read_bytes() == before


def test_truncated_checkpoint(desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path, model: Path) -> None:
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(model.read_bytes()[:9000])
    assert desk.segment("--point", "30,30", "--model", str(broken)) == 2
    assert "broken.safetensors" in capsys.readouterr().err
    assert not desk.out.exists()


@pytest.mark.parametrize("name", ["sam2.1-hiera-large", "facebook/sam2-hiera-tiny", "someone/else"])
def test_known_model_that_cannot_be_had(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    assert desk.segment("--point", "30,30", "--model", name) == 3
    told = capsys.readouterr().err
    assert name in told
    assert len(told.splitlines()) <= 4
    assert not desk.out.exists()


def test_full_disk(desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    assert desk.segment("--point", "30,30") == 2
    assert "the disk is full" in capsys.readouterr().err
    assert desk.left_over() == []
