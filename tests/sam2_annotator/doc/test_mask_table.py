"""What is read is what was written, whether it is kept whole or as a difference."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from sam2_annotator.doc import Project, mask_table
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import MaskDigest, digest_of
from sam2_annotator.masks import rle
from sam2_annotator.values.mask import Mask

SIDE = 200


def ragged(seed: int = 0) -> Mask:
    """A large mask with an edge that takes many run lengths."""
    chance = np.random.default_rng(seed)
    return rle.encode(chance.random((SIDE, SIDE)) < 0.5)


def square(left: int, size: int) -> Mask:
    """A small stroke."""
    pixels = np.zeros((SIDE, SIDE), dtype=bool)
    pixels[10 : 10 + size, left : left + size] = True
    return rle.encode(pixels)


def stored(path: Path) -> list[tuple[int, bool]]:
    """(bytes, is a difference) of every mask, read past the program."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT length(counts), base IS NOT NULL FROM mask ORDER BY rowid").fetchall()
    return [(size, bool(difference)) for size, difference in rows]


def keep(project: Project, mask: Mask, near: MaskDigest | None = None, change: Mask | None = None) -> MaskDigest:
    """Write one mask."""
    digest = Edit(project._connection, project).keep(mask, near=near, change=change)
    assert digest is not None
    return digest


def test_a_stroke_costs_what_it_changed(project: Project, path: Path) -> None:
    mask = ragged()
    near = keep(project, mask)
    masks = [mask]
    for left in range(0, 100, 20):
        change = square(left, 6)
        mask = rle.difference(mask, change)
        near = keep(project, mask, near, change)
        masks.append(mask)
    for mask in masks:
        assert project.mask(digest_of(mask)) == mask
    whole, *strokes = stored(path)
    assert not whole[1]
    assert all(difference and size < whole[0] / 20 for size, difference in strokes)


def test_a_difference_as_large_as_the_whole_is_kept_whole(project: Project, path: Path) -> None:
    first, second = ragged(1), ragged(2)
    near = keep(project, first)
    keep(project, second, near, rle.difference(first, second))
    assert [difference for _, difference in stored(path)] == [False, False]
    assert project.mask(digest_of(second)) == second


def test_coming_back_to_a_mask_writes_nothing(project: Project, path: Path) -> None:
    mask, change = ragged(), square(0, 6)
    near = keep(project, mask)
    after = keep(project, rle.difference(mask, change), near, change)
    assert keep(project, mask, after, change) == near
    assert len(stored(path)) == 2


def test_a_difference_to_a_mask_that_is_gone_is_kept_whole(project: Project, path: Path) -> None:
    mask = ragged()
    keep(project, mask, MaskDigest("0" * 32), square(0, 6))
    assert project.mask(digest_of(mask)) == mask


@pytest.mark.parametrize("used", [True, False])
def test_the_base_stays_as_long_as_a_difference_needs_it(project: Project, path: Path, used: bool) -> None:
    mask, change = ragged(), square(0, 6)
    edited = rle.difference(mask, change)
    keep(project, edited, keep(project, mask), change)
    connection = project._connection
    connection.execute("BEGIN")
    if used:
        connection.execute("INSERT INTO part (id, step, title, bytes) VALUES (1, 1, '', 0)")
        connection.execute("INSERT INTO history (id, part, images) VALUES (1, 1, '[]')")
        connection.execute("INSERT INTO history_mask VALUES (1, ?)", (digest_of(edited),))
    connection.execute("COMMIT")
    connection.execute(mask_table.SWEEP)
    connection.execute(mask_table.SWEEP)
    assert len(stored(path)) == (2 if used else 0)
