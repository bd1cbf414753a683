"""An object's own colour comes before all, then what the setting says."""

from dataclasses import replace
from pathlib import Path

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import SetLabelColour
from sam2_annotator.ui.object_looks import Looks, colour_of
from sam2_annotator.values.palette import COLOURS, RGB
from sam2_annotator.values.states import MaskState
from support.documents import add_label, add_object, add_picture

OWN, LABEL, GREY = (1, 2, 3), (9, 8, 7), (0xA6, 0xA6, 0xA6)
KEY = MaskState.KEY


@pytest.mark.parametrize(
    ("by", "labelled", "state", "expected"),
    [
        ("object", True, KEY, None),
        ("label", True, KEY, LABEL),
        ("label", False, KEY, GREY),
        ("state", True, KEY, COLOURS[1]),
        ("state", True, MaskState.PROPAGATED, COLOURS[0]),
        ("state", True, None, GREY),
    ],
)
def test_colours(tmp_path: Path, by: str, labelled: bool, state: MaskState | None, expected: RGB | None) -> None:
    with Project.open(tmp_path / "work.s2p") as project:
        label = add_label(project, "dog")
        project.apply(SetLabelColour(label, LABEL))
        number = add_object(project, add_picture(project), label if labelled else None)
        row = project.object(number)
        assert row is not None
        looks = Looks(project, by)
        assert looks.colour(row, state) == expected
        assert looks.mark(row, state) == (expected or COLOURS[0], 0)
        own = replace(row, colour=OWN, number=9)
        assert looks.colour(own, state) == OWN == colour_of(own)
        assert looks.mark(own, state) == (OWN, 0)
        assert Looks(project, "object").mark(replace(row, number=9), state) == (COLOURS[1], 1)
