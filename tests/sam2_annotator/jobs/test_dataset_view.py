"""A project as a data set: what is taken, and under which numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import (
    AddAttribute,
    AddLabel,
    MarkAbsent,
    MoveLabel,
    NewMask,
    SetAttribute,
    SetMask,
    SetMasks,
)
from sam2_annotator.formats.model import Shape
from sam2_annotator.jobs.dataset_view import ProjectView
from sam2_annotator.jobs.spec import Scope
from sam2_annotator.values.attributes import AttributeKind, AttributeSpec
from sam2_annotator.values.ids import FrameIndex, ItemId, LabelId, ObjectId
from sam2_annotator.values.states import MaskState
from support.documents import add_clip, add_object, add_picture, rectangle

MASK = rectangle(1, 1, 4, 4)


@dataclass
class World:
    """A picture with an unlabelled object, a clip with a labelled one and a draft."""

    project: Project
    picture: ItemId
    clip: ItemId
    plain: ObjectId
    dog: ObjectId


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Open while the view reads."""
    with Project.open(tmp_path / "work.s2p") as project:
        clip, picture = add_clip(project), add_picture(project)
        project.apply(AddLabel("cat"))
        label = LabelId(project.apply(AddLabel("dog")).created[0])
        plain, dog = add_object(project, picture), add_object(project, clip, label)
        draft = add_object(project, clip, label, draft=True)
        project.apply(SetMask(picture, FrameIndex(0), plain, MASK, MaskState.KEY, iou=0.75))
        project.apply(SetMask(clip, FrameIndex(0), dog, MASK, MaskState.KEY))
        project.apply(SetMasks(clip, FrameIndex(1), (NewMask(dog, rectangle(0, 0, 8, 6), 0.5, 1.0),)))
        project.apply(MarkAbsent(clip, range(3, 4), (dog,)))
        project.apply(SetMask(clip, FrameIndex(4), draft, MASK, MaskState.KEY))
        yield World(project, picture, clip, plain, dog)


def test_items_become_media(world: World) -> None:
    with ProjectView.open(world.project.place) as view:
        clip, picture = view.media()
        assert (clip.id, clip.kind, clip.name, clip.frames, clip.fps) == (world.clip, "video", "clip", 5, 25.0)
        assert (picture.kind, picture.name, picture.width, picture.height) == ("image", "picture.png", 8, 6)
        assert view.revised == world.project.revised


def test_objects_keep_their_id_and_drafts_are_left_out(world: World) -> None:
    with ProjectView.open(world.project.place) as view:
        clip, picture = view.media()
        assert [(track.id, track.category_id) for track in view.tracks(clip)] == [(world.dog, 2)]
        assert [(track.id, track.category_id) for track in view.tracks(picture)] == [(world.plain, 3)]
        assert [(one.id, one.name) for one in view.categories()] == [(1, "cat"), (2, "dog"), (3, "unlabelled")]
        assert list(view.frames(clip)) == [0, 1, 3]
        assert view.shapes(clip, 3) == [Shape(world.dog, 3, None)]
        assert view.shapes(clip, 4) == []
        assert view.shapes(picture, 0) == [Shape(world.plain, 0, MASK, 0.75)]
        totals = view.totals()
        assert (totals.media, totals.frames, totals.shapes) == (2, 4, 4)
        assert totals.mask_bytes > 0


@pytest.mark.parametrize(
    ("scope", "frames", "pictures"),
    [(Scope.ALL, [0, 1, 3], [0]), (Scope.LABELLED, [0, 1, 3], []), (Scope.CONFIRMED, [0, 3], [0])],
)
def test_scopes(world: World, scope: Scope, frames: list[int], pictures: list[int]) -> None:
    with ProjectView.open(world.project.place, scope) as view:
        clip, picture = view.media()
        assert list(view.frames(clip)) == frames
        assert list(view.frames(picture)) == pictures
        assert [bool(view.shapes(clip, frame)) for frame in range(5)] == [frame in frames for frame in range(5)]
        assert ("unlabelled" in [one.name for one in view.categories()]) is (scope is not Scope.LABELLED)


def test_edits_meanwhile_do_not_get_in(world: World) -> None:
    with ProjectView.open(world.project.place) as view:
        clip, _ = view.media()
        world.project.apply(SetMask(world.clip, FrameIndex(0), world.dog, rectangle(0, 0, 1, 1), MaskState.KEY))
        assert view.shapes(clip, 0) == [Shape(world.dog, 0, MASK)]
    with ProjectView.open(world.project.place) as view:
        assert view.shapes(view.media()[0], 0) != [Shape(world.dog, 0, MASK)]


def test_what_is_said_of_an_object_holds_until_it_changes(world: World) -> None:
    for spec in (
        AttributeSpec("pose", AttributeKind.TEXT, per_frame=True),
        AttributeSpec("truncated", AttributeKind.FLAG, default=False),
        AttributeSpec("age", AttributeKind.NUMBER),
    ):
        world.project.apply(AddAttribute(LabelId(2), spec))
    pose = world.project.attributes()[0].id
    for frame, words in ((1, "sits"), (4, "runs")):
        world.project.apply(SetAttribute((world.dog,), pose, FrameIndex(frame), words))
    with ProjectView.open(world.project.place) as view:
        clip, picture = view.media()
        said = {frame: dict(shape.attributes) for frame in view.frames(clip) for shape in view.shapes(clip, frame)}
        assert said == {
            0: {"truncated": False},
            1: {"pose": "sits", "truncated": False},
            3: {"pose": "sits", "truncated": False},
        }
        assert [dict(shape.attributes) for shape in view.shapes(picture, 0)] == [{}]


def test_the_order_of_the_list_moves_no_category(world: World) -> None:
    world.project.apply(MoveLabel(LabelId(2), 0))
    with ProjectView.open(world.project.place) as view:
        assert [(one.id, one.name) for one in view.categories()][:2] == [(1, "cat"), (2, "dog")]
