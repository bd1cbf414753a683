"""`track`, run in process (FORMATS section 11)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from support.desk import CLICK, HEIGHT, WIDTH, Desk, decode, one
from support.drawn import frames_folder, picture_file, video_file


def test_track_folder_of_pictures(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    assert desk.track(one(**CLICK)) == 0
    assert [path.name for path in desk.tracked.iterdir()] == ["annotations.json"]
    written = json.loads((desk.tracked / "annotations.json").read_text())
    (video,) = written["videos"]
    assert (video["name"], video["length"], video["fps"]) == ("clip", 5, None)
    assert [image["file_name"] for image in written["images"]] == [f"clip/{number:03d}.png" for number in range(5)]
    assert [image["frame_id"] for image in written["images"]] == [0, 1, 2, 3, 4]
    assert [category["name"] for category in written["categories"]] == ["dog"]
    told = {(entry["image_id"] - 1, entry["track_id"]) for entry in written["annotations"]}
    absent = {(entry["frame_id"], entry["track_id"]) for entry in written["absences"]}
    assert told | absent == {(frame, 1) for frame in range(5)}
    assert not told & absent
    assert all(decode(entry["segmentation"]).shape == (HEIGHT, WIDTH) for entry in written["annotations"])
    assert capsys.readouterr() == ("", "")
    assert desk.left_over() == ["tracked"]


def test_track_video_file(desk: Desk) -> None:
    video = video_file(desk.folder / "disc.mp4", 4)
    assert desk.track(one(**CLICK), video=video) == 0
    written = json.loads((desk.tracked / "annotations.json").read_text())
    assert written["videos"][0]["fps"] == 10
    assert [image["file_name"] for image in written["images"]] == [f"disc/{number:06d}.jpg" for number in range(4)]


@pytest.mark.parametrize(
    ("arguments", "frames"),
    [
        (["--frames", "1:4"], {1: [1, 2, 3], 7: [2, 3]}),
        (["--frames", ":4", "--direction", "both"], {1: [0, 1, 2, 3], 7: [0, 1, 2, 3]}),
        (["--frames", "1:", "--direction", "backward"], {1: [1], 7: [1, 2]}),
        (["--direction", "forward"], {1: [1, 2, 3, 4], 7: [2, 3, 4]}),
    ],
)
def test_track_range_and_direction(desk: Desk, arguments: list[str], frames: dict[int, list[int]]) -> None:
    prompts = {
        "objects": [
            {"id": 1, "prompts": [{"frame": 1, **CLICK}]},
            {"id": 7, "label": "cat", "prompts": [{"frame": 2, "box": [30, 20, 50, 48]}]},
        ]
    }
    assert desk.track(prompts, *arguments) == 0
    written = json.loads((desk.tracked / "annotations.json").read_text())
    number = {image["id"]: image["frame_id"] for image in written["images"]}
    seen = [(entry["track_id"], number[entry["image_id"]]) for entry in written["annotations"]]
    seen += [(entry["track_id"], entry["frame_id"]) for entry in written["absences"]]
    assert sorted(seen) == sorted((track, frame) for track, where in frames.items() for frame in where)
    assert sorted(number.values()) == sorted({frame for where in frames.values() for frame in where})
    assert [category["name"] for category in written["categories"]] == ["object", "cat"]


def test_track_mask_prompt_comes_back_on_its_frame(desk: Desk) -> None:
    pixels = np.zeros((HEIGHT, WIDTH), np.uint8)
    pixels[20:40, 10:30] = 3
    palette = Image.fromarray(pixels, mode="P")
    palette.putpalette([255, 255, 255] * 4)
    palette.save(desk.folder / "mask.png")
    assert desk.track(one(mask="mask.png"), "--frames", "0:1") == 0
    (annotation,) = json.loads((desk.tracked / "annotations.json").read_text())["annotations"]
    assert np.array_equal(decode(annotation["segmentation"]), pixels > 0)


@pytest.mark.parametrize(
    ("prompts", "arguments", "words"),
    [
        ("{", [], "not valid JSON"),
        ("[" * 100_000, [], "not valid JSON"),
        ("[]", [], "must be a JSON object"),
        ({}, [], "objects"),
        ({"objects": []}, [], "objects"),
        ({"objects": [], "extra": 1}, [], "'extra'"),
        ({"objects": [{"id": 1, "prompts": [], "color": 1}]}, [], "'color'"),
        ({"objects": [{"id": 0, "prompts": [{"frame": 0, **CLICK}]}]}, [], '"id"'),
        ({"objects": [{"id": True, "prompts": [{"frame": 0, **CLICK}]}]}, [], '"id"'),
        ({"objects": [{"id": "1", "prompts": [{"frame": 0, **CLICK}]}]}, [], '"id"'),
        ({"objects": [{"id": 10**30, "prompts": [{"frame": 0, **CLICK}]}]}, [], '"id"'),
        ({"objects": [{"id": 3, "label": 5, "prompts": [{"frame": 0, **CLICK}]}]}, [], "Object 3"),
        ({"objects": [{"id": 3, "prompts": []}]}, [], "Object 3"),
        ({"objects": [{"id": 3, "prompts": [{"frame": 0, **CLICK}]}] * 2}, [], "object 3 is given twice"),
        ({"objects": [{"id": 3, "prompts": [{"frame": 1, **CLICK}] * 2}]}, [], "frame 1 is given twice"),
        ({"objects": [{"id": 3, "prompts": [{"frame": 5, **CLICK}]}]}, [], "Object 3, frame 5"),
        ({"objects": [{"id": 3, "prompts": [{"frame": -1, **CLICK}]}]}, [], "Object 3, frame -1"),
        ({"objects": [{"id": 3, "prompts": [{"frame": 0.0, **CLICK}]}]}, [], "frame"),
        ({"objects": [{"id": 3, "prompts": [{**CLICK}]}]}, [], "frame"),
        ({"objects": [{"id": 3, "prompts": [{"frame": 0, **CLICK}]}]}, ["--frames", "1:3"], "frame 0"),
        (one(), [], "frame 0"),
        (one(points=[]), [], "positive point"),
        (one(points=[[5, 5, 0]]), [], "positive point"),
        (one(points=[[96, 5]]), [], "outside"),
        (one(points=[[5]]), [], "a point is"),
        (one(points=[[5, "6"]]), [], "a point is"),
        (one(points=[[5, 6, True]]), [], "a point is"),
        (one(points=[[5, 6, 2]]), [], "third value"),
        (one(points=5), [], "points"),
        (one(points=[[10**400, 5]]), [], "finite"),
        ('{"objects": [{"id": 1, "prompts": [{"frame": 0, "points": [[NaN, 5]]}]}]}', [], "finite"),
        (one(box=[5, 5, 1, 50]), [], "x0 < x1"),
        (one(box=[200, 5, 300, 50]), [], "outside"),
        (one(box=[5, 5, 50]), [], "box"),
        (one(box=None), [], "box"),
        (one(mask="gone.png"), [], "gone.png"),
        (one(mask="small.png"), [], "small.png"),
        (one(mask="black.png"), [], "no pixel"),
        (one(mask="prompts.json"), [], "prompts.json"),
        (one(mask="mask.gif"), [], "mask.gif"),
        (one(mask=7), [], "mask"),
        (one(mask="a\0b"), [], "mask"),
        (one(colour=1), [], "'colour'"),
        (one(**CLICK), ["--frames", "3:3"], "--frames"),
        (one(**CLICK), ["--frames", "0:6"], "5 frames"),
        (one(**CLICK), ["--frames", "4"], "A:B"),
        (one(**CLICK), ["--frames", "-1:3"], "A:B"),
        (one(**CLICK), ["--direction", "sideways"], "sideways"),
        (one(**CLICK), ["--out", "missing/dir"], "missing"),
        (one(**CLICK), ["--device", "cuda:99"], "cuda:99"),
    ],
)
def test_track_refuses(
    desk: Desk, capsys: pytest.CaptureFixture[str], prompts: object, arguments: list[str], words: str
) -> None:
    Image.new("L", (8, 8), 255).save(desk.folder / "small.png")
    Image.new("L", (WIDTH, HEIGHT), 0).save(desk.folder / "black.png")
    Image.linear_gradient("L").resize((WIDTH, HEIGHT)).save(desk.folder / "mask.gif")
    assert desk.track(prompts, *arguments) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert told.err.startswith("Error: ")
    assert len(told.err.splitlines()) <= 4
    assert told.out == ""
    assert desk.left_over() == ["black.png", "mask.gif", "small.png"]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: folder / "gone.mp4", "gone.mp4"),
        (lambda folder: picture_file(folder / "one.png"), "one.png"),
        (lambda folder: _file(folder / "noise.mp4", b"noise" * 100), "noise.mp4"),
        (lambda folder: _file(folder / "empty.mp4", b""), "empty.mp4"),
        (lambda folder: _folder(folder / "nothing"), "nothing"),
        (lambda folder: _mixed(folder / "mixed"), "mixed"),
    ],
)
def test_track_input_that_is_no_clip(
    desk: Desk, capsys: pytest.CaptureFixture[str], make: Callable[[Path], Path], words: str
) -> None:
    assert desk.track(one(**CLICK), video=make(desk.folder)) == 2
    told = capsys.readouterr().err
    assert words.split(".")[0] in told
    assert not desk.tracked.exists()


def _file(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _mixed(path: Path) -> Path:
    frames_folder(path, 2)
    picture_file(path / "mixed_size.png", width=50)
    return path


def test_track_truncated_clip_is_tracked_to_its_last_whole_frame(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = video_file(desk.folder / "whole.avi", 40)
    cut = _file(desk.folder / "cut.avi", whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    assert desk.track(one(**CLICK), video=cut) == 0
    assert "cut.avi ends early" in capsys.readouterr().err
    written = json.loads((desk.tracked / "annotations.json").read_text())
    assert 0 < len(written["images"]) < 40


def test_track_folder_that_is_not_empty_is_kept(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    desk.tracked.mkdir()
    (desk.tracked / "mine.txt").write_text("mine")
    assert desk.track(one(**CLICK)) == 2
    assert [path.name for path in desk.tracked.iterdir()] == ["mine.txt"]
    assert "not empty" in capsys.readouterr().err
    assert desk.track(one(**CLICK), "--overwrite") == 0
    assert [path.name for path in desk.tracked.iterdir()] == ["annotations.json"]


def test_track_into_an_empty_folder(desk: Desk) -> None:
    desk.tracked.mkdir()
    assert desk.track(one(**CLICK)) == 0
    assert (desk.tracked / "annotations.json").is_file()
