"""The one call around every exporter."""

import shutil
from pathlib import Path

import pytest

from sam2_annotator.errors import FormatError
from sam2_annotator.formats import EXPORTERS, exporter, formats
from sam2_annotator.formats.exporting import export
from support.datasets import tiny_clip


def test_formats_are_found_by_id() -> None:
    assert [info.id for info in formats()] == ["coco", "coco-video"]
    assert exporter("coco-video") is EXPORTERS[1]
    with pytest.raises(FormatError, match=r"^There is no format yolo\.$"):
        exporter("yolo")


def test_the_report_names_the_target_and_the_time(tmp_path: Path) -> None:
    report = export(exporter("coco-video"), tiny_clip(), tmp_path / "out")
    assert report.target == tmp_path / "out"
    assert 0 < report.seconds < 60


def test_nothing_is_begun_without_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 0))
    with pytest.raises(FormatError, match="too full"):
        export(exporter("coco"), tiny_clip(), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_options_are_checked_first(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no option"):
        export(exporter("coco"), tiny_clip(), tmp_path / "out", options={"speed": 3})
