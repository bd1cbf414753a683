"""Merging and splitting."""

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import (
    AddLabel,
    MarkAbsent,
    MergeObjects,
    NewMask,
    SetLabel,
    SetMask,
    SetMasks,
    SetNote,
    SetPrompts,
    SplitObject,
)
from sam2_annotator.masks import rle
from sam2_annotator.values.ids import FrameIndex, LabelId
from sam2_annotator.values.prompt import Point, PromptSet
from sam2_annotator.values.states import MaskOrigin, MaskState
from support.documents import add_clip, add_object, add_picture, rectangle

LEFT, RIGHT = rectangle(0, 0, 3, 3), rectangle(5, 0, 8, 3)
BOTH = rle.union(LEFT, RIGHT)
CLICK = PromptSet((Point(1.0, 1.0),))


def test_the_first_gets_the_masks_of_all_frames(project: Project) -> None:
    item = add_clip(project)
    first, second = add_object(project, item), add_object(project, item)
    project.apply(SetMask(item, FrameIndex(0), first, LEFT, MaskState.KEY))
    project.apply(SetMasks(item, FrameIndex(0), (NewMask(second, RIGHT, 0.9, 1.0),)))
    project.apply(SetMasks(item, FrameIndex(1), (NewMask(second, RIGHT, 0.9, 1.0),)))
    project.apply(SetMasks(item, FrameIndex(2), (NewMask(first, LEFT, 0.9, 1.0), NewMask(second, RIGHT, 0.8, 1.0))))
    project.apply(MergeObjects(item, (first, second)))
    rows = project.masks_of(item, first)
    assert [project.mask(row.digest) for row in rows if row.digest] == [BOTH, RIGHT, BOTH]
    assert [row.area for row in rows] == [18, 9, 18]
    assert [row.state for row in rows] == [MaskState.KEY, MaskState.PROPAGATED, MaskState.PROPAGATED]
    assert [row.origin for row in rows] == [MaskOrigin.EDITED, MaskOrigin.PROPAGATED, MaskOrigin.PROPAGATED]
    assert rows[1].iou == 0.9
    assert rows[2].iou is None
    assert [row.id for row in project.objects(item)] == [first]
    project.undo()
    assert len(project.objects(item)) == 2


def test_a_mask_counts_for_more_than_absence(project: Project) -> None:
    item = add_clip(project)
    first, second = add_object(project, item), add_object(project, item)
    project.apply(MarkAbsent(item, range(2), (first,)))
    project.apply(SetMasks(item, FrameIndex(0), (NewMask(second, RIGHT, 0.9, 1.0),)))
    project.apply(SetMasks(item, FrameIndex(1), (NewMask(second, rectangle(0, 0, 0, 0), 0.9, 1.0),)))
    project.apply(MergeObjects(item, (first, second)))
    assert [row.state for row in project.masks_of(item, first)] == [MaskState.PROPAGATED, MaskState.ABSENT]


def test_prompts_stay_where_their_object_is_alone(project: Project) -> None:
    item = add_clip(project)
    first, second = add_object(project, item), add_object(project, item)
    for frame, found in ((0, (first, second)), (1, (second,))):
        for object_id in found:
            project.apply(SetPrompts(item, FrameIndex(frame), object_id, CLICK))
            mask = LEFT if object_id == first else RIGHT
            project.apply(SetMask(item, FrameIndex(frame), object_id, mask, MaskState.KEY))
    project.apply(MergeObjects(item, (first, second)))
    assert [(row.frame, row.prompts) for row in project.prompts_of(item, first)] == [(1, CLICK)]


def test_the_first_label_and_note_win(project: Project) -> None:
    item = add_picture(project)
    labels = [LabelId(project.apply(AddLabel(name)).created[0]) for name in ("dog", "cat")]
    plain, dog, cat = (add_object(project, item) for _ in range(3))
    project.apply(SetLabel((dog,), labels[0]))
    project.apply(SetLabel((cat,), labels[1]))
    project.apply(SetNote((cat,), "behind the fence"))
    project.apply(MergeObjects(item, (plain, dog, cat)))
    (row,) = project.objects(item)
    assert (row.id, row.label, row.note) == (plain, labels[0], "behind the fence")
    with pytest.raises(ValueError, match="twice"):
        project.apply(MergeObjects(item, (plain, plain)))


def test_parts_become_objects_and_the_largest_stays(project: Project) -> None:
    item = add_picture(project)
    object_id = add_object(project, item)
    dog = LabelId(project.apply(AddLabel("dog")).created[0])
    project.apply(SetLabel((object_id,), dog))
    project.apply(SetPrompts(item, FrameIndex(0), object_id, CLICK))
    mask = rle.union(BOTH, rectangle(0, 5, 4, 6))
    project.apply(SetMask(item, FrameIndex(0), object_id, mask, MaskState.KEY, 0.9))
    changes = project.apply(SplitObject(item, FrameIndex(0), object_id))
    assert len(changes.created) == 2
    found = [project.mask_row(item, FrameIndex(0), row.id) for row in project.objects(item)]
    masks = [project.mask(row.digest) for row in found if row and row.digest]
    assert masks == [LEFT, RIGHT, rectangle(0, 5, 4, 6)]
    assert {row.state for row in found if row} == {MaskState.KEY}
    assert {row.label for row in project.objects(item)} == {dog}
    assert project.prompts(item, FrameIndex(0), object_id) is None
    project.undo()
    assert len(project.objects(item)) == 1
    assert project.prompts(item, FrameIndex(0), object_id) is not None


def test_one_part_stays_as_it_is(project: Project) -> None:
    item = add_picture(project)
    object_id = add_object(project, item)
    project.apply(SetMask(item, FrameIndex(0), object_id, LEFT, MaskState.KEY))
    assert not project.apply(SplitObject(item, FrameIndex(0), object_id))
