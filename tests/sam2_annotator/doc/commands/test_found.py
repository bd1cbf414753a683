"""Objects the model found by itself."""

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddFoundObjects, AddLabel, FoundObject, SetNoOverlap
from sam2_annotator.errors import DocError
from sam2_annotator.masks import rle
from sam2_annotator.values.ids import FrameIndex, LabelId
from sam2_annotator.values.states import MaskOrigin, MaskState
from support.documents import add_clip, add_object, add_picture, rectangle

LEFT, WIDE = rectangle(0, 0, 3, 3), rectangle(0, 0, 6, 3)
FIRST = FrameIndex(0)


def test_each_becomes_an_object_on_top_of_the_others(project: Project) -> None:
    item = add_clip(project)
    add_object(project, item)
    (label,) = project.apply(AddLabel("dog")).created
    found = (FoundObject(LEFT, 0.9), FoundObject(WIDE, 0.8))
    changes = project.apply(AddFoundObjects(item, FrameIndex(2), found, LabelId(label)))
    old, *rows = project.objects(item)
    assert [row.id for row in rows] == list(changes.created)
    assert [(row.number, row.label, row.draft) for row in rows] == [(2, label, False), (3, label, False)]
    assert old.z < rows[0].z < rows[1].z
    mask = project.mask_row(item, FrameIndex(2), rows[1].id)
    assert mask is not None
    assert (mask.iou, mask.state, mask.origin) == (0.8, MaskState.KEY, MaskOrigin.PROMPTED)
    assert project.mask(mask.digest) == WIDE
    assert project.undo_title == "Accept suggestions"
    project.undo()
    assert project.objects(item) == (old,)


def test_where_objects_are_kept_apart_the_later_one_takes_the_room(project: Project) -> None:
    item = add_picture(project)
    project.apply(SetNoOverlap(True))
    project.apply(AddFoundObjects(item, FIRST, (FoundObject(WIDE, 0.9), FoundObject(LEFT, 0.8))))
    digests = [row.digest for row in project.masks(item, FIRST)]
    assert [project.mask(digest) for digest in digests if digest] == [rle.subtract(WIDE, LEFT), LEFT]


@pytest.mark.parametrize("wrong", [rle.empty(5, 5), rectangle(0, 0, 1, 1)])
def test_what_does_not_fit_changes_nothing(project: Project, wrong) -> None:
    item = add_picture(project)
    with pytest.raises((ValueError, DocError)):
        project.apply(AddFoundObjects(item, FrameIndex(0 if wrong.height == 5 else 7), (FoundObject(wrong, 0.9),)))
    with pytest.raises(DocError):
        project.apply(AddFoundObjects(item, FIRST, (FoundObject(LEFT, 0.9),), LabelId(9)))
    assert project.objects(item) == ()
