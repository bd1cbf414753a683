"""Checks that commands share."""

import math
from pathlib import Path

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands.base import mask_row, require_frame
from sam2_annotator.doc.edit import Edit
from sam2_annotator.values.ids import FrameIndex, ObjectId
from sam2_annotator.values.states import MaskOrigin, MaskState
from support.documents import add_clip, rectangle


def test_a_row_for_a_mask_stores_its_pixels_and_drops_what_is_no_number(tmp_path: Path) -> None:
    with Project.open(tmp_path / "work.s2p") as project:
        clip = add_clip(project)
        edit = Edit(project._connection, project)
        item = require_frame(edit, clip, 4)
        mask = rectangle(1, 1, 4, 3)
        row = mask_row(
            edit,
            item,
            FrameIndex(4),
            ObjectId(1),
            mask=mask,
            state=MaskState.KEY,
            origin=MaskOrigin.PROMPTED,
            iou=math.inf,
            score=0.5,
        )
        assert (row.area, row.iou, row.score) == (6, None, 0.5)
        assert row.digest is not None
        assert project.mask(row.digest) == mask
        with pytest.raises(ValueError, match="frame 5 of an item with 5"):
            require_frame(edit, clip, 5)
