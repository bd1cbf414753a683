"""Object colours: seven that stay apart under the common colour-vision deficiencies (Okabe & Ito, 2008)."""

from __future__ import annotations

RGB = tuple[int, int, int]

COLOURS: tuple[RGB, ...] = (
    (0xE6, 0x9F, 0x00),
    (0x56, 0xB4, 0xE9),
    (0x00, 0x9E, 0x73),
    (0xF0, 0xE4, 0x42),
    (0x00, 0x72, 0xB2),
    (0xD5, 0x5E, 0x00),
    (0xCC, 0x79, 0xA7),
)


def colour(number: int) -> RGB:
    """(r, g, b) of the object with this number, counted from 1. Depends on the number alone."""
    return COLOURS[(number - 1) % len(COLOURS)]


def ring(number: int) -> int:
    """How often the colours were used up before this number: 0 plain, 1 white casing, 2 double line, then again."""
    return (number - 1) // len(COLOURS) % 3
