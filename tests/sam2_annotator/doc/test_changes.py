"""The summary of row images."""

from sam2_annotator.doc.changes import Changes, Origin, RowImage, changes_of, together
from sam2_annotator.doc.rows import LabelRow, MaskRow, ObjectRow
from sam2_annotator.values.ids import StepId


def test_every_row_type_has_its_place() -> None:
    images = [
        RowImage(LabelRow, None, (4, "dog", "#000000", 1)),
        RowImage(ObjectRow, (9, 2, 1, None, 0, 1, 0, 1), None),
        RowImage(MaskRow, (2, 30, 9, None, "absent", None, None, 0), None),
        RowImage(MaskRow, (2, 30, 10, None, "absent", None, None, 0), None),
    ]
    changes = changes_of(images, revision=5, origin=Origin.IMPORT, step=StepId(3), created=(4,))
    assert changes == Changes(
        5,
        Origin.IMPORT,
        StepId(3),
        labels=frozenset({4}),
        objects=frozenset({9}),
        masks=frozenset({(2, 30)}),
        created=(4,),
        touched=frozenset({2}),
    )
    assert changes
    assert not Changes(5, Origin.USER)


def test_several_told_as_one_name_all_that_each_of_them_names() -> None:
    def of(*images: RowImage) -> Changes:
        return changes_of(images, revision=1, origin=Origin.UNDO, step=StepId(1))

    first = of(RowImage(ObjectRow, None, (9, 2, 1, None, 0, 1, 0, 1)))
    label = RowImage(LabelRow, None, (4, "a", "#000000", 1))
    second = of(RowImage(ObjectRow, None, (10, 3, 1, None, 0, 1, 0, 1)), label)
    told = together([first, second])
    assert (told.objects, told.labels, told.touched) == ({9, 10}, {4}, {2, 3})
