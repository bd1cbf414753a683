"""Notes and own colours."""

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import SetColour, SetNote
from support.documents import add_clip, add_object


def test_objects_get_a_note_and_a_colour_and_lose_them(project: Project) -> None:
    item = add_clip(project)
    objects = add_object(project, item), add_object(project, item)
    project.apply(SetNote(objects, "  occluded \ud800 "))
    project.apply(SetColour(objects, (1, 2, 255)))
    assert {(row.note, row.colour) for row in project.objects(item)} == {("occluded ?", (1, 2, 255))}
    project.apply(SetNote(objects, " "))
    project.apply(SetColour(objects, None))
    assert {(row.note, row.colour) for row in project.objects(item)} == {("", None)}
    with pytest.raises(ValueError, match="256"):
        project.apply(SetColour(objects, (256, 0, 0)))
