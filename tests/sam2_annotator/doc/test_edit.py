"""What an edit records is what really changed, once a row."""

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddLabel
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import LabelRow
from sam2_annotator.masks import rle
from sam2_annotator.values.ids import LabelId
from support.documents import rectangle


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


def test_equal_masks_are_stored_once(project: Project) -> None:
    edit = Edit(project._connection, project)
    assert edit.keep(rectangle(0, 0, 2, 2)) == edit.keep(rectangle(0, 0, 2, 2))
    assert edit.keep(rle.empty(6, 8)) is edit.keep(None) is None
    assert project._connection.execute("SELECT count(*) FROM mask").fetchone() == (1,)
