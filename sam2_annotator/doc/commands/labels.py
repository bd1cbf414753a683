"""Labels: made, renamed, merged, deleted, coloured, put in order and on keys."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sam2_annotator.doc.commands.attributes import delete_attribute, move_attribute
from sam2_annotator.doc.commands.base import single_spaced
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import AttributeRow, LabelRow, ObjectRow, SettingRow
from sam2_annotator.errors import DocError
from sam2_annotator.values.ids import LabelId
from sam2_annotator.values.palette import RGB, colour

DEFAULT_LABEL = "default_label"  # name of the setting


def clean_name(text: str) -> str:
    """A typed name as it is kept, see `single_spaced`. Raises DocError when nothing is left."""
    name = single_spaced(text).rstrip()
    if not name:
        raise DocError("A label needs a name.", hint="Type at least one letter.")
    return name


@dataclass(frozen=True, slots=True)
class AddLabel:
    """A new label at the end of the list; without a shortcut, or with a taken one, it gets the lowest free digit."""

    name: str
    colour: RGB | None = None
    shortcut: int | None = None

    @property
    def title(self) -> str:
        """What the Edit menu calls it."""
        return f"Add label {self.name}"

    def apply(self, edit: Edit) -> None:
        """Write the row."""
        name = clean_name(self.name)
        _check_free(edit, name)
        NewLabels(edit).add(name, self.colour, self.shortcut)


@dataclass(frozen=True, slots=True)
class RenameLabel:
    """A label gets another name everywhere. Raises DocError for the name of another one: that is a merge."""

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


@dataclass(frozen=True, slots=True)
class MergeLabels:
    """Objects of these labels get the label `into`, and the labels go.

    What was said of the objects stays where `into` has an attribute of the same name that can hold it; attributes
    `into` lacks go over to it.
    """

    labels: tuple[LabelId, ...]
    into: LabelId
    title: str = "Merge labels"

    def apply(self, edit: Edit) -> None:
        """Write the rows."""
        edit.require(LabelRow, self.into)
        for label in self.labels:
            if label == self.into:
                continue
            row = edit.require(LabelRow, label)
            for attribute in edit.find(AttributeRow, label=label):
                move_attribute(edit, attribute, self.into)
            _delete_label(edit, row, self.into)


@dataclass(frozen=True, slots=True)
class DeleteLabel:
    """A label goes with its attributes; its objects become unlabelled."""

    label: LabelId
    title: str = "Delete label"

    def apply(self, edit: Edit) -> None:
        """Write the rows."""
        row = edit.require(LabelRow, self.label)
        for attribute in edit.find(AttributeRow, label=self.label):
            delete_attribute(edit, attribute)
        _delete_label(edit, row, None)


@dataclass(frozen=True, slots=True)
class SetLabelColour:
    """A label gets another colour."""

    label: LabelId
    colour: RGB
    title: str = "Colour label"

    def apply(self, edit: Edit) -> None:
        """Write the row."""
        if len(self.colour) != 3 or not all(0 <= part <= 255 for part in self.colour):
            raise ValueError(f"a colour of {self.colour}")
        edit.put(replace(edit.require(LabelRow, self.label), colour=self.colour))


@dataclass(frozen=True, slots=True)
class SetLabelShortcut:
    """A label gets a digit 1..9, or none; the label that had the digit gets the one this one had."""

    label: LabelId
    shortcut: int | None
    title: str = "Change key of label"

    def apply(self, edit: Edit) -> None:
        """Write the rows."""
        if self.shortcut is not None and not 1 <= self.shortcut <= 9:
            raise ValueError(f"the digit {self.shortcut}")
        row = edit.require(LabelRow, self.label)
        if self.shortcut is not None:
            for holder in edit.find(LabelRow, shortcut=self.shortcut):
                edit.put(replace(holder, shortcut=row.shortcut))
        edit.put(replace(row, shortcut=self.shortcut))


@dataclass(frozen=True, slots=True)
class MoveLabel:
    """A label goes to this place of the list, counted from 0 as the list is without it; beyond the end, to the end."""

    label: LabelId
    place: int
    title: str = "Move label"

    def apply(self, edit: Edit) -> None:
        """Write the rows whose place changes."""
        row = edit.require(LabelRow, self.label)
        rows = sorted(edit.find(LabelRow), key=lambda one: (one.position, one.id))
        rows.remove(row)
        rows.insert(min(max(self.place, 0), len(rows)), row)
        for position, one in enumerate(rows):
            edit.put(replace(one, position=position))


@dataclass(frozen=True, slots=True)
class SetDefaultLabel:
    """The label new objects of this project begin with, None for the one used last."""

    label: LabelId | None
    title: str = "Change label of new objects"

    def apply(self, edit: Edit) -> None:
        """Write the setting."""
        set_default_label(edit, self.label)


LabelChange = (
    AddLabel | RenameLabel | MergeLabels | DeleteLabel | SetLabelColour | SetLabelShortcut | MoveLabel | SetDefaultLabel
)


class NewLabels:
    """Adds labels at the end of the list; reads the ones there are once, however many come."""

    def __init__(self, edit: Edit) -> None:
        rows = edit.find(LabelRow)
        taken = {row.shortcut for row in rows}
        self._edit = edit
        self._free = [digit for digit in range(1, 10) if digit not in taken]
        self._position = max((row.position for row in rows), default=-1)

    def add(self, name: str, own: RGB | None, wanted: int | None) -> LabelRow:
        """Write a label whose clean name is free."""
        shortcut = wanted if wanted in self._free else next(iter(self._free), None)
        if shortcut is not None:
            self._free.remove(shortcut)
        self._position += 1
        number = LabelId(self._edit.new_id(LabelRow))
        row = LabelRow(number, name, own or colour(number), shortcut, self._position)
        self._edit.put(row)
        return row


def set_default_label(edit: Edit, label: LabelId | None) -> None:
    """Write or take away the setting."""
    if label is not None:
        edit.require(LabelRow, label)
        edit.put(SettingRow(DEFAULT_LABEL, label))
    elif (row := edit.get(SettingRow, DEFAULT_LABEL)) is not None:
        edit.delete(row)


def _delete_label(edit: Edit, row: LabelRow, into: LabelId | None) -> None:
    edit.reassign(ObjectRow, "label", row.id, into)
    setting = edit.get(SettingRow, DEFAULT_LABEL)
    if setting is not None and setting.value == row.id:
        set_default_label(edit, into)
    edit.delete(row)


def _check_free(edit: Edit, name: str) -> None:
    if edit.find(LabelRow, name=name):
        raise DocError(f"There is a label {name} already.", hint="Choose another name.")
