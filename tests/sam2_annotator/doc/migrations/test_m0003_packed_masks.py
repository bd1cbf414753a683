"""A project of schema 2 with something in every table opens with all that is in it, undo included."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.rows import AttributeValueRow, ItemRow
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.states import MaskState
from support.documents import rectangle, tables

SAMPLES = Path(__file__).parents[3] / "samples" / "projects"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A copy of the sample."""
    return Path(shutil.copy(SAMPLES / "schema-2.s2p", tmp_path / "old.s2p"))


def test_every_row_is_as_it_was(old: Path) -> None:
    before = tables(old)
    assert all(before.values()), "the sample has something in every table"
    Project.open(old).close()
    assert tables(old) == before


def test_masks_are_still_the_same_pixels(old: Path) -> None:
    with Project.open(old) as project:
        item, one = ItemId(1), ObjectId(1)
        row = project.mask_row(item, FrameIndex(1), one)
        assert row is not None
        assert row.digest is not None
        assert project.mask(row.digest) == rectangle(1, 1, 4, 4)
        for found in project.masks_of(item, one):
            assert found.digest is not None
            assert project.mask(found.digest).area == found.area
        drawn = project.mask_row(item, FrameIndex(2), one)
        assert drawn is not None
        assert drawn.area == 9, "one pixel came and one went"
        prompts = project.prompts(item, FrameIndex(0), one)
        assert prompts is not None
        assert prompts.prompts.mask == rectangle(0, 0, 2, 2)


def test_what_else_there_was_can_be_read(old: Path) -> None:
    with Project.open(old) as project:
        assert {row.value for row in project.find(AttributeValueRow)} == {"runs", 4.5}
        review = project.review(ItemId(1), FrameIndex(3))
        assert review is not None
        assert review.flag == "blurred"
        assert [row.note for row in project.objects(ItemId(1))] == ["seen twice", ""]
        assert project.states(ItemId(1))[ObjectId(2)][FrameIndex(4)] is MaskState.ABSENT
        assert [row.fingerprint for row in project.find(ItemRow)] == [None, "12-abc"]


def test_the_history_of_then_can_be_undone_and_redone(old: Path) -> None:
    with Project.open(old) as project:
        migrated = tables(old)
        assert project.redo_title == "Delete object"
        done = 0
        while project.undo() is not None:
            done += 1
        assert done > 10
        assert not tables(old)["frame_mask"]
        for _ in range(done):
            project.redo()
        again = tables(old)
        files = [row[:-1] for row in again.pop("item")]  # fingerprints are no step; they are taken anew
        assert files == [row[:-1] for row in migrated.pop("item")]
        assert again == migrated


def test_run_lengths_take_less_room(old: Path) -> None:
    with Project.open(old) as project:
        project.states(ItemId(1))
    with closing(sqlite3.connect(old)) as connection:
        packed = connection.execute("SELECT counts FROM mask").fetchall()
    assert all(counts[:1] == b"\x78" for (counts,) in packed), "zlib's first byte"
