"""What every row is, and column values with their types checked."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import blake2b
from typing import ClassVar, NewType, Self, TypeVar

from sam2_annotator.values.mask import Mask

MaskDigest = NewType("MaskDigest", str)
Value = str | int | float | None
LoadMask = Callable[[MaskDigest], Mask]


def digest_of(mask: Mask) -> MaskDigest:
    """Name of a mask's content: equal masks, and only they, have equal digests (128 bits, hexadecimal)."""
    head = f"{mask.height} {mask.width} {mask.box} ".encode("ascii")
    return MaskDigest(blake2b(head + mask.counts, digest_size=16).hexdigest())


class Row(ABC):
    """One line of a table. `PARENTS` maps columns to the tables whose ids they hold."""

    __slots__ = ()
    TABLE: ClassVar[str]
    KEY: ClassVar[tuple[str, ...]] = ("id",)
    COLUMNS: ClassVar[tuple[str, ...]]
    PARENTS: ClassVar[dict[str, str]] = {}
    DIGEST: ClassVar[str | None] = None  # the column that refers to a mask
    UNIQUE: ClassVar[str | None] = None  # the column in which no two rows are equal

    @abstractmethod
    def values(self) -> tuple[Value, ...]:
        """Column values in the order of COLUMNS."""

    @classmethod
    @abstractmethod
    def from_values(cls, values: Sequence[Value], load_mask: LoadMask) -> Self:
        """The row of these column values."""

    @classmethod
    def key_of(cls, values: Sequence[Value]) -> tuple[Value, ...]:
        """The key among column values."""
        return tuple([values[place] for place in _key_places(cls)])

    def new_masks(self) -> tuple[Mask, ...]:
        """Masks that must be stored for this row to be readable."""
        return ()


@cache
def _key_places(row_type: type[Row]) -> tuple[int, ...]:
    return tuple(row_type.COLUMNS.index(name) for name in row_type.KEY)


R = TypeVar("R", bound=Row)


def whole(value: Value) -> int:
    """A column that holds an integer."""
    if not isinstance(value, int):
        raise TypeError(f"a whole number was expected, not {value!r:.40}")
    return value


def whole_or_none(value: Value) -> int | None:
    """A column that holds an integer or nothing."""
    return None if value is None else whole(value)


def number_or_none(value: Value) -> float | None:
    """A column that holds a number or nothing."""
    if isinstance(value, str):
        raise TypeError(f"a number was expected, not {value!r:.40}")
    return None if value is None else float(value)


def place(value: object) -> float:
    """A coordinate in a JSON text, as it is there."""
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(f"a coordinate was expected, not {value!r:.40}")
    return value


def text(value: Value) -> str:
    """A column that holds text."""
    if not isinstance(value, str):
        raise TypeError(f"text was expected, not {value!r:.40}")
    return value


def text_or_none(value: Value) -> str | None:
    """A column that holds text or nothing."""
    return None if value is None else text(value)


def colour_text(colour: tuple[int, int, int]) -> str:
    """(r, g, b) as `#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*colour)


def colour(value: Value) -> tuple[int, int, int]:
    """A column that holds `#rrggbb`."""
    red, green, blue = bytes.fromhex(text(value)[1:])
    return red, green, blue
