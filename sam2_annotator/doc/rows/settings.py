"""Rows of settings that belong to a project because they change its results."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from sam2_annotator.doc.rows.base import LoadMask, Row, Value, text


@dataclass(frozen=True, slots=True)
class SettingRow(Row):
    """One setting by name; a name without a row has its default."""

    name: str
    value: bool | float | str

    TABLE: ClassVar[str] = "setting"
    KEY: ClassVar[tuple[str, ...]] = ("name",)
    COLUMNS: ClassVar[tuple[str, ...]] = ("name", "value")

    def values(self) -> tuple[Value, ...]:
        """Column values, see Row."""
        return (self.name, json.dumps(self.value))

    @classmethod
    def from_values(cls, values: Sequence[Value], load_mask: LoadMask) -> Self:
        """The row of column values, see Row."""
        name, value = values
        found = json.loads(text(value))
        if not isinstance(found, bool | int | float | str):
            raise TypeError(f"a setting was expected, not {value!r:.40}")
        return cls(text(name), found)
