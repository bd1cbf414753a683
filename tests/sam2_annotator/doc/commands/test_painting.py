"""What hands draw."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddItems, NewItem, PaintStroke, ReplaceMask, SetMask, SetPrompts
from sam2_annotator.doc.rows import MaskRow
from sam2_annotator.masks import raster, rle
from sam2_annotator.values.frame import MediaFacts, MediaKind
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.mask import Mask
from sam2_annotator.values.prompt import Point, PromptSet
from sam2_annotator.values.states import MaskOrigin, MaskState
from support.documents import add_clip, add_object, rectangle, tables

FRAME = FrameIndex(2)


@pytest.fixture
def item(project: Project) -> ItemId:
    return add_clip(project)


@pytest.fixture
def object_id(project: Project, item: ItemId) -> ObjectId:
    return add_object(project, item)


def shown(project: Project, item: ItemId, object_id: ObjectId) -> tuple[MaskRow, Mask | None]:
    row = project.mask_row(item, FRAME, object_id)
    assert row is not None
    return row, None if row.digest is None else project.mask(row.digest)


@pytest.mark.parametrize("state", list(MaskState))
def test_a_stroke_adds_and_the_frame_is_a_person_s(
    project: Project, item: ItemId, object_id: ObjectId, state: MaskState
) -> None:
    project.apply(SetMask(item, FRAME, object_id, rectangle(0, 0, 2, 2), state, iou=0.5, score=1.0))
    project.apply(PaintStroke(item, FRAME, object_id, rectangle(1, 1, 4, 4), add=True))
    row, mask = shown(project, item, object_id)
    assert (row.state, row.origin, row.iou, row.score) == (MaskState.KEY, MaskOrigin.EDITED, None, None)
    assert mask == rle.union(rectangle(0, 0, 2, 2), rectangle(1, 1, 4, 4))
    assert row.area == mask.area


def test_a_stroke_begins_a_mask_and_takes_away(project: Project, item: ItemId, object_id: ObjectId) -> None:
    project.apply(PaintStroke(item, FRAME, object_id, rectangle(1, 1, 4, 4), add=True))
    project.apply(PaintStroke(item, FRAME, object_id, rectangle(1, 1, 2, 4), add=False, title="Erase"))
    assert shown(project, item, object_id)[1] == rectangle(2, 1, 4, 4)
    assert project.undo_title == "Erase"


@pytest.mark.parametrize(("stroke", "add"), [(rectangle(0, 0, 2, 2), True), (rectangle(5, 5, 8, 6), False)])
def test_a_stroke_that_changes_no_pixel_is_no_step(
    project: Project, item: ItemId, object_id: ObjectId, stroke: Mask, add: bool
) -> None:
    project.apply(SetMask(item, FRAME, object_id, rectangle(0, 0, 3, 3), MaskState.PROPAGATED))
    before = tables(project.path)
    assert not project.apply(PaintStroke(item, FRAME, object_id, stroke, add=add))
    assert tables(project.path) == before


def test_what_is_erased_wholly_is_absent_and_painting_brings_it_back(
    project: Project, item: ItemId, object_id: ObjectId
) -> None:
    click = PromptSet((Point(1, 1),))
    project.apply(SetPrompts(item, FRAME, object_id, click))
    project.apply(SetMask(item, FRAME, object_id, rectangle(0, 0, 3, 3), MaskState.KEY))
    project.apply(PaintStroke(item, FRAME, object_id, rectangle(0, 0, 8, 6), add=False))
    row, mask = shown(project, item, object_id)
    assert (row.state, mask, row.area) == (MaskState.ABSENT, None, 0)
    assert project.prompts(item, FRAME, object_id) is None
    project.apply(PaintStroke(item, FRAME, object_id, rectangle(0, 0, 1, 1), add=True))
    assert shown(project, item, object_id)[0].state is MaskState.KEY
    project.undo()
    project.undo()
    assert shown(project, item, object_id)[1] == rectangle(0, 0, 3, 3)
    kept = project.prompts(item, FRAME, object_id)
    assert kept is not None
    assert kept.prompts == click


def test_painting_keeps_the_prompts(project: Project, item: ItemId, object_id: ObjectId) -> None:
    project.apply(SetPrompts(item, FRAME, object_id, PromptSet((Point(1, 1),))))
    project.apply(PaintStroke(item, FRAME, object_id, rectangle(0, 0, 1, 1), add=True))
    assert project.prompts(item, FRAME, object_id) is not None


def test_another_mask_in_its_place(project: Project, item: ItemId, object_id: ObjectId) -> None:
    project.apply(SetMask(item, FRAME, object_id, rectangle(0, 0, 3, 3), MaskState.KEY))
    project.apply(ReplaceMask(item, FRAME, object_id, rectangle(2, 2, 5, 5), title="Move mask"))
    assert shown(project, item, object_id)[1] == rectangle(2, 2, 5, 5)
    assert project.undo_title == "Move mask"
    assert not project.apply(ReplaceMask(item, FRAME, object_id, rectangle(2, 2, 5, 5)))


def test_a_stroke_must_have_the_size_of_its_frame(project: Project, item: ItemId, object_id: ObjectId) -> None:
    with pytest.raises(ValueError, match="frames"):
        project.apply(PaintStroke(item, FRAME, object_id, rle.encode(np.ones((4, 4), bool)), add=True))


def test_a_stroke_stores_what_it_changes(project: Project, path: Path) -> None:
    """Ten dabs on a ragged mask of a large picture take far less than ten such masks."""
    height, width = 600, 900
    new = NewItem(MediaKind.IMAGE, Path("/nowhere/large.png"), MediaFacts(width, height, 1, None))
    item = ItemId(project.apply(AddItems((new,))).created[0])
    object_id = add_object(project, item)
    ragged = rle.encode(np.random.default_rng(0).random((height, width)) < 0.5)
    project.apply(SetMask(item, FrameIndex(0), object_id, ragged, MaskState.KEY))
    expected = ragged
    for place in range(10):
        dab = raster.stroke([(40 + 60 * place, 300)], size=9, square=False, height=height, width=width)
        project.apply(PaintStroke(item, FrameIndex(0), object_id, dab, add=True))
        expected = rle.union(expected, dab)
    row = project.mask_row(item, FrameIndex(0), object_id)
    assert row is not None
    assert row.digest is not None
    assert project.mask(row.digest) == expected
    with closing(sqlite3.connect(path)) as connection:
        (stored,) = connection.execute("SELECT sum(length(counts)) FROM mask").fetchone()
    assert stored < 1.1 * len(ragged.counts)
