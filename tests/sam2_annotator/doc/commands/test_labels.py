"""Labels have clean, unique names."""

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddLabel, RenameLabel
from sam2_annotator.errors import DocError
from sam2_annotator.values.ids import LabelId


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  big\t dog\n", "big dog"), ("gro\u0308\u00dfe", "gr\u00f6\u00dfe"), ("=1+1", "=1+1"), ("a\ud800b", "a?b")],
)
def test_names_are_cleaned(project: Project, typed: str, kept: str) -> None:
    project.apply(AddLabel(typed))
    assert [label.name for label in project.labels()] == [kept]


def test_a_name_is_needed_and_is_given_once(project: Project) -> None:
    with pytest.raises(DocError, match=r"^A label needs a name\.$"):
        project.apply(AddLabel(" \n"))
    dog, cat = (LabelId(project.apply(AddLabel(name)).created[0]) for name in ("dog", "cat"))
    for command in (AddLabel(" dog"), RenameLabel(cat, "dog")):
        with pytest.raises(DocError, match=r"^There is a label dog already\.$"):
            project.apply(command)
    assert not project.apply(RenameLabel(dog, "dog "))
    assert project.apply(RenameLabel(dog, "wolf")).labels == {dog}


def test_shortcuts_are_the_lowest_free_digits(project: Project) -> None:
    for number in range(11):
        project.apply(AddLabel(f"label {number}"))
    assert [label.shortcut for label in project.labels()] == [*range(1, 10), None, None]
    assert project.labels()[0].colour != project.labels()[1].colour
