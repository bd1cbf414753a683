"""What can be said of objects, and what becomes of it when the question changes."""

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddAttribute, ChangeAttribute, DeleteAttribute, MoveAttribute, SetAttribute
from sam2_annotator.doc.commands.attributes import kept_values
from sam2_annotator.errors import DocError
from sam2_annotator.values.attributes import AttributeKind, AttributeSpec, AttributeValue
from sam2_annotator.values.ids import AttributeId, FrameIndex, ItemId, LabelId, ObjectId
from support.documents import add_clip, add_label, add_object

SIDE = AttributeSpec("side", AttributeKind.CHOICE, ("near", "far"), per_frame=True)


def add(project: Project, spec: AttributeSpec, label: LabelId | None = None) -> AttributeId:
    return AttributeId(project.apply(AddAttribute(label, spec)).created[0])


def say(project: Project, number: ObjectId, attribute: AttributeId, frame: int, value: AttributeValue | None) -> None:
    project.apply(SetAttribute((number,), attribute, FrameIndex(frame), value))


def held(project: Project, item: ItemId, number: ObjectId, attribute: AttributeId) -> list[AttributeValue | None]:
    rows = [project.values_at(item, FrameIndex(frame)).get(number, {}).get(attribute) for frame in range(5)]
    return [None if row is None else row.value for row in rows]


def test_a_value_holds_until_it_changes(project: Project) -> None:
    item = add_clip(project)
    one, side = add_object(project, item), add(project, SIDE)
    say(project, one, side, 1, "near")
    say(project, one, side, 3, "far")
    assert held(project, item, one, side) == [None, "near", "near", "far", "far"]
    say(project, one, side, 3, None)
    assert held(project, item, one, side) == [None, "near", "near", "near", "near"]
    project.undo()
    assert held(project, item, one, side) == [None, "near", "near", "far", "far"]


def test_a_fixed_value_is_the_same_everywhere(project: Project) -> None:
    item = add_clip(project)
    one, count = add_object(project, item), add(project, AttributeSpec("count", AttributeKind.NUMBER))
    say(project, one, count, 3, 2.0)
    assert held(project, item, one, count) == [2.0] * 5


def test_values_are_of_their_kind_and_for_objects_of_the_label(project: Project) -> None:
    item, dog = add_clip(project), add_label(project, "dog")
    one, side = add_object(project, item), add(project, SIDE)
    for wrong in ("middle", True, 1.0):
        with pytest.raises(ValueError, match="side"):
            say(project, one, side, 0, wrong)
    breed = add(project, AttributeSpec("breed"), dog)
    with pytest.raises(DocError, match="has no attribute breed"):
        say(project, one, breed, 0, "beagle")
    with pytest.raises(DocError, match="longer than"):
        say(project, add_object(project, item, dog), breed, 0, "x" * 10_001)


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        (AttributeKind.FLAG, [True, None, None]),
        (AttributeKind.NUMBER, [None, 12.5, None]),
        (AttributeKind.CHOICE, [None, None, "far"]),
    ],
)
def test_a_new_kind_keeps_what_it_can(project: Project, kind: AttributeKind, kept: list[AttributeValue]) -> None:
    item = add_clip(project)
    note = add(project, AttributeSpec("note"))
    objects = [add_object(project, item) for _ in range(3)]
    for one, words in zip(objects, ("Yes", "12,5", "far"), strict=True):
        say(project, one, note, 0, words)
    spec = AttributeSpec("note", kind, ("near", "far"))
    (row,) = project.attributes()
    assert len(kept_values(project.attribute_values(item), row, spec)) == 1
    project.apply(ChangeAttribute(note, spec))
    assert [held(project, item, one, note)[0] for one in objects] == kept
    project.undo()
    assert [held(project, item, one, note)[0] for one in objects] == ["Yes", "12,5", "far"]


def test_a_respelled_choice_takes_its_values_along(project: Project) -> None:
    item = add_clip(project)
    one, side = add_object(project, item), add(project, SIDE)
    say(project, one, side, 0, "near")
    project.apply(ChangeAttribute(side, AttributeSpec("side", AttributeKind.CHOICE, ("close", "far"), per_frame=True)))
    assert held(project, item, one, side)[0] == "close"
    project.apply(ChangeAttribute(side, AttributeSpec("side", AttributeKind.CHOICE, ("far",), per_frame=True)))
    assert held(project, item, one, side)[0] is None


def test_one_that_no_longer_changes_keeps_the_first_value(project: Project) -> None:
    item = add_clip(project)
    one, side = add_object(project, item), add(project, SIDE)
    say(project, one, side, 1, "far")
    say(project, one, side, 3, "near")
    project.apply(ChangeAttribute(side, AttributeSpec("side", AttributeKind.CHOICE, ("near", "far"))))
    assert held(project, item, one, side) == ["far"] * 5


def test_names_are_told_apart_on_every_object(project: Project) -> None:
    dog, cat = add_label(project, "dog"), add_label(project, "cat")
    add(project, AttributeSpec("breed"), dog)
    add(project, AttributeSpec(" breed "), cat)
    assert {row.name for row in project.attributes()} == {"breed"}
    for label, name in ((None, "breed"), (dog, "breed"), (dog, " ")):
        with pytest.raises(DocError):
            add(project, AttributeSpec(name), label)
    colour = add(project, AttributeSpec("colour"))
    with pytest.raises(DocError, match="an attribute colour already"):
        add(project, AttributeSpec("colour"), dog)
    with pytest.raises(DocError, match="an attribute breed already"):
        project.apply(ChangeAttribute(colour, AttributeSpec("breed")))


def test_order_and_deletion(project: Project) -> None:
    item = add_clip(project)
    one = add_object(project, item)
    first, second, third = (add(project, AttributeSpec(name)) for name in "abc")
    project.apply(MoveAttribute(third, 0))
    assert [row.id for row in project.attributes()] == [third, first, second]
    say(project, one, second, 0, "x")
    project.apply(DeleteAttribute(second))
    assert project.attribute_values(item) == ()
    project.undo()
    assert [row.value for row in project.attribute_values(item)] == ["x"]


def test_a_default_must_be_one_of_the_values(project: Project) -> None:
    add(project, AttributeSpec("a", AttributeKind.NUMBER, default="3"))
    add(project, AttributeSpec("b", AttributeKind.NUMBER, default="three"))
    add(project, AttributeSpec("c", AttributeKind.TEXT, ("x",), "y"))
    assert [row.default for row in project.attributes()] == [3.0, None, "y"]
    assert project.attributes()[2].choices == ()
