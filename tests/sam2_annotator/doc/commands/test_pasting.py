"""Masks that come to other frames and items."""

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import Pasted, PasteMasks, SetMask, SetPrompts
from sam2_annotator.values.ids import FrameIndex
from sam2_annotator.values.prompt import Point, PromptSet
from sam2_annotator.values.states import MaskState
from support.documents import add_clip, add_object, add_picture, rectangle

LEFT, RIGHT = rectangle(0, 0, 3, 3), rectangle(5, 0, 8, 3)


def test_a_mask_comes_to_another_item_as_a_new_object(project: Project) -> None:
    item, other = add_picture(project), add_picture(project, "b.png")
    source = add_object(project, item)
    pasted = Pasted(LEFT, colour=(1, 2, 3), note="left", like=source)
    (new,) = project.apply(PasteMasks(other, range(1), (pasted,))).created
    (row,) = project.objects(other)
    assert (row.id, row.number, row.colour, row.note) == (new, 1, (1, 2, 3), "left")
    project.undo()
    assert project.objects(other) == ()


def test_a_mask_stands_in_for_what_is_on_a_single_frame(project: Project) -> None:
    item = add_clip(project)
    object_id = add_object(project, item)
    project.apply(SetMask(item, FrameIndex(1), object_id, RIGHT, MaskState.CONFIRMED))
    project.apply(SetPrompts(item, FrameIndex(1), object_id, PromptSet((Point(6.0, 1.0),))))
    project.apply(PasteMasks(item, range(1, 2), (Pasted(LEFT, object_id),)))
    (row,) = project.masks_of(item, object_id)
    assert (row.area, row.state) == (LEFT.area, MaskState.KEY)
    assert project.prompts_of(item, object_id) == ()


def test_frames_of_a_range_a_person_spoke_about_stay(project: Project) -> None:
    item = add_clip(project)
    object_id = add_object(project, item)
    project.apply(SetMask(item, FrameIndex(2), object_id, RIGHT, MaskState.KEY))
    project.apply(SetMask(item, FrameIndex(3), object_id, RIGHT, MaskState.PROPAGATED))
    project.apply(PasteMasks(item, range(1, 5), (Pasted(LEFT, object_id),), keep_drawn=True))
    digests = [row.digest for row in project.masks_of(item, object_id)]
    assert [project.mask(digest) for digest in digests if digest] == [LEFT, RIGHT, LEFT, LEFT]
    with pytest.raises(ValueError, match="frame 5"):
        project.apply(PasteMasks(item, range(6), (Pasted(LEFT, object_id),)))
