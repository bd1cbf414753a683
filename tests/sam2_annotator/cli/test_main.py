"""The rules of the command line, run in process with a tiny model (FORMATS section 11)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from pycocotools import mask as coco_mask

from sam2_annotator import __version__
from sam2_annotator.__main__ import main
from support.drawn import frames_folder, picture_file, video_file
from support.tiny_model import tiny_checkpoint

WIDTH, HEIGHT = 96, 64


class Desk:
    """A folder with a picture, a clip and a model, and the command line."""

    def __init__(self, folder: Path, model: Path) -> None:
        self.folder = folder
        self.model = model
        self.photo = picture_file(folder / "photo.png")
        self.clip = frames_folder(folder / "clip", 5)
        self.out = folder / "out.json"
        self.tracked = folder / "tracked"
        self.prompts = folder / "prompts.json"

    def segment(self, *arguments: str) -> int:
        common = ["--model", str(self.model), "--device", "cpu", "--out", str(self.out)]
        return main(["segment", str(self.photo), *common, *arguments])

    def track(self, prompts: object, *arguments: str, video: Path | None = None) -> int:
        self.prompts.write_text(prompts if isinstance(prompts, str) else json.dumps(prompts))
        common = ["--model", str(self.model), "--device", "cpu", "--out", str(self.tracked)]
        return main(["track", str(video or self.clip), "--prompts", str(self.prompts), *common, *arguments])

    def left_over(self) -> list[str]:
        """What lies in the folder beside the inputs."""
        known = {"photo.png", "clip", "prompts.json"}
        return sorted(path.name for path in self.folder.iterdir() if path.name not in known)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_checkpoint(tmp_path_factory.mktemp("model") / "tiny.safetensors")


@pytest.fixture
def desk(tmp_path: Path, model: Path) -> Desk:
    return Desk(tmp_path, model)


def one(**prompt: object) -> dict[str, object]:
    """A prompts file with one object and one entry."""
    return {"objects": [{"id": 1, "label": "dog", "prompts": [{"frame": 0, **prompt}]}]}


def decode(segmentation: dict[str, object]) -> npt.NDArray[np.uint8]:
    """Pixels by pycocotools, (height, width)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of NumPy, about pycocotools
        pixels: npt.NDArray[np.uint8] = coco_mask.decode(segmentation)
    return pixels


CLICK = {"points": [[30.5, 32.5, 1]]}

# ---------------------------------------------------------------------------------------------- segment


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
    assert desk.segment("--point", "30.5,32.5", "--point", "80.5,10.5,0") == 0  # the tiny model finds nothing there
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


# ------------------------------------------------------------------------------------------------ track


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
    assert desk.track(prompts, *arguments) == 2
    told = capsys.readouterr()
    assert words in told.err
    assert told.err.startswith("Error: ")
    assert len(told.err.splitlines()) <= 4
    assert told.out == ""
    assert desk.left_over() == ["black.png", "small.png"]


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
def test_track_input_that_is_no_clip(desk: Desk, capsys: pytest.CaptureFixture[str], make: object, words: str) -> None:
    assert callable(make)
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


# ------------------------------------------------------------------------------------------- everything


def test_version_and_help_go_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr() == (f"sam2-annotator {__version__}\n", "")
    for command in (["--help"], ["segment", "--help"], ["track", "--help"], ["doctor", "--help"]):
        assert main(command) == 0
        told = capsys.readouterr()
        assert told.out.startswith("usage: sam2-annotator")
        assert told.err == ""


def test_path_that_is_not_there_opens_no_window(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["no such file.jpg"]) == 2
    assert "no such file.jpg" in capsys.readouterr().err


def test_no_display_is_told(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert main([]) == 2
    assert "no display" in capsys.readouterr().err


def test_interrupt_is_130(desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sam2_annotator.jobs.segment.run", interrupted)
    assert desk.segment("--point", "5,5") == 130
    assert "Traceback" not in capsys.readouterr().err


def test_commands_run_as_a_program_without_importing_qt(desk: Desk) -> None:
    code = (
        "import sys; from sam2_annotator.__main__ import main; sys.argv = ['sam2-annotator', *sys.argv[1:]]; "
        "code = main(); print('PySide6' in sys.modules, file=sys.stderr); sys.exit(code)"
    )
    arguments = ["segment", str(desk.photo), "--point", "30,30", "--out", str(desk.out)]
    run = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "False\n")
