"""Masks that were changed by an operation."""

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import Combination, CombineMasks, NewMask, SetMask, SetMasks, SetShapes, Shaped
from sam2_annotator.doc.rows import digest_of
from sam2_annotator.masks import rle
from sam2_annotator.values.ids import FrameIndex
from sam2_annotator.values.states import MaskOrigin, MaskState
from support.documents import add_clip, add_object, rectangle

FRAME = FrameIndex(2)
LEFT, MIDDLE = rectangle(0, 0, 4, 6), rectangle(2, 0, 6, 6)


def test_a_shaped_mask_is_drawn_by_a_person(project: Project) -> None:
    item = add_clip(project)
    object_id = add_object(project, item)
    project.apply(SetMasks(item, FRAME, (NewMask(object_id, LEFT, 0.9, 1.0),)))
    project.apply(SetShapes(item, FRAME, (Shaped(object_id, MIDDLE, digest_of(LEFT)),), "Grow"))
    row = project.mask_row(item, FRAME, object_id)
    assert row is not None
    assert (row.digest, row.state, row.origin, row.iou) == (digest_of(MIDDLE), MaskState.KEY, MaskOrigin.EDITED, None)
    assert project.undo_title == "Grow"


def test_a_shape_made_from_another_mask_is_passed_over(project: Project) -> None:
    item = add_clip(project)
    object_id = add_object(project, item)
    project.apply(SetMask(item, FRAME, object_id, MIDDLE, MaskState.KEY))
    assert not project.apply(SetShapes(item, FRAME, (Shaped(object_id, LEFT, digest_of(LEFT)),)))


def test_masks_are_united_subtracted_and_intersected(project: Project) -> None:
    item = add_clip(project)
    first, second = add_object(project, item), add_object(project, item)
    project.apply(SetMask(item, FRAME, first, LEFT, MaskState.KEY))
    project.apply(SetMask(item, FRAME, second, MIDDLE, MaskState.KEY))
    for how, expected in (
        (Combination.UNITE, rle.union(LEFT, MIDDLE)),
        (Combination.SUBTRACT, rectangle(0, 0, 2, 6)),
        (Combination.INTERSECT, rectangle(2, 0, 4, 6)),
    ):
        project.apply(CombineMasks(item, FRAME, first, (second,), how))
        row, other = project.mask_row(item, FRAME, first), project.mask_row(item, FRAME, second)
        assert row is not None
        assert other is not None
        assert (row.digest, other.digest) == (digest_of(expected), digest_of(MIDDLE))
        project.undo()


def test_nothing_is_written_where_a_combination_changes_nothing(project: Project) -> None:
    item = add_clip(project)
    first, second = add_object(project, item), add_object(project, item)
    project.apply(SetMask(item, FRAME, first, LEFT, MaskState.KEY))
    assert not project.apply(CombineMasks(item, FRAME, first, (second,), Combination.SUBTRACT))
