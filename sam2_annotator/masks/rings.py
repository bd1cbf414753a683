"""Outlines for editing by hand: few vertices to drag, and the exact edge kept wherever nothing was dragged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from sam2_annotator.masks import contour, raster, rle, runs
from sam2_annotator.values.drawing import Place
from sam2_annotator.values.mask import Mask

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ring:
    """One closed loop of an outline.

    `exact` runs along the pixels' edges. `points` are the vertices shown, none once the ring was taken away; from
    vertex i to the next one the ring follows `exact` over `stretches[i]`, or is straight where that is None.
    """

    exact: tuple[Place, ...]
    points: tuple[Place, ...]
    stretches: tuple[Stretch | None, ...]
    hole: bool

    @property
    def touched(self) -> bool:
        """True once a vertex was moved, made or taken away."""
        return not self.points or None in self.stretches

    def moved(self, index: int, to: Place) -> Ring:
        """With vertex `index` elsewhere."""
        return self._replaced(index, index + 1, (to,))

    def inserted(self, index: int, at: Place) -> Ring:
        """With a new vertex before vertex `index`."""
        return self._replaced(index, index, (at,))

    def removed(self, index: int) -> Ring:
        """Without vertex `index`; a ring of fewer than three goes."""
        fewer = self._replaced(index, index + 1, ())
        return fewer if len(fewer.points) >= 3 else replace(fewer, points=(), stretches=())

    def line(self) -> tuple[Place, ...]:
        """The ring as it is now."""
        line: list[Place] = []
        for point, stretch in zip(self.points, self.stretches, strict=True):
            line.append(point)
            if stretch is not None:
                start, end = stretch
                line += self.exact[start + 1 : end] if start < end else self.exact[start + 1 :] + self.exact[:end]
        return tuple(line)

    def _replaced(self, start: int, end: int, points: tuple[Place, ...]) -> Ring:
        """Other vertices in place of those from `start` to `end`; straight lines lead to them and on."""
        stretches = [*self.stretches[:start], *(None,) * len(points), *self.stretches[end:]]
        if stretches:
            stretches[start - 1] = None
        return replace(self, points=(*self.points[:start], *points, *self.points[end:]), stretches=tuple(stretches))


def rings(mask: Mask, tolerance: float) -> tuple[Ring, ...]:
    """The outline of a mask; its vertices' straight lines leave the pixels' edges by `tolerance` px at most."""
    return tuple(_ring(loop, tolerance) for loop in contour.outline(mask))


def reshape(mask: Mask, changes: Sequence[tuple[Sequence[Place], Sequence[Place]]]) -> Mask:
    """The mask after rings of its outline, each as it was and as it is, were changed.

    A pixel is set when more outer rings than holes go around it. What no changed ring goes around stays as it is; a
    ring that is empty afterwards is gone.
    """
    size = {"height": mask.height, "width": mask.width}
    places, turns = [rle.edges(mask)], [_up_and_down(rle.edges(mask))]
    for before, after in changes:
        sign = 1 if _signed_area(before) > 0 else -1
        for ring, weight in ((before, -sign), (after, sign)):
            edges = rle.edges(raster.polygon([ring], **size)) if len(ring) >= 3 else runs.NONE
            places.append(edges)
            turns.append(weight * _up_and_down(edges))
    return rle.of_edges(runs.covered(np.concatenate(places), np.concatenate(turns)), **size)


def _ring(loop: contour.Loop, tolerance: float) -> Ring:
    exact = tuple((float(x), float(y)) for x, y in loop.tolist())
    corners = _corners(loop, tolerance)
    stretches = tuple(zip(corners, [*corners[1:], corners[0]], strict=True))
    return Ring(exact, tuple(exact[i] for i in corners), stretches, hole=_signed_area(exact) < 0)


def _corners(loop: contour.Loop, tolerance: float) -> list[int]:
    """Places in the loop, rising, of the vertices that stay; three at least."""
    kept = cv2.approxPolyDP(loop.reshape(-1, 1, 2), tolerance, True).reshape(-1, 2).tolist()
    if len(kept) < 3:
        return list(range(len(loop)))
    points = loop.tolist()
    for start in (i for i, point in enumerate(points) if point == kept[0]):
        found, place = [], start
        for point in kept:
            while place < start + len(points) and points[place % len(points)] != point:
                place += 1
            found.append(place)
            place += 1
        if found[-1] < start + len(points):
            return sorted(place % len(points) for place in found)
    return list(range(len(loop)))  # pragma: no cover


def _signed_area(ring: Sequence[Place]) -> float:
    """Twice the area, above 0 for a ring that runs clockwise on the screen."""
    x, y = np.asarray(ring, np.float64).reshape(-1, 2).T
    return float((x * np.roll(y, -1) - y * np.roll(x, -1)).sum())


def _up_and_down(edges: runs.Edges) -> runs.Ints:
    turns = np.ones(edges.size, np.int64)
    turns[1::2] = -1
    return turns
