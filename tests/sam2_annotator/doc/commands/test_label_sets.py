"""A label set from elsewhere is added to what is there."""

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddAttribute, ImportLabels
from sam2_annotator.doc.commands.labels import DEFAULT_LABEL
from sam2_annotator.values.attributes import AttributeKind, AttributeSpec
from sam2_annotator.values.label_set import LabelSet, LabelSpec
from support.documents import add_label

BREED, TRUNCATED = AttributeSpec("breed"), AttributeSpec("truncated", AttributeKind.FLAG, default=False)


def test_labels_are_matched_by_name_in_one_step(project: Project) -> None:
    dog = add_label(project, "dog")
    project.apply(AddAttribute(dog, AttributeSpec("breed", AttributeKind.NUMBER)))
    wanted = LabelSet(
        (LabelSpec("dog", (9, 9, 9), 4, (BREED, TRUNCATED)), LabelSpec(" cat ", shortcut=1)), (BREED,), "cat"
    )
    project.apply(ImportLabels(wanted))
    assert [(row.name, row.shortcut) for row in project.labels()] == [("dog", 1), ("cat", 2)]
    assert project.labels()[0].colour == (9, 9, 9)
    told = [(row.label, row.name, row.kind) for row in project.attributes()]
    assert told == [(dog, "breed", AttributeKind.NUMBER), (dog, "truncated", AttributeKind.FLAG)]
    assert project.setting(DEFAULT_LABEL).value == project.labels()[1].id
    assert not project.apply(ImportLabels(wanted))
    project.undo()
    assert [row.name for row in project.labels()] == ["dog"]
