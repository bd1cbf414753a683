"""Objects that never overlap."""

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import (
    AcceptObject,
    ConfirmFrames,
    NewMask,
    PaintStroke,
    SetFlags,
    SetMask,
    SetMasks,
    SetNoOverlap,
)
from sam2_annotator.masks import rle
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.states import MaskState
from support.documents import add_clip, add_object, rectangle

FRAME = FrameIndex(1)


def pixels(project: Project, item: ItemId, object_id: ObjectId) -> Mask | None:
    row = project.mask_row(item, FRAME, object_id)
    return None if row is None or row.digest is None else project.mask(row.digest)


def draw(project: Project, item: ItemId, object_id: ObjectId, mask: Mask) -> None:
    project.apply(SetMask(item, FRAME, object_id, mask, MaskState.KEY))


@pytest.fixture
def item(project: Project) -> ItemId:
    project.apply(SetNoOverlap(True))
    return add_clip(project)


def test_a_mask_takes_pixels_from_objects_below_and_leaves_those_above(project: Project, item: ItemId) -> None:
    below, middle, above = (add_object(project, item) for _ in range(3))
    draw(project, item, below, rectangle(0, 0, 4, 6))
    draw(project, item, above, rectangle(6, 0, 8, 6))
    draw(project, item, middle, rectangle(2, 0, 8, 6))
    assert pixels(project, item, below) == rectangle(0, 0, 2, 6)
    assert pixels(project, item, middle) == rectangle(2, 0, 6, 6)
    assert pixels(project, item, above) == rectangle(6, 0, 8, 6)
    project.undo()
    assert pixels(project, item, below) == rectangle(0, 0, 4, 6)


def test_a_locked_object_gives_nothing_away(project: Project, item: ItemId) -> None:
    below, above = add_object(project, item), add_object(project, item)
    draw(project, item, below, rectangle(0, 0, 4, 6))
    project.apply(SetFlags((below,), locked=True))
    draw(project, item, above, rectangle(0, 0, 8, 6))
    assert pixels(project, item, below) == rectangle(0, 0, 4, 6)
    assert pixels(project, item, above) == rectangle(4, 0, 8, 6)


def test_a_confirmed_mask_gives_nothing_away(project: Project, item: ItemId) -> None:
    below, above = add_object(project, item), add_object(project, item)
    draw(project, item, below, rectangle(0, 0, 4, 6))
    project.apply(ConfirmFrames(item, range(FRAME, FRAME + 1)))
    draw(project, item, above, rectangle(0, 0, 8, 6))
    assert pixels(project, item, below) == rectangle(0, 0, 4, 6)
    assert pixels(project, item, above) == rectangle(4, 0, 8, 6)


def test_a_draft_takes_its_room_when_it_is_accepted(project: Project, item: ItemId) -> None:
    below, draft = add_object(project, item), add_object(project, item, draft=True)
    draw(project, item, below, rectangle(0, 0, 4, 6))
    draw(project, item, draft, rectangle(0, 0, 8, 6))
    assert pixels(project, item, below) == rectangle(0, 0, 4, 6)
    project.apply(AcceptObject(draft, None))
    assert pixels(project, item, below) is None
    project.undo()
    assert pixels(project, item, below) == rectangle(0, 0, 4, 6)


def test_an_accepted_draft_leaves_locked_objects_their_pixels(project: Project, item: ItemId) -> None:
    below, draft = add_object(project, item), add_object(project, item, draft=True)
    draw(project, item, below, rectangle(0, 0, 8, 6))
    draw(project, item, draft, rectangle(0, 0, 4, 6))
    project.apply(SetFlags((below,), locked=True))
    project.apply(AcceptObject(draft, None))
    assert pixels(project, item, draft) is None
    row = project.mask_row(item, FRAME, draft)
    assert row is not None
    assert (row.digest, row.area) == (None, 0)


def test_the_tracker_takes_nothing_a_person_drew(project: Project, item: ItemId) -> None:
    drawn, tracked, above = (add_object(project, item) for _ in range(3))
    draw(project, item, drawn, rectangle(0, 0, 4, 6))
    project.apply(SetMasks(item, FRAME, (NewMask(tracked, rectangle(0, 0, 6, 6), 0.9, 1.0),)))
    assert pixels(project, item, drawn) == rectangle(0, 0, 4, 6)
    assert pixels(project, item, tracked) == rectangle(4, 0, 6, 6)
    project.apply(SetMasks(item, FRAME, (NewMask(above, rectangle(5, 0, 8, 6), 0.9, 1.0),)))
    assert pixels(project, item, tracked) == rectangle(4, 0, 5, 6)


def test_overlap_is_allowed_until_someone_says_otherwise(project: Project) -> None:
    item = add_clip(project)
    below, above = add_object(project, item), add_object(project, item)
    draw(project, item, below, rectangle(0, 0, 4, 6))
    draw(project, item, above, rectangle(0, 0, 8, 6))
    assert pixels(project, item, below) == rectangle(0, 0, 4, 6)
    project.apply(SetNoOverlap(True))
    project.apply(SetNoOverlap(False))
    assert project.setting("no_overlap") is None
    draw(project, item, above, rle.subtract(rectangle(0, 0, 8, 6), rectangle(7, 5, 8, 6)))
    assert pixels(project, item, below) == rectangle(0, 0, 4, 6)


def test_strokes_take_room_too_and_none_from_locked_objects(project: Project, item: ItemId) -> None:
    below, above = add_object(project, item), add_object(project, item)
    draw(project, item, below, rectangle(0, 0, 4, 6))
    project.apply(PaintStroke(item, FRAME, above, rectangle(2, 0, 8, 6), add=True))
    assert pixels(project, item, below) == rectangle(0, 0, 2, 6)
    project.apply(PaintStroke(item, FRAME, below, rectangle(0, 0, 5, 6), add=True))
    assert pixels(project, item, below) == rectangle(0, 0, 2, 6)
    project.apply(SetFlags((below,), locked=True))
    third = add_object(project, item)
    assert not project.apply(PaintStroke(item, FRAME, third, rectangle(0, 0, 2, 2), add=True))
