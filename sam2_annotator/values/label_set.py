"""A label set as a value: what is exchanged between projects."""

from __future__ import annotations

from dataclasses import dataclass

from sam2_annotator.values.attributes import AttributeSpec
from sam2_annotator.values.palette import RGB


@dataclass(frozen=True, slots=True)
class LabelSpec:
    """One label; None for what the project is to choose."""

    name: str
    colour: RGB | None = None
    shortcut: int | None = None
    attributes: tuple[AttributeSpec, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelSet:
    """Labels in the order of the list, the attributes of objects of every label, and the label new objects get."""

    labels: tuple[LabelSpec, ...] = ()
    attributes: tuple[AttributeSpec, ...] = ()
    default: str | None = None
