"""Boxes, handles and distances that several tools share. Distances in image px unless said otherwise."""

from __future__ import annotations

import math
from enum import Flag, auto

from sam2_annotator.tools.base import DRAG_DISTANCE, Cursor, PointerEvent, ToolContext
from sam2_annotator.values.prompt import Box, Point, PromptSet

POINT_REACH = 8.0  # screen px around the centre of a point's glyph
EDGE_REACH = 5.0  # screen px on both sides of a box edge
CORNER_REACH = 8.0  # screen px around a box corner


class Edge(Flag):
    """Edges of a box that a drag moves; two at a corner."""

    NONE = 0
    LEFT = auto()
    TOP = auto()
    RIGHT = auto()
    BOTTOM = auto()


def is_inside(x: float, y: float, size: tuple[int, int]) -> bool:
    """True when the point lies on a pixel of an image of (width, height)."""
    return 0 <= x < size[0] and 0 <= y < size[1]


def clamp_to_image(x: float, y: float, size: tuple[int, int]) -> tuple[float, float]:
    """The nearest place that lies on a pixel; size (width, height)."""
    return _clamp(x, math.nextafter(size[0], 0)), _clamp(y, math.nextafter(size[1], 0))


def span(x0: float, y0: float, x1: float, y1: float, *, size: tuple[int, int], centred: bool = False) -> Box | None:
    """The box with these opposite corners, cut to an image of (width, height); None when nothing is left.

    `centred` takes (x0, y0) as the centre instead.
    """
    if centred:
        x0, y0 = 2 * x0 - x1, 2 * y0 - y1
    left, right = sorted((_clamp(x0, size[0]), _clamp(x1, size[0])))
    top, bottom = sorted((_clamp(y0, size[1]), _clamp(y1, size[1])))
    return Box(left, top, right, bottom) if left < right and top < bottom else None


def is_drag(press: PointerEvent, event: PointerEvent) -> bool:
    """True once the pointer has left the place of the press by DRAG_DISTANCE on the screen."""
    return math.hypot(event.screen_x - press.screen_x, event.screen_y - press.screen_y) >= DRAG_DISTANCE


def point_at(prompts: PromptSet, x: float, y: float, scale: float) -> int | None:
    """Index of the point whose glyph is nearest and in reach, the later one of equals."""
    reach = POINT_REACH / scale
    near = [(math.hypot(p.x - x, p.y - y), -i) for i, p in enumerate(prompts.points)]
    distance, negative_index = min(near, default=(math.inf, 0))
    return -negative_index if distance <= reach else None


def edges_at(box: Box | None, x: float, y: float, scale: float) -> Edge:
    """Edges of the box in reach of the pointer: one, two at a corner, or none."""
    if box is None:
        return Edge.NONE
    return _edges_within(box, x, y, CORNER_REACH / scale, corners=True) or _edges_within(
        box, x, y, EDGE_REACH / scale, corners=False
    )


def _edges_within(box: Box, x: float, y: float, reach: float, *, corners: bool) -> Edge:
    if not (box.x0 - reach <= x <= box.x1 + reach and box.y0 - reach <= y <= box.y1 + reach):
        return Edge.NONE
    across = Edge.LEFT if abs(x - box.x0) <= abs(x - box.x1) else Edge.RIGHT
    along = Edge.TOP if abs(y - box.y0) <= abs(y - box.y1) else Edge.BOTTOM
    by_x = min(abs(x - box.x0), abs(x - box.x1)) <= reach
    by_y = min(abs(y - box.y0), abs(y - box.y1)) <= reach
    if corners:
        return across | along if by_x and by_y else Edge.NONE
    return across if by_x else along if by_y else Edge.NONE


def stretch(box: Box, edges: Edge, x: float, y: float, *, size: tuple[int, int]) -> Box | None:
    """The box with these edges moved to (x, y); crossing the opposite edge turns it over. None when it has no area."""
    x0, x1 = (x if Edge.LEFT in edges else box.x0), (x if Edge.RIGHT in edges else box.x1)
    y0, y1 = (y if Edge.TOP in edges else box.y0), (y if Edge.BOTTOM in edges else box.y1)
    return span(x0, y0, x1, y1, size=size)


def move_point(prompts: PromptSet, index: int, x: float, y: float) -> tuple[Point, ...]:
    """The points with point `index` at a new place."""
    points = list(prompts.points)
    points[index] = Point(x, y, points[index].positive)
    return tuple(points)


def edge_cursor(edges: Edge) -> Cursor:
    """The pointer shape that shows which way a drag of these edges goes."""
    match edges:
        case Edge.NONE:
            return Cursor.CROSS
        case Edge.LEFT | Edge.RIGHT:
            return Cursor.SIZE_HORIZONTAL
        case Edge.TOP | Edge.BOTTOM:
            return Cursor.SIZE_VERTICAL
    diagonal_down = edges in (Edge.LEFT | Edge.TOP, Edge.RIGHT | Edge.BOTTOM)
    return Cursor.SIZE_DIAGONAL_DOWN if diagonal_down else Cursor.SIZE_DIAGONAL_UP


def reach_of_drag(context: ToolContext) -> float:
    """DRAG_DISTANCE as a distance in the image, for gestures during which the view may move."""
    return DRAG_DISTANCE / context.scale


def _clamp(value: float, high: float) -> float:
    return min(max(value, 0.0), high)
