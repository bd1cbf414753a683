"""Frames are confirmed and flagged; whoever changes a mask afterwards takes the confirmation back."""

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import (
    AcceptObject,
    ConfirmFrames,
    DeleteObject,
    FlagFrame,
    MarkAbsent,
    NewMask,
    RemoveItems,
    SetFlags,
    SetMask,
    SetMasks,
    TakeBackConfirmation,
)
from sam2_annotator.doc.rows import ReviewRow
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.states import MaskOrigin, MaskState
from support.documents import add_clip, add_object, add_picture, rectangle

ZERO = FrameIndex(0)
HERE = range(1)
SQUARE, OTHER, NOTHING = rectangle(0, 0, 2, 2), rectangle(1, 1, 5, 4), rectangle(3, 3, 3, 3)


@pytest.fixture
def clip(project: Project) -> ItemId:
    return add_clip(project)


def state(project: Project, item: ItemId, object_id: ObjectId) -> MaskState:
    row = project.mask_row(item, ZERO, object_id)
    assert row is not None
    return row.state


def confirmed(project: Project, item: ItemId) -> bool:
    review = project.review(item, ZERO)
    return review is not None and review.confirmed


def test_confirming_and_taking_back_leave_masks_as_they_came_about(project: Project, clip: ItemId) -> None:
    clicked, drawn, tracked, lost = (add_object(project, clip) for _ in range(4))
    project.apply(SetMask(clip, ZERO, clicked, SQUARE, MaskState.KEY))
    project.apply(SetMask(clip, ZERO, drawn, SQUARE, MaskState.KEY, origin=MaskOrigin.EDITED))
    project.apply(SetMasks(clip, ZERO, (NewMask(tracked, OTHER, 0.9, 1.0), NewMask(lost, NOTHING, 0.1, -1.0))))
    before = project.masks(clip, ZERO)
    changes = project.apply(ConfirmFrames(clip, HERE))
    assert changes.reviews == changes.masks == {(clip, ZERO)}
    assert {row.state for row in project.masks(clip, ZERO)} == {MaskState.CONFIRMED}
    project.apply(TakeBackConfirmation(clip, HERE))
    assert project.masks(clip, ZERO) == before
    assert project.review(clip, ZERO) is None


def test_a_frame_with_nothing_on_it_can_be_confirmed(project: Project) -> None:
    picture = add_picture(project)
    project.apply(ConfirmFrames(picture, HERE))
    assert project.review(picture, ZERO) == ReviewRow(picture, ZERO, confirmed=True, flag=None)
    assert not project.apply(ConfirmFrames(picture, HERE)), "twice is no step"


def test_hidden_drafted_and_absent_objects_keep_their_state(project: Project, clip: ItemId) -> None:
    hidden, draft, absent = add_object(project, clip), add_object(project, clip, draft=True), add_object(project, clip)
    for object_id in (hidden, draft):
        project.apply(SetMask(clip, ZERO, object_id, SQUARE, MaskState.KEY))
    project.apply(SetFlags((hidden,), visible=False))
    project.apply(MarkAbsent(clip, HERE, (absent,)))
    project.apply(ConfirmFrames(clip, HERE))
    assert [state(project, clip, o) for o in (hidden, draft, absent)] == [
        MaskState.KEY,
        MaskState.KEY,
        MaskState.ABSENT,
    ]
    assert confirmed(project, clip)


@pytest.mark.parametrize("what", ["paint", "new object", "delete", "absent", "track"])
def test_who_changes_a_mask_takes_the_confirmation_back(project: Project, clip: ItemId, what: str) -> None:
    seen, other = add_object(project, clip), add_object(project, clip)
    project.apply(SetMask(clip, ZERO, seen, SQUARE, MaskState.KEY))
    project.apply(ConfirmFrames(clip, HERE))
    project.apply(
        {
            "paint": SetMask(clip, ZERO, seen, OTHER, MaskState.KEY, origin=MaskOrigin.EDITED),
            "new object": SetMask(clip, ZERO, other, OTHER, MaskState.KEY),
            "delete": DeleteObject(clip, (seen,)),
            "absent": MarkAbsent(clip, HERE, (seen,)),
            "track": SetMasks(clip, ZERO, (NewMask(other, OTHER, 1.0, 1.0),)),
        }[what]
    )
    assert not confirmed(project, clip)
    project.undo()
    assert confirmed(project, clip)
    assert state(project, clip, seen) is MaskState.CONFIRMED


def test_other_frames_stay_confirmed(project: Project, clip: ItemId) -> None:
    seen = add_object(project, clip)
    project.apply(ConfirmFrames(clip, HERE))
    project.apply(SetMask(clip, FrameIndex(1), seen, SQUARE, MaskState.KEY))
    assert confirmed(project, clip)


def test_a_flag_stays_until_it_is_taken_off_or_settled(project: Project, clip: ItemId) -> None:
    seen = add_object(project, clip)
    project.apply(FlagFrame(clip, ZERO, "edge wrong"))
    project.apply(SetMask(clip, ZERO, seen, SQUARE, MaskState.KEY))
    assert project.review(clip, ZERO) == ReviewRow(clip, ZERO, confirmed=False, flag="edge wrong")
    project.apply(FlagFrame(clip, ZERO, None))
    assert project.review(clip, ZERO) is None
    assert not project.apply(FlagFrame(clip, ZERO, None))
    project.apply(FlagFrame(clip, ZERO, ""))
    project.apply(ConfirmFrames(clip, HERE))
    assert project.review(clip, ZERO) == ReviewRow(clip, ZERO, confirmed=True, flag=None)
    project.apply(FlagFrame(clip, ZERO, "after all"))
    assert confirmed(project, clip), "a flag is a note, no edit"
    project.apply(TakeBackConfirmation(clip, HERE))
    assert project.review(clip, ZERO) == ReviewRow(clip, ZERO, confirmed=False, flag="after all")


def test_many_frames_are_one_step(project: Project, clip: ItemId) -> None:
    command = ConfirmFrames(clip, range(5))
    project.apply(command)
    assert project.summaries((clip,))[0].confirmed == 5
    assert project.undo_title == "Confirm 5 frames"
    project.undo()
    assert project.summaries((clip,))[0].confirmed == 0
    with pytest.raises(ValueError, match="frame 5"):
        project.apply(ConfirmFrames(clip, range(3, 6)))


def test_a_removed_item_takes_its_reviews_along(project: Project, clip: ItemId) -> None:
    seen = add_object(project, clip)
    project.apply(SetMask(clip, ZERO, seen, SQUARE, MaskState.KEY))
    project.apply(ConfirmFrames(clip, HERE))
    project.apply(RemoveItems((clip,)))
    assert project.review(clip, ZERO) is None
    project.undo()
    assert confirmed(project, clip)


def test_a_draft_takes_no_confirmation_back_before_it_is_accepted(project: Project) -> None:
    picture = add_picture(project)
    project.apply(ConfirmFrames(picture, HERE))
    draft = add_object(project, picture, draft=True)
    project.apply(SetMask(picture, ZERO, draft, SQUARE, MaskState.KEY))
    assert confirmed(project, picture)
    project.apply(DeleteObject(picture, (draft,)))
    assert confirmed(project, picture)
    project.undo()
    project.apply(AcceptObject(draft, None))
    assert not confirmed(project, picture)
    project.undo()
    assert confirmed(project, picture)
