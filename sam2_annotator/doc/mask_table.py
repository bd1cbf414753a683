"""Pixels by digest. A mask that differs little from one that is there is kept as the difference.

A row with a `base` holds the pixels in which the mask differs from the mask of that digest, which has no base
itself. So a brush stroke costs what it changed, and reading costs at most one step. Run lengths are packed (zlib).
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable

from sam2_annotator.doc.rows import MaskDigest, Value, digest_of
from sam2_annotator.masks import rle
from sam2_annotator.values.mask import Mask

SWEEP = """DELETE FROM mask WHERE digest NOT IN (
  SELECT digest FROM frame_mask WHERE digest IS NOT NULL
  UNION SELECT mask FROM prompt WHERE mask IS NOT NULL
  UNION SELECT digest FROM history_mask
  UNION SELECT base FROM mask WHERE base IS NOT NULL)"""

Execute = Callable[[str, tuple[Value, ...]], sqlite3.Cursor]
_LONGEST = 1 << 26  # bytes of run lengths; the worst mask of the largest frame takes less
_WORTH_IT = 2  # a difference is kept when it takes less than half of the whole


def write(connection: sqlite3.Connection, mask: Mask, *, near: MaskDigest | None, change: Mask | None) -> MaskDigest:
    """Store a mask once. `near` and `change`, where known: the mask is the stored one `near` with `change` flipped."""
    digest = digest_of(mask)
    if connection.execute("SELECT 1 FROM mask WHERE digest = ?", (digest,)).fetchone():
        return digest
    found = None if near is None else _fetch(connection.execute, near)
    stored, base = mask, None
    if found is not None and change is not None:
        if found[1] is not None:
            change = rle.difference(found[0], change)
        if len(change.counts) * _WORTH_IT < len(mask.counts):
            stored, base = change, found[1] or near
    connection.execute(
        "INSERT INTO mask (digest, height, width, x0, y0, x1, y1, area, counts, base) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            digest,
            stored.height,
            stored.width,
            *stored.box,
            stored.area,
            zlib.compress(stored.counts),
            base,
        ),
    )
    return digest


def read(execute: Execute, digest: MaskDigest) -> Mask | None:
    """The mask with this digest, None when there is none. Raises ValueError when its pixels are none."""
    found = _fetch(execute, digest)
    if found is None:
        return None
    stored, base = found
    if base is None:
        rle.check(stored)
        return stored
    whole = _fetch(execute, base)
    return None if whole is None else rle.difference(whole[0], stored)


def _fetch(execute: Execute, digest: MaskDigest) -> tuple[Mask, MaskDigest | None] | None:
    row = execute(
        "SELECT height, width, x0, y0, x1, y1, area, counts, base FROM mask WHERE digest = ?", (digest,)
    ).fetchone()
    if row is None:
        return None
    height, width, x0, y0, x1, y1, area, counts, base = row
    return Mask(height, width, (x0, y0, x1, y1), _unpacked(counts), area), base


def _unpacked(packed: bytes) -> bytes:
    """Run lengths as `Mask` holds them. Raises ValueError for what is none, or would fill the memory."""
    unpacking = zlib.decompressobj()
    try:
        counts = unpacking.decompress(packed, _LONGEST)
    except (zlib.error, TypeError) as error:
        raise ValueError(f"run lengths cannot be unpacked: {error}") from error
    if not unpacking.eof:
        raise ValueError("run lengths are cut off or endless")
    return counts
