"""Objects from draft to deletion."""

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import (
    AcceptObject,
    AddLabel,
    AddObject,
    DeleteObject,
    SetFlags,
    SetLabel,
    SetMask,
    SetPrompts,
)
from sam2_annotator.errors import DocError
from sam2_annotator.values.ids import FrameIndex, LabelId
from sam2_annotator.values.prompt import Point, PromptSet
from sam2_annotator.values.states import MaskState
from support.documents import add_clip, add_object, rectangle


def test_numbers_count_per_item_and_ids_over_all(project: Project) -> None:
    first, second = add_clip(project), add_clip(project, "other.mp4")
    ids = [add_object(project, item) for item in (first, second, first)]
    rows = [project.object(number) for number in ids]
    assert [(row.id, row.number, row.z) for row in rows if row] == [(1, 1, 1), (2, 1, 1), (3, 2, 2)]


def test_undoing_an_accept_gives_the_draft_back(project: Project) -> None:
    item = add_clip(project)
    label = LabelId(project.apply(AddLabel("dog")).created[0])
    draft = add_object(project, item, draft=True)
    project.apply(SetPrompts(item, FrameIndex(0), draft, PromptSet((Point(1.0, 2.0),))))
    project.apply(AcceptObject(draft, label))
    row = project.object(draft)
    assert row is not None
    assert (row.draft, row.label) == (False, label)
    project.undo()
    row = project.object(draft)
    assert row is not None
    assert (row.draft, row.label) == (True, None)
    assert project.prompts(item, FrameIndex(0), draft) is not None


def test_an_object_goes_with_prompts_and_masks(project: Project) -> None:
    item = add_clip(project)
    object_id, kept = add_object(project, item), add_object(project, item)
    for number in (object_id, kept):
        project.apply(SetPrompts(item, FrameIndex(1), number, PromptSet((Point(1.0, 2.0),))))
        project.apply(SetMask(item, FrameIndex(1), number, rectangle(0, 0, 2, 2), MaskState.KEY))
    changes = project.apply(DeleteObject(item, (object_id,)))
    assert changes.prompts == changes.masks == {(item, 1)}
    assert [row.object for row in project.masks(item, FrameIndex(1))] == [kept]
    assert project.prompts(item, FrameIndex(1), object_id) is None
    with pytest.raises(ValueError, match="belongs to item"):
        project.apply(DeleteObject(add_clip(project, "other.mp4"), (kept,)))


def test_labels_and_flags(project: Project) -> None:
    item = add_clip(project)
    objects = (add_object(project, item), add_object(project, item))
    label = LabelId(project.apply(AddLabel("dog")).created[0])
    assert project.apply(SetLabel(objects, label)).objects == set(objects)
    assert not project.apply(SetLabel(objects, label))
    project.apply(SetFlags(objects[:1], visible=False))
    project.apply(SetFlags(objects, locked=True))
    assert [(row.visible, row.locked, row.label) for row in project.objects(item)] == [
        (False, True, label),
        (True, True, label),
    ]
    assert project.undo_title == "Lock"
    for command in (SetLabel(objects, LabelId(9)), AddObject(item, LabelId(9)), AcceptObject(objects[0], LabelId(9))):
        with pytest.raises(DocError, match="no label 9"):
            project.apply(command)
