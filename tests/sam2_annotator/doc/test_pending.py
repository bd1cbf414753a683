"""What waits for the disk is written as it was meant: in its order, into its step, also in another copy."""

from pathlib import Path

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddItems, AddObject, SetLabel
from sam2_annotator.doc.commands.base import Command
from sam2_annotator.errors import StorageError
from sam2_annotator.values.frame import MediaKind
from sam2_annotator.values.ids import StepId
from support.documents import add_clip, add_label, add_object, new_item

MANY = AddItems(tuple(new_item(f"{number:060}.png", MediaKind.IMAGE, 1) for number in range(500)))


def fill(project: Project) -> None:
    (pages,) = project._connection.execute("PRAGMA page_count").fetchone()
    project._connection.execute(f"PRAGMA max_page_count = {pages}")


def refuse(project: Project, command: Command, into: StepId | None = None) -> None:
    with pytest.raises(StorageError):
        project.apply(command, into=into)


def test_a_step_that_ended_while_its_parts_wait_is_not_lost(project: Project) -> None:
    item = add_clip(project)
    fill(project)
    step = project.new_step("Cut")
    refuse(project, MANY, step)
    refuse(project, AddObject(item), step)
    project.end_step(step)
    project._connection.execute("PRAGMA max_page_count = 100000")
    assert len(project.try_again()) == 2
    assert len(project.items()) == 501
    assert project.undo_title == "Cut"
    project.undo()
    assert [row.id for row in project.items()] == [item]


def test_a_new_step_can_wait_in_another_copy(project: Project, tmp_path: Path) -> None:
    fill(project)
    step = project.new_step("Cut")
    refuse(project, MANY, step)
    project.copy_to(tmp_path / "copy.s2p")
    with Project.open(tmp_path / "copy.s2p") as copy:
        project.hand_pending_to(copy)
        assert copy.new_step("Something else") != step
        copy.try_again()
        assert len(copy.items()) == 500
        assert copy.undo_title == "Cut"


def test_what_was_done_again_after_something_else_waits_again(project: Project) -> None:
    object_id = add_object(project, add_clip(project))
    one, two = add_label(project, "one"), add_label(project, "two")
    fill(project)
    refuse(project, MANY)
    for label in (one, two, one, one):
        refuse(project, SetLabel((object_id,), label))
    assert len(project.pending) == 4
    project._connection.execute("PRAGMA max_page_count = 100000")
    project.try_again()
    row = project.object(object_id)
    assert row is not None
    assert row.label == one
