"""A whole label set, taken over from a file or another project."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sam2_annotator.doc.commands.attributes import NewAttributes, cleaned, taken_name
from sam2_annotator.doc.commands.labels import NewLabels, clean_name, set_default_label
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import AttributeRow, LabelRow
from sam2_annotator.values.attributes import AttributeSpec
from sam2_annotator.values.ids import LabelId
from sam2_annotator.values.label_set import LabelSet


@dataclass(frozen=True, slots=True)
class ImportLabels:
    """Labels and attributes the project lacks are added; those it has, by name, keep what they are.

    A label it has gets the colour of the set, and attributes it lacks.
    """

    labels: LabelSet
    title: str = "Import labels"

    def apply(self, edit: Edit) -> None:
        """Write the rows."""
        new_labels, new_attributes = NewLabels(edit), NewAttributes(edit)
        for attribute in self.labels.attributes:
            _merge_attribute(edit, new_attributes, None, attribute)
        for spec in self.labels.labels:
            name = clean_name(spec.name)
            known = next(iter(edit.find(LabelRow, name=name)), None)
            if known is None:
                known = new_labels.add(name, spec.colour, spec.shortcut)
            elif spec.colour is not None:
                edit.put(replace(known, colour=spec.colour))
            for attribute in spec.attributes:
                _merge_attribute(edit, new_attributes, known.id, attribute)
        if self.labels.default is not None:
            for row in edit.find(LabelRow, name=clean_name(self.labels.default)):
                set_default_label(edit, row.id)


def _merge_attribute(edit: Edit, new: NewAttributes, label: LabelId | None, spec: AttributeSpec) -> None:
    """Add an attribute unless objects of the label, or for None any objects, have one of its name."""
    wanted = cleaned(spec)
    if not taken_name(edit.find(AttributeRow, name=wanted.name), wanted.name, label):
        new.add(label, wanted)
