"""Rows survive the way to column values and back, odd ones too."""

import json
from pathlib import Path

import pytest

from sam2_annotator.doc.rows import (
    ROWS,
    ItemRow,
    LabelRow,
    MaskDigest,
    MaskRow,
    ObjectRow,
    PromptRow,
    Row,
    digest_of,
)
from sam2_annotator.values.frame import MediaKind
from sam2_annotator.values.ids import FrameIndex, ItemId, LabelId, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Box, Point, PromptSet
from sam2_annotator.values.states import MaskState
from support.documents import rectangle

MASK = rectangle(1, 1, 4, 4)
ITEM, FRAME, OBJECT = ItemId(3), FrameIndex(7), ObjectId(12)


def load(digest: MaskDigest) -> Mask:
    assert digest == digest_of(MASK)
    return MASK


@pytest.mark.parametrize(
    "row",
    [
        ItemRow(ITEM, MediaKind.VIDEO, Path("/a/größe ñ 猫.mp4"), 1920, 1080, 300, 29.97),
        ItemRow(ITEM, MediaKind.IMAGE, Path("/a/not \udcff utf-8.png"), 1, 1, 1, None),
        LabelRow(LabelId(2), "dog, big", (1, 128, 255), None),
        ObjectRow(OBJECT, ITEM, 1, None, draft=True, visible=False, locked=True, z=4),
        PromptRow(ITEM, FRAME, OBJECT, PromptSet((Point(0.1, 2.0), Point(3.25, 4.5, False))), 2),
        PromptRow(ITEM, FRAME, OBJECT, PromptSet(box=Box(0.5, 0.25, 7.0, 5.0), mask=MASK), None),
        MaskRow(ITEM, FRAME, OBJECT, digest_of(MASK), MaskState.PROPAGATED, 0.1, -3.5, MASK.area),
        MaskRow(ITEM, FRAME, OBJECT, None, MaskState.ABSENT, None, None, 0),
    ],
)
def test_values_and_back(row: Row) -> None:
    values = row.values()
    assert len(values) == len(row.COLUMNS)
    again = json.loads(json.dumps(values))
    assert type(row).from_values(again, load) == row
    assert ROWS[row.TABLE] is type(row)


def test_only_equal_masks_have_equal_digests() -> None:
    assert digest_of(MASK) == digest_of(rectangle(1, 1, 4, 4))
    shifted = rectangle(2, 1, 5, 4)
    assert shifted.counts == MASK.counts
    assert digest_of(shifted) != digest_of(MASK)


def test_values_of_a_wrong_type_are_refused() -> None:
    values = ("x", *MaskRow(ITEM, FRAME, OBJECT, None, MaskState.KEY, None, None, 0).values()[1:])
    with pytest.raises(TypeError):
        MaskRow.from_values(values, load)
