"""Prompts of an object on a frame."""

import math

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import SetPrompts
from sam2_annotator.masks import rle
from sam2_annotator.values.ids import FrameIndex
from sam2_annotator.values.prompt import Box, Point, PromptSet
from support.documents import FRAMES, HEIGHT, WIDTH, add_clip, add_object, rectangle


def test_the_set_is_kept_whole_and_an_empty_one_removes_it(project: Project) -> None:
    item = add_clip(project)
    object_id = add_object(project, item)
    prompts = PromptSet((Point(0.1, 0.2), Point(3.0, 4.0, False)), Box(1.0, 1.0, 5.5, 6.0), rectangle(1, 1, 3, 3))
    changes = project.apply(SetPrompts(item, FrameIndex(2), object_id, prompts, candidate=2, title="Add box"))
    assert changes.prompts == {(item, 2)}
    assert project.undo_title == "Add box"
    row = project.prompts(item, FrameIndex(2), object_id)
    assert row is not None
    assert (row.prompts, row.candidate) == (prompts, 2)
    assert project.apply(SetPrompts(item, FrameIndex(2), object_id, PromptSet()))
    assert project.prompts(item, FrameIndex(2), object_id) is None
    assert not project.apply(SetPrompts(item, FrameIndex(2), object_id, PromptSet()))


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_coordinates_are_finite(project: Project, number: float) -> None:
    item = add_clip(project)
    object_id = add_object(project, item)
    for prompts in (PromptSet((Point(0.0, number),)), PromptSet(box=Box(0.0, 0.0, number, 1.0))):
        with pytest.raises(ValueError, match="finite"):
            project.apply(SetPrompts(item, FrameIndex(0), object_id, prompts))


def test_a_frame_outside_the_clip_is_a_wrong_call(project: Project) -> None:
    item = add_clip(project)
    object_id = add_object(project, item)
    for number in (-1, FRAMES):
        with pytest.raises(ValueError, match="frame"):
            project.apply(SetPrompts(item, FrameIndex(number), object_id, PromptSet((Point(0.0, 0.0),))))


def test_a_mask_prompt_without_pixels_is_a_wrong_call(project: Project) -> None:
    item = add_clip(project)
    object_id = add_object(project, item)
    with pytest.raises(ValueError, match="without pixels"):
        project.apply(SetPrompts(item, FrameIndex(0), object_id, PromptSet(mask=rle.empty(HEIGHT, WIDTH))))
