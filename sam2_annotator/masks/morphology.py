"""What a person does to the shape of one mask: fill, clean, grow, smooth, take apart, move.

All work on the mask's box alone, padded as far as the operation reaches. Set pixels hang together by edges and corners
(8-connected), so a hair one pixel wide stays one part whichever way it runs; what is not set hangs together by edges
alone (4-connected), so that such a hair also closes a hole. What lies beyond the frame's edge is taken to go on as it
is at the edge: an object cut by the picture does not shrink away from it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from sam2_annotator.masks import boxes, rle
from sam2_annotator.values.mask import Mask

Pixels = NDArray[np.bool_]
Labels = NDArray[np.int32]


# ------------------------------------------------------------------------------------------- holes and parts


def fill_holes(mask: Mask, max_area: int | None = None) -> Mask:
    """With holes of at most `max_area` pixels set, all of them for None. A bay open to the frame's edge is no hole."""
    if not mask or (max_area is not None and max_area < 1):
        return mask
    outside = ~np.pad(rle.crop(mask), 1)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(outside.view(np.uint8), connectivity=4)
    if count == 2:  # what is set, and the outside
        return mask
    filled = np.ones(count, dtype=bool) if max_area is None else stats[:, cv2.CC_STAT_AREA] <= max_area
    filled[labels[0, 0]] = False  # the padding is outside
    filled[0] = True  # what is set
    return _within_frame(mask, filled[labels], mask.box[0] - 1, mask.box[1] - 1)


def remove_specks(mask: Mask, max_area: int) -> Mask:
    """Without parts of at most `max_area` pixels. The largest part stays: cleaning never makes an object vanish."""
    if not mask or max_area < 1:
        return mask
    labels, stats = _parts(mask)
    if len(stats) <= 2:  # what is not set, and the only part
        return mask
    kept = stats[:, cv2.CC_STAT_AREA] > max_area
    kept[_largest_first(stats)[0]] = True
    kept[0] = False
    return _within_frame(mask, kept[labels], *mask.box[:2])


def keep_largest(mask: Mask) -> Mask:
    """The largest part alone; of equal ones the topmost, then the leftmost."""
    return remove_specks(mask, mask.area)


def parts(mask: Mask) -> tuple[Mask, ...]:
    """The parts as masks of their own, the largest first, equal ones from the top down. An empty mask has none."""
    if not mask:
        return ()
    labels, stats = _parts(mask)
    left, top = mask.box[:2]
    found = []
    for part in _largest_first(stats):
        x, y, width, height = stats[part, :4].tolist()
        pixels = labels[y : y + height, x : x + width] == part
        found.append(_within_frame(mask, pixels, left + x, top + y))
    return tuple(found)


def _parts(mask: Mask) -> tuple[Labels, Labels]:
    """The part each pixel of the box belongs to, from 1 on, and OpenCV's statistics of every part."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(rle.crop(mask).view(np.uint8), connectivity=8)
    return labels.astype(np.int32, copy=False), stats.astype(np.int32, copy=False)


def _largest_first(stats: Labels) -> list[int]:
    x, y, area = stats[1:, cv2.CC_STAT_LEFT], stats[1:, cv2.CC_STAT_TOP], stats[1:, cv2.CC_STAT_AREA]
    return [1 + int(place) for place in np.lexsort((x, y, -area))]


# ------------------------------------------------------------------------------------------------- outline


def grow(mask: Mask, pixels: int) -> Mask:
    """With everything set that is at most `pixels` from the mask, by a round brush; a negative number shrinks it.

    Shrinking takes away what is at most that far from a pixel that is not set; nothing may be left.
    """
    box = _padded(mask, abs(pixels))
    if box is None or pixels == 0:
        return mask
    view = rle.within(mask, box)
    grown = _distance(view) <= pixels if pixels > 0 else _distance(~view) > -pixels
    return _within_frame(mask, grown, *box[:2])


def smooth(mask: Mask, radius: int) -> Mask:
    """Each pixel as most of the square of side 2 x `radius` + 1 around it: detail finer than the radius goes."""
    box = _padded(mask, radius)
    if box is None or radius < 1:
        return mask
    view = rle.within(mask, box)
    padded = np.pad(view, radius, mode="edge").view(np.uint8)
    size = 2 * radius + 1
    counts = cv2.boxFilter(padded, cv2.CV_32S, (size, size), normalize=False, borderType=cv2.BORDER_CONSTANT)
    inner = counts[radius : radius + view.shape[0], radius : radius + view.shape[1]]
    return _within_frame(mask, inner * 2 > size * size, *box[:2])


def _distance(pixels: Pixels) -> NDArray[np.float32]:
    """Distance of every pixel to the nearest one that is set, between centres; infinite when none is."""
    if not pixels.any():
        return np.full(pixels.shape, np.inf, dtype=np.float32)
    distance = cv2.distanceTransform((~pixels).view(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return distance.astype(np.float32, copy=False)


# --------------------------------------------------------------------------------------------------- place


def moved(mask: Mask, dx: int, dy: int) -> Mask:
    """Moved by whole pixels to the right and down; what leaves the frame is cut off."""
    x0, y0, x1, y1 = mask.box
    box = x0 + dx, y0 + dy, x1 + dx, y1 + dy
    if not mask:
        return mask
    if box[0] >= 0 and box[1] >= 0 and box[2] <= mask.width and box[3] <= mask.height:
        return Mask(mask.height, mask.width, box, mask.counts, mask.area)
    return rle.place(rle.crop(mask), left=box[0], top=box[1], height=mask.height, width=mask.width)


def resized(mask: Mask, height: int, width: int) -> Mask:
    """At the same relative place of a frame of another size: each pixel as the old one its centre falls in.

    Thin parts may be lost on the way to a smaller frame. Raises ValueError for a size that no mask may have.
    """
    if (height, width) == (mask.height, mask.width):
        return mask
    if not mask:
        return rle.empty(height, width)
    x0, y0, x1, y1 = mask.box
    columns, left = _sources(x0, x1, mask.width, width)
    rows, top = _sources(y0, y1, mask.height, height)
    if not columns.size or not rows.size:
        return rle.empty(height, width)
    return rle.place(rle.crop(mask)[np.ix_(rows, columns)], left=left, top=top, height=height, width=width)


def _sources(start: int, end: int, old: int, new: int) -> tuple[NDArray[np.int64], int]:
    """For the new pixels whose centres fall into old ones start..end - 1: those, from 0 = start; and the first new."""
    source = (2 * np.arange(new, dtype=np.int64) + 1) * old // (2 * new)
    inside = np.flatnonzero((source >= start) & (source < end))
    return source[inside] - start, int(inside[0]) if inside.size else 0


# --------------------------------------------------------------------------------------------------- boxes


def _padded(mask: Mask, margin: int) -> boxes.PixelBox | None:
    """The mask's box with a margin as far as the frame goes; None for an empty mask."""
    if not mask:
        return None
    x0, y0, x1, y1 = mask.box
    return boxes.intersection((x0 - margin, y0 - margin, x1 + margin, y1 + margin), (0, 0, mask.width, mask.height))


def _within_frame(mask: Mask, pixels: Pixels, left: int, top: int) -> Mask:
    return rle.place(pixels, left=left, top=top, height=mask.height, width=mask.width)
