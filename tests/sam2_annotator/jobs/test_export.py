"""The export job: a project file in, a data set out, in any thread."""

import json
import threading
from pathlib import Path

import pytest

from sam2_annotator.doc import Place, Project
from sam2_annotator.doc.commands import AddLabel, SetMask
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import Cancelled, DocError, FormatError
from sam2_annotator.formats.base import ExportReport
from sam2_annotator.jobs import export
from sam2_annotator.jobs.spec import ExportSpec
from sam2_annotator.values.ids import FrameIndex, LabelId
from sam2_annotator.values.states import MaskState
from support.documents import add_clip, add_object, add_picture, rectangle


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project with a picture and a clip, one object in each."""
    path = tmp_path / "work.s2p"
    with Project.open(path) as project:
        label = LabelId(project.apply(AddLabel("dog")).created[0])
        for item in (add_picture(project), add_clip(project)):
            object_id = add_object(project, item, label)
            mask = rectangle(1, 1, 4, 4)
            project.apply(SetMask(item, FrameIndex(0), object_id, mask, MaskState.KEY, iou=0.5))
    return path


def ignore(done: int, total: int, text: str) -> None:
    """Progress nobody watches."""


def files(path: Path, spec: ExportSpec) -> list[str]:
    export.run(spec, ignore, CancelToken())
    data = json.loads((spec.target / "annotations" / "instances_train.json").read_text())
    names = {image["id"]: image["file_name"] for image in data["images"]}
    return [names[entry["image_id"]] for entry in data["annotations"]]


def test_coco_takes_both_and_coco_video_the_clips(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    assert files(path, ExportSpec(Place.at(path), "coco", target)) == ["clip/000000.jpg", "picture.png"]
    assert files(path, ExportSpec(Place.at(path), "coco-video", target, overwrite=True)) == ["clip/000000.jpg"]


def test_it_runs_in_another_thread_while_the_writer_is_open(path: Path, tmp_path: Path) -> None:
    reports: list[ExportReport] = []
    seen: list[tuple[int, int, str]] = []
    spec = ExportSpec(Place.at(path), "coco", tmp_path / "out")

    def work() -> None:
        reports.append(export.run(spec, lambda *step: seen.append(step), CancelToken()))

    with Project.open(path) as project:
        assert not project.read_only
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    (report,) = reports
    assert (report.images, report.annotations, report.compared, report.categories) == (2, 2, 2, 1)
    assert report.seconds > 0
    assert seen[-1][:2] == (4, 4)


def test_a_cancelled_export_leaves_nothing(path: Path, tmp_path: Path) -> None:
    token = CancelToken()

    def stop(done: int, total: int, text: str) -> None:
        token.set()

    with pytest.raises(Cancelled):
        export.run(ExportSpec(Place.at(path), "coco", tmp_path / "out"), stop, token)
    assert not [found for found in tmp_path.iterdir() if "out" in found.name]


def test_what_is_not_there_is_told(path: Path, tmp_path: Path) -> None:
    with pytest.raises(DocError, match=r"^There is no project gone\.s2p\.$"):
        export.run(ExportSpec(Place.at(tmp_path / "gone.s2p"), "coco", tmp_path / "out"), ignore, CancelToken())
    with pytest.raises(FormatError, match=r"^There is no format yolo\.$"):
        export.run(ExportSpec(Place.at(path), "yolo", tmp_path / "out"), ignore, CancelToken())
    assert not (tmp_path / "out").exists()
