"""A project of schema 1, written by the program of that time, opens with all that is in it, undo included."""

import shutil
from pathlib import Path

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.rows import MaskRow, ReviewRow
from sam2_annotator.doc.schema import VERSION
from sam2_annotator.values.ids import FrameIndex, ItemId, LabelId, ObjectId
from sam2_annotator.values.states import MaskOrigin, MaskState
from support.documents import rectangle, tables

SAMPLES = Path(__file__).parents[3] / "samples" / "projects"
CLIP, PICTURE, TRACKED, DRAFT = ItemId(1), ItemId(2), ObjectId(1), ObjectId(2)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A copy of the sample."""
    return Path(shutil.copy(SAMPLES / "schema-1.s2p", tmp_path / "old.s2p"))


def test_there_is_a_sample_of_every_schema_before() -> None:
    assert {path.stem for path in SAMPLES.iterdir()} >= {f"schema-{number}" for number in range(1, VERSION)}


def test_everything_is_still_there(old: Path) -> None:
    with Project.open(old) as project:
        assert [row.name for row in project.labels()] == ["dog", "cat"]
        assert [row.position for row in project.labels()] == [1, 2]
        assert [row.path.name for row in project.items()] == ["clip.mp4", "picture.png"]
        states = project.states(CLIP)[TRACKED]
        assert [states[FrameIndex(number)].value for number in range(4)] == ["key", "propagated", "propagated", "empty"]
        assert project.current_label == LabelId(1)
        view = project.view()
        assert view is not None
        assert (view.item, view.frame) == (CLIP, 2)


def test_masks_know_how_they_came_about(old: Path) -> None:
    with Project.open(old) as project:
        origins = [row.origin for row in project.masks_of(CLIP, TRACKED)]
        assert origins == [MaskOrigin.PROMPTED] + [MaskOrigin.PROPAGATED] * 3
        drawn = project.mask_row(PICTURE, FrameIndex(0), DRAFT)
        assert drawn is not None
        assert (drawn.state, drawn.origin) == (MaskState.CONFIRMED, MaskOrigin.PROPAGATED)


def test_the_history_of_then_can_be_undone_and_redone(old: Path) -> None:
    with Project.open(old) as project:
        migrated = tables(old)
        assert project.redo_title == "Delete object"
        while project.undo() is not None:
            pass
        assert all(not rows for rows in tables(old).values())
        while project.redo_title != "Delete object":
            assert project.redo() is not None
        assert tables(old) == migrated
        project.redo()
        assert project.find(MaskRow, object=TRACKED) == ()


def test_new_tables_can_be_used_at_once(old: Path) -> None:
    with Project.open(old) as project:
        assert project.find(ReviewRow) == ()
        row = project.mask_row(CLIP, FrameIndex(0), TRACKED)
        assert row is not None
        assert row.digest is not None
        assert project.mask(row.digest) == rectangle(1, 1, 4, 4)


def test_a_copy_as_it_was_is_kept(old: Path) -> None:
    before = old.read_bytes()
    Project.open(old).close()
    (kept,) = (old.parent / "old.s2p.restore").iterdir()
    assert len(kept.read_bytes()) >= len(before) // 2
    assert int.from_bytes(kept.read_bytes()[60:64], "big") == 1
