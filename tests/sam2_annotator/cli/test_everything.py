"""`everything`, run in process (FORMATS section 11)."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sam2_annotator.engine.messages import Found
from sam2_annotator.jobs import everything
from support.desk import HEIGHT, WIDTH, Desk, decode

ANY = ("--points-per-side", "4", "--pred-iou-thresh", "0", "--stability-score-thresh", "0")


def test_it_writes_coco_that_pycocotools_decodes(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.everything(*ANY, "--label", "thing") == 0
    written = json.loads(desk.out.read_text())
    assert [(image["file_name"], image["width"], image["height"]) for image in written["images"]] == [
        ("photo.png", WIDTH, HEIGHT)
    ]
    assert [category["name"] for category in written["categories"]] == ["thing"]
    annotations = written["annotations"]
    assert annotations
    assert [one["track_id"] for one in annotations] == list(range(1, len(annotations) + 1))
    scores = [one["score"] for one in annotations]
    assert scores == sorted(scores, reverse=True)
    for one in annotations:
        pixels = decode(one["segmentation"])
        assert pixels.shape == (HEIGHT, WIDTH)
        assert pixels.sum() == one["area"]
    assert capsys.readouterr().out == ""


def test_filters_and_sizes(desk: Desk) -> None:
    def count(*arguments: str) -> int:
        assert desk.everything(*ANY, *arguments, "--overwrite") == 0
        return len(json.loads(desk.out.read_text())["annotations"])

    everything_there = count()
    assert count("--points-per-side", "1") < everything_there
    assert count("--box-nms-thresh", "0.1") < everything_there
    assert count("--stability-score-thresh", "1") < everything_there
    assert count("--min-area", str(WIDTH * HEIGHT + 1)) == 0
    assert count("--crop-layers", "1", "--use-m2m") > 0


def test_masks_are_mended_and_large_enough(desk: Desk) -> None:
    assert desk.everything(*ANY, "--min-area", "60") == 0
    annotations = json.loads(desk.out.read_text())["annotations"]
    assert annotations
    assert min(one["area"] for one in annotations) >= 60


def test_the_bundled_model_finds_something_by_itself(desk: Desk) -> None:
    assert desk.everything("--points-per-side", "6", "--model", "sam2-nano") == 0
    assert json.loads(desk.out.read_text())["annotations"]


def test_nothing_found_is_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.everything("--pred-iou-thresh", "1") == 0
    assert json.loads(desk.out.read_text())["annotations"] == []
    assert "Nothing was found" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--points-per-side", "0"], "from 1 to 128"),
        (["--points-per-side", "129"], "from 1 to 128"),
        (["--points-per-side", "ten"], "from 1 to 128"),
        (["--pred-iou-thresh", "1.5"], "from 0 to 1"),
        (["--pred-iou-thresh", "nan"], "from 0 to 1"),
        (["--stability-score-thresh", "-1"], "from 0 to 1"),
        (["--box-nms-thresh", "x"], "not a number"),
        (["--crop-layers", "4"], "from 0 to 3"),
        (["--min-area", "-1"], "whole number"),
        (["--label", " "], "label"),
        (["--device", "cuda:99"], "cuda:99"),
        (["--model", "gone.pt"], "gone.pt"),
        (["--point", "5,5"], "--point"),
        (["--out", "missing/out.json"], "missing"),
        (["--out", "."], "folder"),
    ],
)
def test_it_refuses(desk: Desk, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    assert desk.everything(*arguments) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert told.err.startswith("Error: ")
    assert len(told.err.splitlines()) <= 4
    assert told.out == ""
    assert desk.left_over() == []


def test_what_is_no_picture(desk: Desk, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    desk.photo = tmp_path / "notes.txt"
    desk.photo.write_text("hello")
    assert desk.everything() == 2
    assert "notes.txt" in capsys.readouterr().err


def test_an_output_that_is_there_stays_unless_overwritten(desk: Desk) -> None:
    desk.out.write_text("mine")
    assert desk.everything(*ANY) == 2
    assert desk.out.read_text() == "mine"
    assert desk.everything(*ANY, "--overwrite") == 0
    assert json.loads(desk.out.read_text())["images"]


def test_a_full_disk_leaves_nothing(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    assert desk.everything(*ANY) == 2
    assert "the disk is full" in capsys.readouterr().err
    assert desk.left_over() == []


def test_interrupted_after_a_batch(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Found] = []

    def interrupt(engine, request, listener):
        for answer in answers(engine, request, listener):
            if isinstance(answer, Found):
                told.append(answer)
                request.ticket.token.set()
            yield answer

    answers = everything.answers
    monkeypatch.setattr(everything, "answers", interrupt)
    assert desk.everything(*ANY) == 130
    assert len(told) == 1, "it stops between two batches"
    assert told[0].done < told[0].total == 16
    assert desk.left_over() == []
    assert "Interrupted" in capsys.readouterr().err
