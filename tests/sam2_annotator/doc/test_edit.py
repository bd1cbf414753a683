"""What an edit records is what really changed, once a row."""

from dataclasses import replace

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddLabel, DeleteObject, MarkAbsent, SetMask
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import LabelRow, ObjectRow
from sam2_annotator.masks import rle
from sam2_annotator.values.ids import FrameIndex, LabelId
from sam2_annotator.values.states import MaskState
from support.documents import add_clip, add_label, add_object, rectangle, tables


def label(name: str, number: int = 1) -> LabelRow:
    return LabelRow(LabelId(number), name, (0, 0, 0), None)


def test_several_writes_of_a_row_are_one_image(project: Project) -> None:
    edit = Edit(project._connection, project)
    edit.put(label("a"))
    edit.put(label("b"))
    (image,) = edit.images
    assert image.before is None
    assert image.after == label("b").values()


def test_a_row_that_came_and_went_leaves_no_image(project: Project) -> None:
    edit = Edit(project._connection, project)
    edit.put(label("a"))
    edit.delete(label("a"))
    assert edit.images == ()
    assert edit.get(LabelRow, 1) is None


def test_ids_are_never_given_twice(project: Project) -> None:
    first = project.apply(AddLabel("a")).created
    project.undo()
    second = project.apply(AddLabel("b")).created
    assert first == (1,)
    assert second == (2,)


def test_many_rows_are_reassigned_at_once_and_recorded_each(project: Project) -> None:
    dog, cat, item = add_label(project, "dog"), add_label(project, "cat"), add_clip(project)
    one, two, three = (add_object(project, item, label) for label in (dog, cat, dog))
    edit = Edit(project._connection, project)
    edit.put(replace(edit.require(ObjectRow, one), note="x"))
    edit.reassign(ObjectRow, "label", dog, None)
    assert [(row.label, row.note) for row in project.objects(item)] == [(None, "x"), (cat, ""), (None, "")]
    assert {image.key for image in edit.images} == {(one,), (three,)}
    (first, _) = edit.images
    assert first.before is not None
    assert first.before[ObjectRow.COLUMNS.index("note")] == ""
    assert project.object(two).label == cat


def test_equal_masks_are_stored_once(project: Project) -> None:
    edit = Edit(project._connection, project)
    assert edit.keep(rectangle(0, 0, 2, 2)) == edit.keep(rectangle(0, 0, 2, 2))
    assert edit.keep(rle.empty(6, 8)) is edit.keep(None) is None
    assert project._connection.execute("SELECT count(*) FROM mask").fetchone() == (1,)


def test_many_rows_are_written_and_removed_as_one_by_one(project: Project) -> None:
    item = add_clip(project)
    first, second = add_object(project, item), add_object(project, item)
    project.apply(SetMask(item, FrameIndex(1), first, rectangle(0, 0, 2, 2), MaskState.KEY))
    project.apply(SetMask(item, FrameIndex(1), second, rectangle(0, 0, 2, 2), MaskState.KEY))
    before = tables(project.path)
    changes = project.apply(MarkAbsent(item, range(4), (first,)))
    assert changes.masks == {(item, frame) for frame in range(4)}
    assert [row.state for row in project.masks_of(item, first)] == [MaskState.ABSENT] * 4
    assert not project.apply(MarkAbsent(item, range(1, 3), (first,)))
    project.undo()
    assert tables(project.path) == before
    project.apply(DeleteObject(item, (first,)))
    assert project.masks_of(item, first) == ()
    assert len(project.masks_of(item, second)) == 1
    project.undo()
    assert tables(project.path) == before
