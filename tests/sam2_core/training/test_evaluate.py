"""Models side by side on a small COCO file and a small clip."""

import csv
import importlib
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from sam2_core.amg import run_lengths
from sam2_core.training.evaluate import main
from sam2_core.training.measured_sets import coco_pictures, davis_clips, rasterised
from sam2_core.training.scenes import main as write_scenes
from support.tiny_model import tiny_checkpoint
from support.toy_pictures import toy_picture


@pytest.fixture
def coco(tmp_path: Path) -> Path:
    """One picture with a polygon, run lengths, a crowd and a crumb."""
    image, labels = toy_picture(np.random.default_rng(0))
    folder = tmp_path / "coco"
    (folder / "images").mkdir(parents=True)
    cv2.imwrite(str(folder / "images" / "a.png"), image[..., ::-1])
    rows, columns = np.flatnonzero((labels == 1).any(1)), np.flatnonzero((labels == 1).any(0))
    left, top, right, bottom = (int(v) for v in (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1))
    polygon = [[left, top, right, top, right, bottom, left, bottom]]
    runs = run_lengths.to_string(run_lengths.encode(np.ascontiguousarray(labels == 2)))
    base = {"image_id": 7, "iscrowd": 0, "area": 300}
    annotations = [
        {**base, "segmentation": polygon},
        {**base, "segmentation": {"size": [48, 48], "counts": runs}},
        {**base, "segmentation": polygon, "iscrowd": 1},
        {**base, "segmentation": polygon, "area": 20},
    ]
    content = {"images": [{"id": 7, "file_name": "a.png", "height": 48, "width": 48}], "annotations": annotations}
    (folder / "instances.json").write_text(json.dumps(content))
    return folder / "instances.json"


@pytest.fixture
def davis(tmp_path: Path) -> Path:
    """Two clips of four frames."""
    assert write_scenes(["--out", str(tmp_path / "davis"), "--count", "2", "--frames", "4", "--side", "64"]) == 0
    return tmp_path / "davis"


def test_polygons_and_run_lengths_become_the_same_masks(coco: Path) -> None:
    (picture,) = coco_pictures(coco)
    _, labels = toy_picture(np.random.default_rng(0))
    assert np.array_equal(picture.objects[0], labels == 1)
    assert np.array_equal(picture.objects[1], labels == 2)
    assert len(picture.objects) == 2


def test_uncompressed_run_lengths_serve_too() -> None:
    mask = np.zeros((5, 4), bool)
    mask[1:3, 2] = True
    assert np.array_equal(rasterised({"size": [5, 4], "counts": run_lengths.encode(mask)}, (5, 4)), mask)


def test_models_and_baselines_side_by_side(
    coco: Path, davis: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, out = tiny_checkpoint(tmp_path / "tiny.safetensors"), tmp_path / "out"
    arguments = [str(model), "--coco", str(coco), "--davis", str(davis), "--size", "64", "96", "--device", "cpu"]
    assert main([*arguments, "--measures", "1 click", "box", "--prompts", "mask", "--out", str(out)]) == 0
    table = capsys.readouterr().out
    assert table.splitlines()[0].split() == ["tiny@64", "tiny@96", "GrabCut", "keep", "the", "first", "mask"]
    with (out / "scores.csv").open() as file:
        rows = list(csv.DictReader(file))
    methods = {(row["set"], row["measure"], row["method"]) for row in rows}
    assert ("coco", "box", "GrabCut") in methods
    assert ("coco", "1 click", "GrabCut") not in methods
    assert ("clips", "first mask", "keep the first mask") in methods
    objects = sum(len(clip.objects(0)) for clip in davis_clips(davis))
    heads = [line[:32].strip() for line in table.splitlines()[1:]]
    both = [f"all pictures, {measure} ({2 + objects})" for measure in ("1 click", "box")]
    assert [head for head in heads if head.startswith("all")] == both
    assert len([r for r in rows if (r["set"], r["measure"], r["method"]) == ("davis", "box", "tiny@64")]) == objects
    sheet = cv2.imread(str(out / "box.png"))
    assert sheet.shape[1] == 260 * 4  # truth, two models, GrabCut
    shown = [row for row in rows if row["method"] == "GrabCut" and row["set"] == "coco"]
    assert all(float(row["j"]) > 0.9 for row in shown)  # bright rectangles
    jf = next(line for line in table.splitlines() if line.split()[:1] == ["J&F"])
    assert jf.split()[-1] != "-"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "nothing to measure on"),
        (["--davis", "empty"], "no clips laid out like DAVIS"),
        (["--coco", "none.json"], "no COCO file that can be read"),
        (["none.safetensors", "--coco", "none.json"], "no checkpoint file"),
    ],
)
def test_what_cannot_be_measured_is_one_sentence(
    arguments: list[str],
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 1
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_the_benchmark_gives_the_same_figures(davis: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = tiny_checkpoint(tmp_path / "tiny.safetensors")
    monkeypatch.syspath_prepend(str(Path(__file__).parents[3] / "benchmarks"))
    benchmark = importlib.import_module("davis")
    arguments = ["--davis", str(davis), "--model", str(model), "--device", "cpu", "--prompts", "mask", "keep"]
    monkeypatch.setattr("sys.argv", ["davis.py", *arguments, "--csv", str(tmp_path / "benchmark.csv")])
    assert benchmark.main() == 0
    assert main([str(model), "--davis", str(davis), "--measures", "--prompts", "mask", "--out", str(tmp_path)]) == 0
    with (tmp_path / "benchmark.csv").open() as file:
        found = {(r["sequence"], r["object"]): r["j"] for r in csv.DictReader(file) if r["prompt"] == "mask"}
    with (tmp_path / "scores.csv").open() as file:
        scores = {(r["name"], r["object"]): r["j"] for r in csv.DictReader(file) if r["method"] == "tiny@128"}
    assert found == scores
    assert found


def test_polygons_are_filled_where_pixel_centres_lie_inside() -> None:
    triangle = [[0, 0, 4, 0, 0, 4]]
    assert rasterised(triangle, (4, 4)).tolist() == [[x + y < 3 for x in range(4)] for y in range(4)]
    beyond = [[-5, -5, 50, -5, 50, 50, -5, 50]]
    assert rasterised(beyond, (4, 4)).all()
    two = [[0, 0, 2, 0, 2, 2, 0, 2], [1, 1, 3, 1, 3, 3, 1, 3]]
    assert rasterised(two, (4, 4)).sum() == 7
