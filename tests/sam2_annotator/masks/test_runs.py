"""Arithmetic on runs against sets of places."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sam2_annotator.masks import runs

SIZE = 30
flags = st.lists(st.booleans(), min_size=SIZE, max_size=SIZE).map(np.array)
spans = st.lists(st.tuples(st.integers(0, SIZE), st.integers(0, SIZE)), max_size=8)


def edges_of(flags):
    padded = np.concatenate(([False], flags, [False]))
    return np.flatnonzero(padded[1:] != padded[:-1])


def flags_of(edges):
    flags = np.zeros(SIZE, dtype=bool)
    for start, end in edges.reshape(-1, 2):
        flags[start:end] = True
    return flags


@given(flags)
def test_counts_and_edges_say_the_same(flags):
    counts = runs.to_counts(edges_of(flags), SIZE)
    assert counts.sum() == SIZE
    assert (counts[1:] > 0).all()
    assert np.array_equal(runs.of_counts(counts), edges_of(flags))


@given(spans)
def test_overlapping_runs_are_merged(spans):
    expected = np.zeros(SIZE, dtype=bool)
    for start, end in spans:
        expected[start:end] = True
    starts, ends = np.array(spans, dtype=np.int64).reshape(-1, 2).T
    assert np.array_equal(runs.merged(starts, ends), edges_of(expected))


@given(st.lists(st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1), st.sampled_from([1, -1])), max_size=8))
def test_windings_add_up(loops):
    winding = np.zeros(SIZE, dtype=int)
    places, turns = [], []
    for start, end, turn in loops:
        winding[start:] += turn
        winding[end:] -= turn
        places += [start, end]
        turns += [turn, -turn]
    places, turns = np.array(places, dtype=np.int64), np.array(turns, dtype=np.int64)
    assert np.array_equal(runs.wound(places, turns), edges_of(winding != 0))
    assert np.array_equal(runs.covered(places, turns), edges_of(winding > 0))


@pytest.mark.parametrize("operation", [np.logical_or, np.logical_and, np.greater, np.logical_xor])
@given(a=flags, b=flags)
def test_operations(operation, a, b):
    found = runs.combine(edges_of(a), edges_of(b), operation)
    assert np.array_equal(found, edges_of(operation(a, b)))


@given(flags, st.sampled_from([1, 3, 5, 30]))
def test_no_piece_goes_over_the_end_of_a_column(flags, height):
    starts, ends = runs.split_at_columns(edges_of(flags), height)
    assert (starts // height == (ends - 1) // height).all()
    assert np.array_equal(flags_of(np.column_stack((starts, ends)).ravel()), flags)
