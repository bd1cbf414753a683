"""Run-length masks: a strict codec of our own.

Run lengths go down the first column, then the next one, alternate between background and foreground and begin
with background (COCO). Canonical lengths sum up to the number of pixels and hold no zero but the first. A `Mask`
keeps the lengths of its box alone, so work and memory depend on the object's size and not on the frame's; whole
frames exist only as arithmetic on the lengths (`to_coco`, `from_coco`).

Everything that reads lengths treats them as hostile: it raises ValueError with a reason and allocates nothing
before the size is known to be sane.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sam2_annotator.masks import boxes, runs
from sam2_annotator.values.mask import Mask

Counts = NDArray[np.int64]

MAX_SIDE = 65535
MAX_PIXELS = 1 << 28
MAX_GROUPS = 13  # a 64-bit number takes 13 groups of five bits


# ------------------------------------------------------------------------------------- pixels and masks


def encode(array: ArrayLike) -> Mask:
    """The mask of a bool or integer (H, W) array; every pixel that is not zero is set."""
    pixels = np.asarray(array)
    if pixels.ndim != 2 or pixels.dtype.kind not in "bui":
        raise ValueError(
            f"a mask is a two-dimensional array of booleans or integers, not {pixels.dtype} {pixels.shape}"
        )
    height, width = _checked_size(pixels.shape)
    return _place(pixels if pixels.dtype == bool else pixels != 0, 0, 0, height, width)


def crop(mask: Mask) -> NDArray[np.bool_]:
    """Pixels of the mask's box, bool (h, w) with h = y1 - y0 and w = x1 - x0; (0, 0) for an empty mask."""
    x0, y0, x1, y1 = mask.box
    counts = check(mask)
    if counts.size == 0:
        return np.zeros((0, 0), dtype=bool)
    return _unpacked(counts, x1 - x0, y1 - y0)


def decode(mask: Mask) -> NDArray[np.bool_]:
    """Pixels of the whole frame, bool (H, W)."""
    pixels = crop(mask)
    frame = np.zeros((mask.height, mask.width), dtype=bool)
    x0, y0, x1, y1 = mask.box
    if pixels.size:
        frame[y0:y1, x0:x1] = pixels
    return frame


def empty(height: int, width: int) -> Mask:
    """The mask of a frame where nothing is set."""
    height, width = _checked_size((height, width))
    return Mask(height=height, width=width, box=boxes.EMPTY, counts=b"", area=0)


def place(pixels: NDArray[np.bool_], *, left: int, top: int, height: int, width: int) -> Mask:
    """The mask of a frame that has the bool (h, w) `pixels` with their corner at (left, top) and nothing elsewhere.

    What would lie beyond the frame's edges is left out.
    """
    height, width = _checked_size((height, width))
    rows = slice(max(0, -top), max(0, height - top))
    columns = slice(max(0, -left), max(0, width - left))
    return _place(pixels[rows, columns], max(left, 0), max(top, 0), height, width)


# ------------------------------------------------------------------------------------------- set algebra


def union(a: Mask, b: Mask) -> Mask:
    """Pixels set in either; both masks must be of one frame size."""
    return _combine(a, b, np.logical_or)


def intersect(a: Mask, b: Mask) -> Mask:
    """Pixels set in both; both masks must be of one frame size."""
    return _combine(a, b, np.logical_and)


def subtract(a: Mask, b: Mask) -> Mask:
    """Pixels set in `a` and not in `b`; both masks must be of one frame size."""
    return _combine(a, b, np.greater)


def difference(a: Mask, b: Mask) -> Mask:
    """Pixels set in exactly one of them; both masks must be of one frame size."""
    return _combine(a, b, np.logical_xor)


def within(mask: Mask, box: boxes.PixelBox) -> NDArray[np.bool_]:
    """Pixels of the mask inside a box of the frame, bool (y1 - y0, x1 - x0). Unpacks no other columns."""
    x0, y0, x1, y1 = box
    view = np.zeros((max(0, y1 - y0), max(0, x1 - x0)), dtype=bool)
    common = boxes.intersection(mask.box, box)
    if not boxes.is_empty(common):
        left, top, right, bottom = common
        mask_x, mask_y = mask.box[:2]
        height = mask.box[3] - mask_y
        bounds = np.cumsum(check(mask))
        first, last = (left - mask_x) * height, (right - mask_x) * height
        low, high = np.searchsorted(bounds, first, "right"), np.searchsorted(bounds, last, "left")
        counts = np.diff(np.concatenate(([first], bounds[low:high], [last])))
        columns = _unpacked(counts, right - left, height, set_first=bool(low & 1))
        view[top - y0 : bottom - y0, left - x0 : right - x0] = columns[top - mask_y : bottom - mask_y]
    return view


def _combine(a: Mask, b: Mask, operation: np.ufunc) -> Mask:
    if (a.height, a.width) != (b.height, b.width):
        raise ValueError(f"masks of different frames: {a.width} x {a.height} and {b.width} x {b.height}")
    return of_edges(runs.combine(edges(a), edges(b), operation), a.height, a.width)


def _place(pixels: NDArray[np.bool_], left: int, top: int, height: int, width: int) -> Mask:
    """The mask of a frame whose pixels from (left, top) on are `pixels` and zero elsewhere."""
    x0, y0, x1, y1 = boxes.tight(pixels)
    if x1 == 0:
        return empty(height, width)
    flat = np.ascontiguousarray(pixels[y0:y1, x0:x1].T).ravel()
    bounds = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    counts = np.diff(np.concatenate(([0], bounds, [flat.size])))
    if flat[0]:
        counts = np.concatenate(([0], counts))
    box = (x0 + left, y0 + top, x1 + left, y1 + top)
    return Mask(height, width, box, counts_to_string(counts), int(counts[1::2].sum()))


# --------------------------------------------------------------------------------------------- whole frame


def edges(mask: Mask) -> runs.Edges:
    """Where runs of set pixels begin and end in the whole frame."""
    counts = check(mask)
    if counts.size == 0:
        return runs.NONE
    x0, y0, _, y1 = mask.box
    found = runs.of_counts(counts)
    if y1 - y0 == mask.height:
        return found + x0 * mask.height
    starts, ends = runs.split_at_columns(found, y1 - y0)
    shift = starts // (y1 - y0) * (mask.height - (y1 - y0)) + x0 * mask.height + y0
    return np.column_stack((starts + shift, ends + shift)).ravel()


def of_edges(edges: runs.Edges, height: int, width: int) -> Mask:
    """The mask of a frame whose runs of set pixels begin and end there."""
    height, width = _checked_size((height, width))
    if edges.size == 0:
        return empty(height, width)
    starts, ends = edges[0::2], edges[1::2]
    first, last = starts // height, (ends - 1) // height
    x0, x1 = int(first[0]), int(last[-1]) + 1
    if (first == last).all():
        y0, y1 = int((starts % height).min()), int(((ends - 1) % height).max()) + 1
    else:
        y0, y1 = 0, height  # a run over a column's end touches the last row and the first one
    box_starts = (first - x0) * (y1 - y0) + starts % height - y0
    box_edges = runs.joined(box_starts, box_starts + (ends - starts))
    counts = runs.to_counts(box_edges, (x1 - x0) * (y1 - y0))
    return Mask(height, width, (x0, y0, x1, y1), counts_to_string(counts), int((ends - starts).sum()))


def to_coco(mask: Mask) -> tuple[list[int], str]:
    """`size` ([height, width]) and compressed `counts` of the whole frame, canonical."""
    height, width = _checked_size((mask.height, mask.width))
    return [height, width], counts_to_string(runs.to_counts(edges(mask), height * width)).decode("ascii")


def from_coco(size: Sequence[int], counts: str | bytes | Sequence[int]) -> Mask:
    """The mask of COCO `size` ([height, width]) and `counts` (compressed string or list of lengths).

    Zero lengths inside are merged. Raises ValueError for anything that is not exactly such a mask.
    """
    height, width = _checked_size(size)
    lengths = string_to_counts(counts) if isinstance(counts, str | bytes) else _checked_list(counts)
    _check_sum(lengths, height * width)
    return of_edges(runs.of_counts(lengths), height, width)


# ----------------------------------------------------------------------------------------- compressed string


def counts_to_string(counts: Counts) -> bytes:
    """The compressed string of run lengths: differences to the length before last, signed, five bits a character."""
    values = counts.astype(np.int64)
    values[3:] -= counts[1:-2]
    groups = np.ones(values.size, dtype=np.int64)
    rest = values.copy()
    while (wide := (rest < -16) | (rest > 15)).any():
        groups += wide
        rest >>= 5
    place = np.arange(int(groups.max(initial=0)))
    characters = (values[:, None] >> (5 * place)) & 31
    characters[place < groups[:, None] - 1] |= 32
    return (characters[place < groups[:, None]] + 48).astype(np.uint8).tobytes()


def string_to_counts(string: str | bytes) -> Counts:
    """Run lengths of a compressed string. Raises ValueError for a string that is none."""
    try:
        raw = string.encode("ascii") if isinstance(string, str) else string
    except UnicodeEncodeError:
        raise ValueError("run lengths hold a character outside ASCII") from None
    characters = np.frombuffer(raw, dtype=np.uint8).astype(np.int64) - 48
    if characters.size == 0:
        return characters
    if characters.min() < 0 or characters.max() > 63:
        raise ValueError("run lengths hold a character outside '0'..'o'")
    ends = np.flatnonzero(characters < 32)
    if ends.size == 0 or ends[-1] != characters.size - 1:
        raise ValueError("the last run length is cut off")
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - starts + 1
    if lengths.max() > MAX_GROUPS:
        raise ValueError(f"a run length takes more than {MAX_GROUPS} characters")
    digits = characters & 31
    digits[ends] -= (digits[ends] & 16) << 1  # the last group carries the sign
    if np.isin(digits[ends[lengths == MAX_GROUPS]], (0, -1), invert=True).any():
        raise ValueError("a run length is out of range")
    place = np.arange(characters.size) - np.repeat(starts, lengths)
    counts = np.add.reduceat(digits << (5 * place), starts)
    if np.abs(counts).max() > MAX_PIXELS:
        raise ValueError("a run length is out of range")
    counts[1::2] = np.cumsum(counts[1::2])
    counts[2::2] = np.cumsum(counts[2::2])
    return counts


# ------------------------------------------------------------------------------------------------ checks


def _checked_size(size: Sequence[int]) -> tuple[int, int]:
    try:
        height, width = (operator.index(side) for side in size)
    except (TypeError, ValueError):
        raise ValueError(f"a mask size is [height, width] in whole pixels, not {size!r:.80}") from None
    if not (1 <= height <= MAX_SIDE and 1 <= width <= MAX_SIDE):
        raise ValueError(f"a mask of {width} x {height} pixels; sides go from 1 to {MAX_SIDE}")
    if height * width > MAX_PIXELS:
        raise ValueError(f"a mask of {width} x {height} pixels; at most {MAX_PIXELS} pixels are allowed")
    return height, width


def _checked_list(counts: Sequence[int]) -> Counts:
    if not isinstance(counts, list | tuple) or not all(type(count) is int for count in counts):
        raise ValueError("run lengths are a compressed string or a list of whole numbers")
    if not all(0 <= count <= MAX_PIXELS for count in counts):
        raise ValueError("a run length is negative or out of range")
    return np.array(counts, dtype=np.int64)


def _check_sum(counts: Counts, pixels: int) -> None:
    if counts.size and counts.min() < 0:
        raise ValueError("a run length is negative")
    total = int(counts.sum())
    if total != pixels:
        raise ValueError(f"run lengths sum up to {total}, the mask has {pixels} pixels")


def check(mask: Mask) -> Counts:
    """Run lengths of the mask's box, none for an empty mask."""
    _checked_size((mask.height, mask.width))
    x0, y0, x1, y1 = mask.box
    if boxes.is_empty(mask.box):
        return np.empty(0, np.int64)
    if x0 < 0 or y0 < 0 or x1 > mask.width or y1 > mask.height:
        raise ValueError(f"the box {mask.box} leaves the frame of {mask.width} x {mask.height}")
    counts = string_to_counts(mask.counts)
    _check_sum(counts, (y1 - y0) * (x1 - x0))
    return counts


def _unpacked(counts: Counts, width: int, height: int, *, set_first: bool = False) -> NDArray[np.bool_]:
    """Pixels, bool (height, width), of run lengths down the columns."""
    values = np.zeros(counts.size, dtype=bool)
    values[0 if set_first else 1 :: 2] = True
    return np.ascontiguousarray(np.repeat(values, counts).reshape(width, height).T)
