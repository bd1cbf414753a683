"""Labels have clean, unique names."""

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import (
    AddAttribute,
    AddLabel,
    DeleteLabel,
    MergeLabels,
    MoveLabel,
    RenameLabel,
    SetAttribute,
    SetDefaultLabel,
    SetLabelColour,
    SetLabelShortcut,
)
from sam2_annotator.doc.commands.labels import DEFAULT_LABEL
from sam2_annotator.errors import DocError
from sam2_annotator.values.attributes import AttributeKind, AttributeSpec
from sam2_annotator.values.ids import FrameIndex, LabelId
from support.documents import add_clip, add_label, add_object


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


def test_a_wanted_key_is_given_unless_it_is_taken(project: Project) -> None:
    project.apply(AddLabel("dog", (1, 2, 3), 5))
    project.apply(AddLabel("cat", shortcut=5))
    assert [(row.name, row.shortcut) for row in project.labels()] == [("dog", 5), ("cat", 1)]
    assert project.labels()[0].colour == (1, 2, 3)


def test_a_taken_key_is_swapped(project: Project) -> None:
    dog, cat, bird = (add_label(project, name) for name in ("dog", "cat", "bird"))
    project.apply(SetLabelShortcut(bird, 1))
    assert [row.shortcut for row in project.labels()] == [3, 2, 1]
    project.apply(SetLabelShortcut(cat, None))
    project.apply(SetLabelShortcut(cat, 3))
    assert [row.shortcut for row in project.labels()] == [None, 3, 1]
    assert not project.apply(SetLabelShortcut(cat, 3))
    with pytest.raises(ValueError, match="digit 10"):
        project.apply(SetLabelShortcut(dog, 10))


def test_labels_are_listed_in_the_order_people_give_them(project: Project) -> None:
    dog, cat, bird = (add_label(project, name) for name in ("dog", "cat", "bird"))
    project.apply(MoveLabel(bird, 0))
    assert [row.id for row in project.labels()] == [bird, dog, cat]
    project.apply(MoveLabel(bird, 99))
    assert [row.id for row in project.labels()] == [dog, cat, bird]
    project.apply(DeleteLabel(cat))
    project.apply(AddLabel("fish"))
    assert [row.name for row in project.labels()] == ["dog", "bird", "fish"]
    project.undo()
    project.undo()
    assert [row.id for row in project.labels()] == [dog, cat, bird]


def test_merging_is_one_step_and_names_the_objects_it_changed(project: Project) -> None:
    dog, hound, cat = (add_label(project, name) for name in ("dog", "hound", "cat"))
    item = add_clip(project)
    first, second, third = (add_object(project, item, label) for label in (hound, cat, dog))
    changes = project.apply(MergeLabels((hound, cat), dog))
    assert changes.objects == {first, second}
    assert [row.label for row in project.objects(item)] == [dog, dog, dog]
    assert [row.id for row in project.labels()] == [dog]
    project.undo()
    assert [row.label for row in project.objects(item)] == [hound, cat, dog]
    assert project.object(third).label == dog


def test_merging_keeps_what_was_said_of_the_objects(project: Project) -> None:
    dog, hound = add_label(project, "dog"), add_label(project, "hound")
    item, frame = add_clip(project), FrameIndex(0)
    lead = add_object(project, item, hound)
    for label, kind in ((dog, AttributeKind.FLAG), (hound, AttributeKind.TEXT)):
        project.apply(AddAttribute(label, AttributeSpec("leashed", kind)))
    project.apply(AddAttribute(hound, AttributeSpec("breed")))
    flag, text, breed = project.attributes()
    project.apply(SetAttribute((lead,), text.id, frame, "yes"))
    project.apply(SetAttribute((lead,), breed.id, frame, "beagle"))
    project.apply(MergeLabels((hound,), dog))
    assert [(row.id, row.label) for row in project.attributes()] == [(flag.id, dog), (breed.id, dog)]
    said = {number: row.value for number, row in project.values_at(item, frame)[lead].items()}
    assert said == {flag.id: True, breed.id: "beagle"}


def test_deleting_leaves_the_objects_unlabelled(project: Project) -> None:
    dog, item = add_label(project, "dog"), add_clip(project)
    one = add_object(project, item, dog)
    project.apply(AddAttribute(dog, AttributeSpec("breed")))
    project.apply(SetAttribute((one,), project.attributes()[0].id, FrameIndex(0), "beagle"))
    project.apply(SetDefaultLabel(dog))
    assert project.setting(DEFAULT_LABEL).value == dog
    assert project.apply(DeleteLabel(dog)).objects == {one}
    assert project.object(one).label is None
    assert project.attributes() == () == project.labels()
    assert project.setting(DEFAULT_LABEL) is None
    project.undo()
    assert project.values_at(item, FrameIndex(0))[one]
    assert project.setting(DEFAULT_LABEL).value == dog


def test_colours_are_colours(project: Project) -> None:
    dog = add_label(project, "dog")
    project.apply(SetLabelColour(dog, (9, 8, 7)))
    assert project.labels()[0].colour == (9, 8, 7)
    with pytest.raises(ValueError, match="colour"):
        project.apply(SetLabelColour(dog, (9, 8, 256)))
