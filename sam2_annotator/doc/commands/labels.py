"""Class names."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace

from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import LabelRow
from sam2_annotator.errors import DocError
from sam2_annotator.values.ids import LabelId
from sam2_annotator.values.palette import colour


def clean_name(text: str) -> str:
    """A typed name as it is kept: NFC, single spaces, none at the ends. Raises DocError when nothing is left."""
    name = " ".join(unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8")).split())
    if not name:
        raise DocError("A label needs a name.", hint="Type at least one letter.")
    return name


@dataclass(frozen=True, slots=True)
class AddLabel:
    """A new label; it gets the lowest digit that is free as its shortcut."""

    name: str

    @property
    def title(self) -> str:
        """What the Edit menu calls it."""
        return f"Add label {self.name}"

    def apply(self, edit: Edit) -> None:
        """Write the row."""
        name = clean_name(self.name)
        _check_free(edit, name)
        taken = {row.shortcut for row in edit.find(LabelRow)}
        shortcut = next((digit for digit in range(1, 10) if digit not in taken), None)
        number = LabelId(edit.new_id(LabelRow))
        position = 1 + max((row.position for row in edit.find(LabelRow)), default=0)
        edit.put(LabelRow(number, name, colour(number), shortcut, position))


@dataclass(frozen=True, slots=True)
class RenameLabel:
    """A label gets another name everywhere."""

    label: LabelId
    name: str

    @property
    def title(self) -> str:
        """What the Edit menu calls it."""
        return f"Rename label to {self.name}"

    def apply(self, edit: Edit) -> None:
        """Write the row."""
        row = edit.require(LabelRow, self.label)
        name = clean_name(self.name)
        if name != row.name:
            _check_free(edit, name)
            edit.put(replace(row, name=name))


def _check_free(edit: Edit, name: str) -> None:
    if edit.find(LabelRow, name=name):
        raise DocError(f"There is a label {name} already.", hint="Choose another name.")
