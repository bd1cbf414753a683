from __future__ import annotations

import json
from pathlib import Path

import pytest

from sam2_annotator.engine.service import EngineService
from sam2_annotator.engine.tickets import CancelToken
from sam2_annotator.errors import Cancelled, UsageError
from sam2_annotator.jobs import segment
from sam2_annotator.jobs.segment import SegmentSpec
from sam2_annotator.values.prompt import Box, Point, PromptSet
from support.drawn import Memory, picture_file


@pytest.fixture
def spec(tmp_path: Path) -> SegmentSpec:
    objects = (PromptSet(box=Box(14, 16, 47, 49)),)
    return SegmentSpec(picture_file(tmp_path / "photo.png"), objects, tmp_path / "out.json", device="cpu")


def test_box_gives_the_object_in_it(spec: SegmentSpec) -> None:
    listener = Memory()
    segment.run(spec, EngineService(), listener, CancelToken())
    (annotation,) = json.loads(spec.out.read_text())["annotations"]
    x, y, width, height = annotation["bbox"]
    assert abs(x - 16) < 8
    assert abs(y - 18) < 8
    assert abs(width - 29) < 12
    assert abs(height - 29) < 12
    assert any("Loading" in text for text in listener.activities)


def test_cancelled_run_leaves_nothing(spec: SegmentSpec) -> None:
    token = CancelToken()
    token.set()
    with pytest.raises(Cancelled):
        segment.run(spec, EngineService(), Memory(), token)
    assert not spec.out.exists()


def test_wrong_prompt_is_found_before_a_model_is_loaded(spec: SegmentSpec) -> None:
    listener = Memory()
    wrong = SegmentSpec(spec.image, (PromptSet((Point(500, 5),)),), spec.out)
    with pytest.raises(UsageError, match="outside"):
        segment.run(wrong, EngineService(), listener, CancelToken())
    assert listener.activities == []
