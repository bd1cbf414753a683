"""Who may write which mask."""

import math

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import MarkAbsent, NewMask, RemoveMask, SetMask, SetMasks, SetPrompts
from sam2_annotator.masks import rle
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.prompt import Point, PromptSet
from sam2_annotator.values.states import MaskState
from support.documents import add_clip, add_object, rectangle

FRAME = FrameIndex(2)
OURS, THEIRS = rectangle(0, 0, 2, 2), rectangle(3, 3, 6, 5)
NOTHING = rle.empty(6, 8)


@pytest.fixture
def item(project: Project) -> ItemId:
    return add_clip(project)


@pytest.fixture
def object_id(project: Project, item: ItemId) -> ObjectId:
    return add_object(project, item)


@pytest.mark.parametrize("state", list(MaskState))
def test_the_tracker_never_overwrites_what_a_person_said(
    project: Project, item: ItemId, object_id: ObjectId, state: MaskState
) -> None:
    project.apply(SetMask(item, FRAME, object_id, OURS, state))
    changes = project.apply(SetMasks(item, FRAME, (NewMask(object_id, THEIRS, 0.9, 1.0),)))
    row = project.mask_row(item, FRAME, object_id)
    assert row is not None
    assert row.digest is not None
    assert bool(changes) is not state.is_human
    assert row.state is (state if state.is_human else MaskState.PROPAGATED)
    assert project.mask(row.digest) == (OURS if state.is_human else THEIRS)


def test_the_tracker_found_nothing(project: Project, item: ItemId, object_id: ObjectId) -> None:
    project.apply(SetMasks(item, FRAME, (NewMask(object_id, NOTHING, 0.2, -3.0),)))
    row = project.mask_row(item, FRAME, object_id)
    assert row is not None
    assert (row.state, row.digest, row.area, row.score) == (MaskState.EMPTY, None, 0, -3.0)


def test_an_object_deleted_during_a_run_is_left_out(project: Project, item: ItemId, object_id: ObjectId) -> None:
    masks = (NewMask(ObjectId(99), OURS, 0.9, 1.0), NewMask(object_id, OURS, 0.9, 1.0))
    project.apply(SetMasks(item, FRAME, masks))
    assert [row.object for row in project.masks(item, FRAME)] == [object_id]


def test_a_person_overwrites_anything(project: Project, item: ItemId, object_id: ObjectId) -> None:
    project.apply(MarkAbsent(item, range(5), (object_id,)))
    project.apply(SetMask(item, FRAME, object_id, OURS, MaskState.KEY, iou=math.nan, score=2.0))
    row = project.mask_row(item, FRAME, object_id)
    assert row is not None
    assert (row.state, row.area, row.iou, row.score) == (MaskState.KEY, 4, None, 2.0)
    project.apply(RemoveMask(item, FRAME, object_id))
    assert project.mask_row(item, FRAME, object_id) is None
    assert not project.apply(RemoveMask(item, FRAME, object_id))


def test_absent_takes_prompts_and_masks_of_its_frames_only(project: Project, item: ItemId, object_id: ObjectId) -> None:
    for number in range(5):
        project.apply(SetPrompts(item, FrameIndex(number), object_id, PromptSet((Point(1.0, 1.0),))))
        project.apply(SetMask(item, FrameIndex(number), object_id, OURS, MaskState.KEY))
    changes = project.apply(MarkAbsent(item, range(1, 3), (object_id,)))
    assert changes.masks == changes.prompts == {(item, 1), (item, 2)}
    assert [row.area for row in project.masks_of(item, object_id)] == [4, 0, 0, 4, 4]
    assert [row.frame for row in project.prompts_of(item, object_id)] == [0, 3, 4]
    assert not project.apply(MarkAbsent(item, range(0), (object_id,)))


def test_a_mask_has_the_size_of_its_item(project: Project, item: ItemId, object_id: ObjectId) -> None:
    with pytest.raises(ValueError, match="a mask of 8 x 7 for an item of 8 x 6"):
        project.apply(SetMask(item, FRAME, object_id, rle.empty(7, 8), MaskState.KEY))
    with pytest.raises(ValueError, match="frame 5"):
        project.apply(MarkAbsent(item, range(6), (object_id,)))
