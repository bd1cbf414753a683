"""What views ask the document."""

from pathlib import Path

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import (
    AcceptObject,
    AddItems,
    AddLabel,
    ConfirmFrames,
    FlagFrame,
    MarkAbsent,
    NewMask,
    SetMask,
    SetMasks,
    SetPrompts,
)
from sam2_annotator.doc.queries import ItemSummary
from sam2_annotator.values.ids import FrameIndex, ItemId, LabelId
from sam2_annotator.values.prompt import Point, PromptSet
from sam2_annotator.values.states import MaskState
from support.documents import add_clip, add_object, add_picture, rectangle


def frame(number: int) -> FrameIndex:
    return FrameIndex(number)


def test_objects_come_by_number_with_the_draft_last(project: Project) -> None:
    item = add_clip(project)
    draft = add_object(project, item, draft=True)
    second = add_object(project, item)
    assert [row.id for row in project.objects(item)] == [second, draft]
    project.apply(AcceptObject(draft, None))
    assert [row.number for row in project.objects(item)] == [1, 2]
    assert [row.id for row in project.objects(item)] == [draft, second]


def test_states_of_a_clip(project: Project) -> None:
    item, other = add_clip(project), add_clip(project, "other.mp4")
    cat, dog = add_object(project, item), add_object(project, item)
    stranger = add_object(project, other)
    project.apply(SetMask(item, frame(0), cat, rectangle(0, 0, 2, 2), MaskState.KEY))
    project.apply(SetMasks(item, frame(1), (NewMask(cat, rectangle(0, 0, 2, 2), 0.9, 1.0),)))
    project.apply(MarkAbsent(item, range(2, 4), (dog,)))
    project.apply(MarkAbsent(other, range(1), (stranger,)))
    assert project.states(item) == {
        cat: {0: MaskState.KEY, 1: MaskState.PROPAGATED},
        dog: {2: MaskState.ABSENT, 3: MaskState.ABSENT},
    }


def test_summaries_count_accepted_objects_and_name_their_labels(project: Project) -> None:
    clip, picture = add_clip(project), add_picture(project)
    dog, cat = (LabelId(project.apply(AddLabel(name)).created[0]) for name in ("dog", "cat"))
    for label in (dog, None, cat, dog):
        add_object(project, clip, label)
    add_object(project, picture, dog, draft=True)
    first, second = project.items()
    assert project.summaries((picture, clip)) == (
        ItemSummary(first, 4, ("cat", "dog"), begun=True),
        ItemSummary(second, 0, (), begun=True),
    )
    assert project.summaries((picture,)) == (ItemSummary(second, begun=True),)
    assert project.summaries_after(0, 1) == project.summaries((clip,))
    assert project.summaries_after(clip, 9) == project.summaries((picture,))
    assert project.summaries((ItemId(99),)) == project.summaries_after(picture, 9) == ()


def test_summaries_count_confirmed_and_flagged_frames(project: Project) -> None:
    clip = add_clip(project)
    project.apply(ConfirmFrames(clip, range(1, 3)))
    project.apply(FlagFrame(clip, FrameIndex(4), "blurred"))
    project.apply(FlagFrame(clip, FrameIndex(3), ""))
    (summary,) = project.summaries((clip,))
    assert (summary.begun, summary.confirmed, summary.flags, summary.flag) == (False, 2, 2, "")


def test_settings_are_found_by_how_their_names_begin(project: Project) -> None:
    project.apply(AddItems((), (Path("/a"), Path("/b"))))
    assert [row.name for row in project.settings("folder ")] == ['folder "/a"', 'folder "/b"']
    assert project.settings("folders") == ()


def test_prompts_and_masks_are_found_by_frame_and_by_object(project: Project) -> None:
    item = add_clip(project)
    cat = add_object(project, item)
    for number in (3, 1):
        project.apply(SetPrompts(item, frame(number), cat, PromptSet((Point(number, 0.5),)), candidate=1))
        project.apply(SetMask(item, frame(number), cat, rectangle(0, 0, number, 2), MaskState.KEY))
    assert [row.frame for row in project.prompts_of(item, cat)] == [1, 3]
    assert [row.area for row in project.masks_of(item, cat)] == [2, 6]
    found = project.prompts(item, frame(3), cat)
    assert found is not None
    assert found.candidate == 1
    assert project.prompts(item, frame(2), cat) is None
    row = project.mask_row(item, frame(3), cat)
    assert row is not None
    assert row.digest is not None
    assert project.mask(row.digest) == rectangle(0, 0, 3, 2)
    assert project.mask_bytes() > 0


def test_items_and_labels_are_found_by_name(project: Project) -> None:
    item = add_clip(project)
    label = LabelId(project.apply(AddLabel("dog")).created[0])
    at = project.item_at(Path("/nowhere/clip.mp4"))
    assert at is not None
    assert at.id == item
    assert at.ref.is_clip
    assert project.item_at(Path("/nowhere/other.mp4")) is None
    named = project.label_named("dog")
    assert named == project.label(label)
    assert project.object(add_object(project, item, label)) is not None


def test_key_masks_are_found_by_an_index(project: Project) -> None:
    """A clip's other masks, which may be a hundred thousand, are not looked at."""
    item = add_clip(project)
    thing, other = add_object(project, item), add_object(project, item)
    project.apply(SetMasks(item, frame(1), (NewMask(thing, rectangle(0, 0, 2, 2), 0.9, 3.0),)))
    for number in (2, 0):
        project.apply(SetMask(item, frame(number), thing, rectangle(0, 0, 2, 2), MaskState.KEY))
    project.apply(SetMask(item, frame(3), other, rectangle(0, 0, 2, 2), MaskState.CONFIRMED))
    assert [row.frame for row in project.key_masks(item, thing)] == [0, 2]
    asked: list[str] = []
    project._connection.set_trace_callback(asked.append)
    project.key_masks(item, thing)
    project._connection.set_trace_callback(None)
    (plan,) = project._connection.execute(f"EXPLAIN QUERY PLAN {asked[0]}").fetchall()
    assert "frame_mask_by_key_frame" in plan[3]


def test_prompts_on_a_frame(project: Project) -> None:
    item = add_clip(project)
    things = [add_object(project, item) for _ in range(2)]
    for number in (0, 1):
        for thing in things:
            project.apply(SetPrompts(item, frame(number), thing, PromptSet((Point(number, thing),))))
    assert [row.object for row in project.prompts_on(item, frame(1))] == things
