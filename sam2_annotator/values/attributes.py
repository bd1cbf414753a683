"""Kinds of attributes, what their values are, and how a value goes over into another kind."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

AttributeValue = bool | float | str

_YES, _NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})


class AttributeKind(Enum):
    """FLAG: yes or no. CHOICE: one of given words. NUMBER: a finite number. TEXT: free text."""

    FLAG = "flag"
    CHOICE = "choice"
    NUMBER = "number"
    TEXT = "text"

    def takes(self, value: AttributeValue, choices: tuple[str, ...] = ()) -> bool:
        """True when a value is of this kind; a CHOICE takes its `choices` alone."""
        match self:
            case AttributeKind.FLAG:
                return isinstance(value, bool)
            case AttributeKind.NUMBER:
                return isinstance(value, float) and value - value == 0.0
            case AttributeKind.CHOICE:
                return isinstance(value, str) and value in choices
            case AttributeKind.TEXT:
                return isinstance(value, str)


@dataclass(frozen=True, slots=True)
class AttributeSpec:
    """What is asked of every object: its name and what values it takes.

    `choices` are the words of a CHOICE. `default` holds where nothing was said, None for nothing. With `per_frame` a
    value holds from its frame until the next one; otherwise it is the same on all frames.
    """

    name: str
    kind: AttributeKind = AttributeKind.TEXT
    choices: tuple[str, ...] = ()
    default: AttributeValue | None = None
    per_frame: bool = False


def value_text(value: AttributeValue) -> str:
    """A value as words, the same in every language: yes, no, 3, 0.5, or the text itself."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.15g}" if isinstance(value, float) else value


def converted(value: AttributeValue, spec: AttributeSpec) -> AttributeValue | None:
    """The value as one of `spec`'s kind, None where it has no counterpart there."""
    if spec.kind.takes(value, spec.choices):
        return value
    words = value_text(value)
    match spec.kind:
        case AttributeKind.FLAG:
            said = words.strip().lower()
            return True if said in _YES else False if said in _NO else None
        case AttributeKind.NUMBER:
            return float(value) if isinstance(value, bool) else number_in(words)
        case AttributeKind.CHOICE:
            return words if words in spec.choices else None
        case AttributeKind.TEXT:
            return words


def number_in(text: str) -> float | None:
    """The finite number a text says, with a point or a comma; None for anything else."""
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def renamed_choices(before: tuple[str, ...], after: tuple[str, ...]) -> Mapping[str, str]:
    """Words of a CHOICE that only changed their spelling: one new word alone in the place of an old one."""
    if len(before) != len(after):
        return {}
    differing = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    return dict(differing) if len(differing) == 1 and differing[0][1] not in before else {}
