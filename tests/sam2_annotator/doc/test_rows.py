"""Rows survive the way to column values and back, odd ones too."""

import json
from pathlib import Path, PurePosixPath

import pytest

from sam2_annotator.doc.rows import (
    ROWS,
    AttributeRow,
    AttributeValueRow,
    ItemRow,
    LabelRow,
    MaskDigest,
    MaskRow,
    ObjectRow,
    PromptRow,
    ReviewRow,
    Row,
    SettingRow,
    digest_of,
)
from sam2_annotator.values.attributes import AttributeKind
from sam2_annotator.values.frame import MediaKind
from sam2_annotator.values.ids import AttributeId, FrameIndex, ItemId, LabelId, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Box, Point, PromptSet
from sam2_annotator.values.states import MaskOrigin, MaskState
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
        ItemRow(ITEM, MediaKind.IMAGE, Path("/a/b.png"), 1, 1, 1, None, PurePosixPath("b.png"), "3-ab"),
        ReviewRow(ITEM, FRAME, confirmed=True, flag=None),
        ReviewRow(ITEM, FRAME, confirmed=False, flag="blurred"),
        LabelRow(LabelId(2), "dog, big", (1, 128, 255), None),
        LabelRow(LabelId(3), "cat", (1, 128, 255), 4, 9),
        AttributeRow(AttributeId(1), None, "occluded", AttributeKind.FLAG, default=False, per_frame=True),
        AttributeRow(AttributeId(2), LabelId(2), "fur", AttributeKind.CHOICE, ("short", "long"), "long", position=3),
        AttributeValueRow(OBJECT, AttributeId(1), FRAME, True),
        AttributeValueRow(OBJECT, AttributeId(2), FRAME, "long"),
        AttributeValueRow(OBJECT, AttributeId(3), FRAME, 0.5),
        SettingRow("no_overlap", True),
        ObjectRow(OBJECT, ITEM, 1, None, draft=False, visible=True, locked=False, z=1, colour=(0, 9, 255), note="a"),
        ObjectRow(OBJECT, ITEM, 1, None, draft=True, visible=False, locked=True, z=4),
        PromptRow(ITEM, FRAME, OBJECT, PromptSet((Point(0.1, 2.0), Point(3.25, 4.5, False))), 2),
        PromptRow(ITEM, FRAME, OBJECT, PromptSet(box=Box(0.5, 0.25, 7.0, 5.0), mask=MASK), None),
        MaskRow(
            ITEM, FRAME, OBJECT, digest_of(MASK), MaskState.PROPAGATED, 0.1, -3.5, MASK.area, MaskOrigin.PROPAGATED
        ),
        MaskRow(ITEM, FRAME, OBJECT, None, MaskState.ABSENT, None, None, 0, MaskOrigin.EDITED),
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
    values = ("x", *MaskRow(ITEM, FRAME, OBJECT, None, MaskState.KEY, None, None, 0, MaskOrigin.EDITED).values()[1:])
    with pytest.raises(TypeError):
        MaskRow.from_values(values, load)
