"""What holds for every format, run over the registry."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from sam2_annotator.errors import Cancelled, FormatError
from sam2_annotator.formats import EXPORTERS
from sam2_annotator.formats.base import Exporter
from sam2_annotator.formats.exporting import export
from sam2_annotator.formats.model import Category, Media, MemoryDataset, Shape, Track
from sam2_annotator.masks import rle
from support.datasets import REVISED, Recorder, clip_of, named, tiny_clip

every_format = pytest.mark.parametrize("exporter", EXPORTERS, ids=[known.info.id for known in EXPORTERS])


def drawn(height: int, width: int, *pixels: tuple[slice | int, slice | int]) -> np.ndarray:
    array = np.zeros((height, width), dtype=bool)
    for rows, columns in pixels:
        array[rows, columns] = True
    return array


WHOLE = slice(None)
ALL = (WHOLE, WHOLE)
RING = drawn(6, 8, (slice(1, 4), slice(1, 4)))
RING[2, 2] = False
CASES: dict[str, list[np.ndarray]] = {
    "full": [drawn(6, 8, ALL)],
    "corners": [drawn(6, 8, (y, x)) for y in (0, 5) for x in (0, 7)],
    "last row and column": [drawn(6, 8, (5, WHOLE)), drawn(6, 8, (WHOLE, 7)), drawn(6, 8, (5, WHOLE), (WHOLE, 7))],
    "lines": [drawn(6, 8, (2, WHOLE)), drawn(6, 8, (WHOLE, 3)), np.eye(6, 8, dtype=bool)],
    "ring": [RING],
    "two diagonal pixels": [drawn(6, 8, (2, 2), (3, 3)), drawn(6, 8, (3, 2), (2, 3))],
    "checkerboard": [np.indices((6, 8)).sum(axis=0) % 2 == 0, np.indices((6, 8)).sum(axis=0) % 2 == 1],
    "300 parts": [drawn(60, 80, (slice(0, 60, 4), slice(0, 80, 4)))],
    "all borders": [drawn(6, 8, (0, WHOLE), (5, WHOLE), (WHOLE, 0), (WHOLE, 7))],
    "1 x 1": [drawn(1, 1, ALL)],
    "1 x N": [drawn(1, 9, (0, slice(2, 5))), drawn(1, 9, (0, 8))],
    "N x 1": [drawn(9, 1, (slice(2, 5), 0)), drawn(9, 1, (8, 0))],
    "odd sizes": [drawn(3, 4097, (1, slice(5, 4000))), drawn(3, 4097, (slice(1, 3), slice(4090, 4097)))],
    "upright": [drawn(8, 6, (slice(2, 7), slice(1, 5)))],
}


def annotations(target: Path) -> Path:
    return target / "annotations" / "instances_train.json"


def opened(path: Path) -> Any:
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(str(path))


@every_format
@pytest.mark.parametrize("case", CASES)
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # inside pycocotools 2.0.11
def test_masks_come_out_as_they_went_in(tmp_path: Path, exporter: Exporter, case: str) -> None:
    arrays = CASES[case]
    report = export(exporter, clip_of(arrays), tmp_path / "out")
    assert report.compared == len(arrays)
    read = opened(annotations(tmp_path / "out"))
    for entry, array in zip(read.loadAnns(read.getAnnIds()), arrays, strict=True):
        assert np.array_equal(read.annToMask(entry), array)
        assert entry["area"] == array.sum()


@every_format
def test_an_empty_mask_is_never_an_annotation(tmp_path: Path, exporter: Exporter) -> None:
    report = export(exporter, clip_of([drawn(6, 8), RING, drawn(6, 8)]), tmp_path / "out")
    data = json.loads(annotations(tmp_path / "out").read_text())
    assert report.annotations == len(data["annotations"]) == 1
    assert len(data["images"]) == 3


@every_format
def test_ids_start_at_1_and_a_perfect_result_scores_1(tmp_path: Path, exporter: Exporter) -> None:
    arrays = [np.roll(np.pad(RING, ((0, 34), (0, 32))), 3 * number, axis=(0, 1)) for number in range(8)]
    export(exporter, clip_of(arrays), tmp_path / "out")
    truth = opened(annotations(tmp_path / "out"))
    for name in ("images", "annotations", "categories"):
        assert [entry["id"] for entry in truth.dataset[name]] == list(range(1, len(truth.dataset[name]) + 1))
    keys = ("image_id", "category_id", "segmentation")
    results = [{key: entry[key] for key in keys} | {"score": 0.9} for entry in truth.dataset["annotations"]]
    with contextlib.redirect_stdout(io.StringIO()):
        evaluation = COCOeval(truth, truth.loadRes(results), "segm")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    assert evaluation.stats[0] == 1.0


@every_format
def test_overlap_and_identical_masks_are_kept(tmp_path: Path, exporter: Exporter) -> None:
    media = Media(1, "video", "v", Path("/nowhere/v.mp4"), 8, 6)
    masks = [rle.encode(drawn(6, 8, ALL)), rle.encode(RING), rle.encode(RING)]
    view = MemoryDataset(
        categories=[Category(1, "thing")],
        media=[media],
        tracks=[Track(number, 1, 1) for number in (1, 2, 3)],
        shapes=[Shape(number, 0, mask) for number, mask in enumerate(masks, start=1)],
    )
    export(exporter, view, tmp_path / "out")
    entries = json.loads(annotations(tmp_path / "out").read_text())["annotations"]
    assert [rle.from_coco(*entry["segmentation"].values()) for entry in entries] == masks


@every_format
def test_a_thousand_objects_and_hostile_category_names(tmp_path: Path, exporter: Exporter) -> None:
    texts = ["no", '"', "<&>", "a,b", "line\nbreak", "=1+1", "größe 猫", "unused"]
    mask = rle.encode(RING)
    view = MemoryDataset(
        categories=[Category(number, text) for number, text in enumerate(texts, start=1)],
        media=[Media(1, "video", "v", Path("/nowhere/v.mp4"), 8, 6)],
        tracks=[Track(number, 1, 1 + number % 7) for number in range(1, 1001)],
        shapes=[Shape(number, 0, mask) for number in range(1, 1001)],
    )
    report = export(exporter, view, tmp_path / "out")
    read = opened(annotations(tmp_path / "out"))
    assert report.annotations == len(read.getAnnIds()) == 1000
    assert [entry["name"] for entry in read.dataset["categories"]] == texts


@every_format
def test_names_stay_inside_and_apart(tmp_path: Path, exporter: Exporter) -> None:
    names = ("größe ñ 猫", "CON", "a:b", "dot.", "x" * 200, "A", "a", "no\u0308", "../up", "C:\\x", "\\\\host\\x")
    view = named(*names, kind="video")
    with_frames = MemoryDataset(
        categories=[Category(1, "thing")],
        media=view.media(),
        tracks=[Track(one.id, one.id, 1) for one in view.media()],
        shapes=[Shape(one.id, 0, rle.encode(RING)) for one in view.media()],
    )
    export(exporter, with_frames, tmp_path / "out")
    files = [image["file_name"] for image in json.loads(annotations(tmp_path / "out").read_text())["images"]]
    assert len({file.casefold() for file in files}) == len(names)
    for file in files:
        folder, frame = file.split("/")
        assert frame == "000000.jpg"
        assert folder not in ("", ".", "..")
        assert not set(folder) & set('<>:"/\\|?*')
    assert [found.name for found in tmp_path.iterdir()] == ["out"]


_AGAIN = """
import hashlib, locale, sys
from pathlib import Path
from sam2_annotator.formats import exporter
from sam2_annotator.formats.exporting import export
from support.datasets import tiny_clip
export(exporter(sys.argv[1]), tiny_clip(), Path(sys.argv[2]))
"""


@every_format
def test_the_same_bytes_every_time_and_everywhere(tmp_path: Path, exporter: Exporter) -> None:
    export(exporter, tiny_clip(), tmp_path / "one")
    tests = Path(__file__).parents[1]
    surroundings = os.environ | {
        "PYTHONHASHSEED": "123",
        "TZ": "Asia/Tokyo",
        "LC_ALL": "C",
        "PYTHONPATH": os.pathsep.join([str(tests.parent), str(tests)]),
    }
    command = [sys.executable, "-c", _AGAIN, exporter.info.id, str(tmp_path / "two")]
    subprocess.run(command, check=True, env=surroundings, cwd=tmp_path)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@every_format
@pytest.mark.parametrize("percent", [0, 50, 99])
@pytest.mark.parametrize("error", [Cancelled(), OSError(errno.ENOSPC, "no space"), RuntimeError("bug")])
@pytest.mark.parametrize("there", [False, True])
def test_an_export_that_ends_early_leaves_all_as_it_was(
    tmp_path: Path, exporter: Exporter, percent: int, error: Exception, there: bool
) -> None:
    view = clip_of([RING] * 50)
    target = tmp_path / "out"
    if there:
        export(exporter, tiny_clip(), target)
    before = digests(tmp_path)
    progress = Recorder(stop_after=percent, error=error)
    expected = FormatError if isinstance(error, OSError) else type(error)
    with pytest.raises(expected):
        export(exporter, view, target, overwrite=there, progress=progress)
    assert digests(tmp_path) == before
    assert sorted(found.name for found in tmp_path.iterdir()) == (["out"] if there else [])


@every_format
def test_a_target_that_is_there_is_refused_unless_asked_for(tmp_path: Path, exporter: Exporter) -> None:
    target = tmp_path / "out"
    export(exporter, clip_of([RING]), target)
    before = digests(target)
    with pytest.raises(FormatError, match="exists already"):
        export(exporter, tiny_clip(), target)
    assert digests(target) == before
    export(exporter, tiny_clip(), target, overwrite=True)
    assert digests(target) != before


@every_format
def test_a_target_around_the_source_is_refused(tmp_path: Path, exporter: Exporter) -> None:
    source = tmp_path / "clips" / "v.mp4"
    source.parent.mkdir()
    source.write_bytes(b"clip")
    media = [Media(1, "video", "v", source, 8, 6)]
    view = MemoryDataset(categories=[], media=media, tracks=[], shapes=[], revised=REVISED)
    with pytest.raises(FormatError, match="lies in it"):
        export(exporter, view, source.parent, overwrite=True)
    assert source.read_bytes() == b"clip"


@every_format
def test_progress_rises_to_its_end(tmp_path: Path, exporter: Exporter) -> None:
    progress = Recorder()
    export(exporter, clip_of([RING] * 20), tmp_path / "out", progress=progress)
    done = [step[0] for step in progress.steps]
    assert done == sorted(done)
    assert progress.steps[-1][0] == progress.steps[-1][1]
