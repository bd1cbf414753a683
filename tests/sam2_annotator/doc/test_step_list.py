"""What a step of the history is about."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import (
    AddLabel,
    ConfirmFrames,
    DeleteObject,
    NewMask,
    RemoveItems,
    SetLabel,
    SetMask,
    SetMasks,
)
from sam2_annotator.errors import DamagedError
from sam2_annotator.values.ids import FrameIndex
from sam2_annotator.values.states import MaskState
from support.documents import add_clip, add_label, add_object, add_picture, rectangle


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.open(tmp_path / "p.sam2proj") as project:
        yield project


def newest(project: Project) -> int:
    return project.steps()[-1].number


def test_a_step_names_its_file_and_its_object(project: Project) -> None:
    picture = add_picture(project)
    thing = add_object(project, picture, add_label(project, "dog"))
    subject = project.step_subject(newest(project))
    assert (subject.item, subject.path, subject.is_clip) == (picture, Path("/nowhere/picture.png"), False)
    assert (subject.objects, subject.frames) == ((("dog", 1),), None)
    project.apply(SetLabel((thing,), None))
    assert project.step_subject(newest(project)).objects == (("", 1),)


def test_a_step_on_frames_of_a_clip_names_the_first_and_the_last(project: Project) -> None:
    clip = add_clip(project)
    thing = add_object(project, clip)
    step = project.new_step("Propagate")
    for frame in (3, 2, 1):
        mask = NewMask(thing, rectangle(0, 0, 2, 2), 0.9, 1.0)
        project.apply(SetMasks(clip, FrameIndex(frame), (mask,)), into=step)
    subject = project.step_subject(newest(project))
    assert (subject.is_clip, subject.frames, subject.objects) == (True, (1, 3), (("", 1),))


def test_what_is_gone_keeps_the_name_its_step_knows(project: Project) -> None:
    picture = add_picture(project)
    thing = add_object(project, picture, add_label(project, "dog"))
    project.apply(DeleteObject(picture, (thing,)))
    assert project.step_subject(newest(project)).objects == (("dog", 1),)
    project.apply(RemoveItems((picture,)))
    subject = project.step_subject(newest(project))
    assert (subject.item, subject.path) == (picture, Path("/nowhere/picture.png"))
    project.undo()
    assert project.step_subject(newest(project)) == subject, "undone or not"


def test_a_label_belongs_to_no_file(project: Project) -> None:
    project.apply(AddLabel("dog"))
    subject = project.step_subject(newest(project))
    assert (subject.item, subject.path, subject.objects) == (None, None, ())


def test_a_frame_that_was_confirmed_is_named(project: Project) -> None:
    clip = add_clip(project)
    project.apply(ConfirmFrames(clip, range(4, 5)))
    assert project.step_subject(newest(project)).frames == (4, 4)


def test_a_step_of_a_megabyte_is_read_at_its_ends_only(project: Project) -> None:
    clip = add_clip(project)
    things = [add_object(project, clip) for _ in range(2)]
    project.apply(SetMask(clip, FrameIndex(2), things[0], rectangle(0, 0, 2, 2), state=MaskState.KEY))
    number = newest(project)
    (line, text), *_ = project._connection.execute(
        "SELECT id, images FROM history WHERE part = ?", (number,)
    ).fetchall()
    entry = text[1:-1]
    with closing(sqlite3.connect(project.path)) as connection, connection:
        connection.execute(
            "UPDATE history SET images = ? WHERE id = ?", ("[" + ",".join([entry] * 8000) + ',"what follows', line)
        )
    subject = project.step_subject(number)
    assert (subject.frames, subject.objects) == ((2, 2), (("", 1),)), "what is cut off in the middle is left out"


def test_a_step_that_makes_no_sense_is_damage(project: Project) -> None:
    add_picture(project)
    number = newest(project)
    with closing(sqlite3.connect(project.path)) as connection, connection:
        connection.execute('UPDATE history SET images = \'[["object",null,["x",1,1,null,0,1,0,1,null,""]]]\'')
    with pytest.raises(DamagedError):
        project.step_subject(number)


def test_next_step_is_what_undo_or_redo_moves_over(project: Project) -> None:
    add_picture(project)
    add_label(project, "dog")
    first, second = (step.number for step in project.steps())
    project.undo()
    assert (project.next_step(undo=True), project.next_step(undo=False)) == (first, second)
    project.undo()
    assert (project.next_step(undo=True), project.next_step(undo=False)) == (0, first)
