"""A project follows the folders it was opened on, and leaves out what a person removed from them."""

from pathlib import Path

import pytest

from sam2_annotator.doc import Project, folders
from sam2_annotator.doc.commands import AddItems, RemoveItems
from sam2_annotator.values.frame import MediaKind
from support.documents import new_item

FOLDER = Path("/nowhere")
PICTURE = new_item("caf\udce9.png", MediaKind.IMAGE, 1)


def test_what_is_removed_from_a_followed_folder_stays_out(project: Project) -> None:
    (item,) = project.apply(AddItems((PICTURE,), (FOLDER,))).created
    assert folders.followed(project) == (FOLDER,)
    project.apply(RemoveItems((item,)))
    assert folders.left_out(project) == {PICTURE.path}
    project.undo()
    assert folders.left_out(project) == frozenset()
    project.redo()
    project.apply(AddItems((PICTURE,)))
    assert folders.left_out(project) == frozenset()


def test_a_file_of_no_followed_folder_needs_no_note(project: Project) -> None:
    (item,) = project.apply(AddItems((PICTURE,))).created
    project.apply(RemoveItems((item,)))
    assert folders.left_out(project) == frozenset()
    assert folders.followed(project) == ()


@pytest.mark.parametrize("name", ["folder xyz", "folder 3", "folder " + "[" * 100_000])
def test_what_names_no_folder_is_passed_over(project: Project, name: str) -> None:
    project._connection.execute("INSERT INTO setting VALUES (?, 'true')", (name,))
    project.apply(AddItems((PICTURE,), (FOLDER,)))
    assert folders.followed(project) == (FOLDER,)
