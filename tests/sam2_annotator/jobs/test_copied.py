"""Copied masks as text, and what a hostile text may say."""

import json
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sam2_annotator.jobs.copied import CopiedMask, Source, from_text, to_text
from sam2_annotator.masks import rle
from sam2_annotator.values.ids import ItemId, ObjectId

masks = hnp.arrays(np.bool_, (5, 7)).map(rle.encode)
numbers = st.integers(1, 2**40)
sources = st.builds(Source, st.text(max_size=5), numbers.map(ItemId), numbers.map(ObjectId))
shade = st.integers(0, 255)
copies = st.builds(
    CopiedMask, masks, st.none() | st.text(max_size=5), st.none() | st.tuples(shade, shade, shade), st.text(), sources
)
GOOD = {
    "size": [2, 2],
    "counts": "13",
    "label": None,
    "colour": None,
    "note": "",
    "project": "",
    "item": 1,
    "object": 1,
}


@given(st.lists(copies, max_size=3).map(tuple))
def test_round_trip(copied: tuple[CopiedMask, ...]) -> None:
    assert from_text(to_text(copied)) == copied


@pytest.mark.parametrize(
    "change",
    [
        {"size": [2, 3]},
        {"size": [10**9, 10**9]},
        {"counts": 7},
        {"label": 7},
        {"note": None},
        {"project": 1},
        {"item": 0},
        {"object": True},
        {"object": "1"},
        {"colour": [1, 2]},
        {"colour": [1, 2, 256]},
        {"colour": "red"},
    ],
)
def test_a_wrong_entry_is_refused(change: dict[str, object]) -> None:
    assert len(from_text(json.dumps({"masks": [GOOD]}))) == 1
    with pytest.raises(ValueError, match=r"."):
        from_text(json.dumps({"masks": [{**GOOD, **change}]}))


@given(st.binary(max_size=30) | st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    with suppress(ValueError):
        assert from_text(text) == ()


def test_too_many_masks_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 10000"):
        from_text(json.dumps({"masks": [None] * 10_001}))


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(ValueError, match="no copied masks"):
        from_text("[" * 100_000)
