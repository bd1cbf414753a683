"""What can be read of a damaged project comes over into a new one, and the damaged one stays as it is."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddItems, AddLabel, AddObject, NewMask, SetMasks, SetPrompts
from sam2_annotator.doc.salvage import Rescued, rescue
from sam2_annotator.errors import DamagedError, DocError
from sam2_annotator.values.ids import FrameIndex, ItemId, LabelId, ObjectId
from sam2_annotator.values.prompt import Point, PromptSet
from support.documents import crash_while_writing, new_item, rectangle, tables

FRAMES = 400


@pytest.fixture
def closed(path: Path) -> Path:
    """A project of many pages: 400 frames with two masks each."""
    with Project.open(path) as project:
        label = LabelId(project.apply(AddLabel("dog")).created[0])
        item = ItemId(project.apply(AddItems((new_item("clip.mp4", frames=FRAMES),))).created[0])
        objects = [ObjectId(project.apply(AddObject(item, label)).created[0]) for _ in range(2)]
        project.apply(SetPrompts(item, FrameIndex(0), objects[0], PromptSet((Point(1.0, 2.0, True),))))
        for frame in range(FRAMES):
            masks = [NewMask(one, rectangle(frame % 7, place, 8, 6), 0.9, 1.0) for place, one in enumerate(objects)]
            project.apply(SetMasks(item, FrameIndex(frame), tuple(masks)))
    return path


def rescued(path: Path) -> tuple[Rescued, Path]:
    """Rescue, after which the damaged file is as it was and the new project is sound and can be worked on."""
    before = path.read_bytes()
    target = path.with_name("rescued.s2p")
    result = rescue(path, target, lambda: None)
    assert path.read_bytes() == before
    with Project.open(target) as project:
        for item in project.items():
            for frame in range(item.frames):
                for row in project.masks(item.id, FrameIndex(frame)):
                    assert row.digest is None or project.mask(row.digest).area == row.area
        known = {row.id for row in project.labels()}
        assert not known & set(project.apply(AddLabel("new")).created)
        project.undo()
    return result, target


def pages(path: Path, table: str) -> list[int]:
    """Leaf pages of a table."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf'", (table,))
        return [number for (number,) in rows]


def break_page(path: Path, number: int) -> None:
    data = bytearray(path.read_bytes())
    data[(number - 1) * 4096 : number * 4096] = b"\xaa" * 4096
    path.write_bytes(data)


def test_a_sound_project_comes_over_whole(closed: Path) -> None:
    before = tables(closed)
    result, target = rescued(closed)
    assert tables(target) == before
    assert result.saved["frame_mask"] == 2 * FRAMES
    assert not result.unreadable
    assert not any(result.dropped.values())


@pytest.mark.parametrize("table", ["frame_mask", "mask"])
def test_a_broken_page_costs_what_was_on_it(closed: Path, table: str) -> None:
    leaves = pages(closed, table)
    assert len(leaves) > 2 or table == "mask"
    break_page(closed, leaves[len(leaves) // 2])
    with pytest.raises(DamagedError):
        Project.open(closed)
    result, _ = rescued(closed)
    assert (result.saved["item"], result.saved["label"], result.saved["object"]) == (1, 1, 2)
    assert result.saved["frame_mask"] < 2 * FRAMES
    assert result.saved["frame_mask"] > FRAMES or table == "mask"
    assert result.unreadable or result.dropped["frame_mask"]


@pytest.mark.parametrize(
    ("sql", "table"),
    [
        ("UPDATE frame_mask SET state = 'odd' WHERE frame = 3", "frame_mask"),
        ("UPDATE prompt SET points = 'x'", "prompt"),
        ("UPDATE frame_mask SET object = 99 WHERE frame = 3 AND object = 1", "frame_mask"),
        ("UPDATE frame_mask SET digest = 'gone' WHERE frame = 3", "frame_mask"),
    ],
)
def test_rows_without_sense_are_left_behind(closed: Path, sql: str, table: str) -> None:
    with closing(sqlite3.connect(closed)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(sql)
        connection.commit()
    result, _ = rescued(closed)
    assert result.dropped[table] in (1, 2)
    assert result.saved["object"] == 2


def test_an_object_outlives_its_label(closed: Path) -> None:
    with closing(sqlite3.connect(closed)) as connection:
        connection.execute("DELETE FROM label")
        connection.commit()
    result, target = rescued(closed)
    assert result.saved["object"] == 2
    with Project.open(target) as project:
        assert {row.label for row in project.objects(ItemId(1))} == {None}


def test_where_nothing_can_be_read_nothing_is_left(closed: Path) -> None:
    data = closed.read_bytes()
    closed.write_bytes(data[:100] + b"\xaa" * (len(data) - 100))
    with pytest.raises(DocError, match="is damaged"):
        rescue(closed, closed.with_name("rescued.s2p"), lambda: None)
    assert [path.name for path in closed.parent.iterdir()] == [closed.name]


def test_a_cancelled_rescue_leaves_nothing(closed: Path) -> None:
    def cancel() -> None:
        raise KeyError("cancelled")

    with pytest.raises(KeyError):
        rescue(closed, closed.with_name("rescued.s2p"), cancel)
    assert [path.name for path in closed.parent.iterdir()] == [closed.name]


def test_a_write_that_a_crash_cut_short_is_taken_back_first(closed: Path) -> None:
    crash_while_writing(closed)
    _, target = rescued(closed)
    with Project.open(target) as project:
        assert [row.path.name for row in project.items()] == ["clip.mp4"]
