"""Kinds of attributes and what their values are."""

from enum import Enum

AttributeValue = bool | float | str


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
