from pathlib import Path

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import MarkAbsent, NewMask, SetMask, SetMasks, SetPrompts
from sam2_annotator.engine.messages import KeyFrame
from sam2_annotator.ui.object_keys import keys_of
from sam2_annotator.values.ids import FrameIndex
from sam2_annotator.values.prompt import Point, PromptSet
from sam2_annotator.values.states import MaskState
from support.documents import add_clip, add_object, rectangle

CLICK = PromptSet((Point(2.5, 2.5),))
MASK = rectangle(1, 1, 4, 4)


@pytest.fixture
def project(tmp_path: Path):
    with_file = Project.open(tmp_path / "one.sam2proj")
    yield with_file
    with_file.close()


def test_key_frames_bring_prompts_and_the_mask_a_person_saw(project: Project) -> None:
    item = add_clip(project)
    thing = add_object(project, item)
    project.apply(SetPrompts(item, FrameIndex(0), thing, CLICK, candidate=1))
    project.apply(SetMask(item, FrameIndex(0), thing, MASK, MaskState.KEY))
    project.apply(SetMask(item, FrameIndex(2), thing, MASK, MaskState.CONFIRMED))
    project.apply(SetPrompts(item, FrameIndex(3), thing, CLICK))
    assert keys_of(project, item, thing) == (
        KeyFrame(FrameIndex(0), CLICK, 1, MASK),
        KeyFrame(FrameIndex(2), PromptSet(), None, MASK),
        KeyFrame(FrameIndex(3), CLICK),
    )
    assert [key.frame for key in keys_of(project, item, thing, without=FrameIndex(2))] == [0, 3]


def test_propagated_and_absent_frames_are_no_key_frames(project: Project) -> None:
    item = add_clip(project)
    thing = add_object(project, item)
    project.apply(SetMasks(item, FrameIndex(1), (NewMask(thing, MASK, 0.9, 3.0),)))
    project.apply(MarkAbsent(item, (FrameIndex(2),), (thing,)))
    assert keys_of(project, item, thing) == ()
