"""Where a small window lies over the canvas so that it hides nothing a person looks at."""

from __future__ import annotations

from dataclasses import dataclass

_MARGIN = 12

Rect = tuple[float, float, float, float]  # x0, y0, x1, y1 in canvas px
Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class StripPlace:
    """Left upper corner, and whether the strip stands upright."""

    x: int
    y: int
    upright: bool = False


def place_strip(canvas: Size, picture: Rect, keep_clear: Rect, *, flat: Size, upright: Size) -> StripPlace:
    """Beside the picture where there is room: right, left (standing), above, below (lying). Else over the corner of
    the picture that covers least of `keep_clear`, the upper right one first.
    """
    width, height = canvas
    x0, y0, x1, y1 = picture
    room = 2 * _MARGIN
    top, right = _MARGIN, width - upright[0] - _MARGIN
    if height >= upright[1] + room:
        if width - x1 >= upright[0] + room:
            return StripPlace(right, top, upright=True)
        if x0 >= upright[0] + room:
            return StripPlace(_MARGIN, top, upright=True)
    right = max(_MARGIN, width - flat[0] - _MARGIN)
    bottom = max(_MARGIN, height - flat[1] - _MARGIN)
    if y0 >= flat[1] + room:
        return StripPlace(right, top)
    if height - y1 >= flat[1] + room:
        return StripPlace(right, bottom)
    corners = [(right, top), (_MARGIN, top), (right, bottom), (_MARGIN, bottom)]
    x, y = min(corners, key=lambda c: _overlap((*c, c[0] + flat[0], c[1] + flat[1]), keep_clear))
    return StripPlace(x, y)


def around(a: Rect, b: Rect) -> Rect:
    """The smallest rectangle holding both."""
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


def _overlap(a: Rect, b: Rect) -> float:
    width, height = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return max(0.0, width) * max(0.0, height)
