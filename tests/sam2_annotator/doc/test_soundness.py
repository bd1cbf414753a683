"""Files that are whole databases, but not what this program writes, are refused before anything in them is believed."""

import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddLabel, SetMask, SetPrompts
from sam2_annotator.doc.rows import ROWS, PromptRow
from sam2_annotator.errors import DamagedError, DocError
from sam2_annotator.values.ids import FrameIndex, LabelId
from sam2_annotator.values.prompt import Box, Point, PromptSet
from sam2_annotator.values.states import MaskState
from support.documents import add_clip, add_object, add_picture, rectangle


@pytest.fixture
def closed(path: Path) -> Path:
    """A small project with something in most tables."""
    with Project.open(path) as project:
        label = LabelId(project.apply(AddLabel("dog")).created[0])
        item, _ = add_clip(project), add_picture(project)
        object_id = add_object(project, item, label)
        prompts = PromptSet((Point(1.0, 2.0, True),), Box(0, 0, 2, 2), rectangle(0, 0, 2, 2))
        project.apply(SetPrompts(item, FrameIndex(0), object_id, prompts))
        project.apply(SetMask(item, FrameIndex(0), object_id, rectangle(1, 1, 4, 4), MaskState.KEY))
    return path


def change(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TRIGGER sly AFTER UPDATE ON label BEGIN DELETE FROM item; END",
        "CREATE VIEW spy AS SELECT * FROM item",
        "CREATE TABLE extra (a)",
        "DROP TABLE review",
        "ALTER TABLE label ADD COLUMN extra TEXT",
        "DROP TABLE review; CREATE VIRTUAL TABLE review USING fts5(item, frame, confirmed, flag)",
        "UPDATE item SET width = -5",
        "UPDATE item SET width = 'wide'",
        "UPDATE item SET height = 9999999999",
        "UPDATE item SET path = 'no json' WHERE id = 1",
        "UPDATE item SET path = '[1]' WHERE id = 1",
        "UPDATE item SET kind = 'hologram'",
        "UPDATE label SET colour = 'red'",
        "UPDATE label SET name = x'00'",
        "UPDATE object SET item = 99",
        "UPDATE object SET label = 99",
        "UPDATE prompt SET points = '{}'",
        "UPDATE prompt SET box = '[1, 2]'",
        "UPDATE frame_mask SET state = 'odd'",
        "UPDATE frame_mask SET area = -1",
        "UPDATE frame_mask SET frame = 1e300",
        "UPDATE mask SET x1 = 9999",
        "UPDATE mask SET counts = 7",
        "UPDATE mask SET width = 4000000000, height = 4000000000",
        "UPDATE state SET revised = 'yesterday'",
        "DELETE FROM state",
        "INSERT INTO state SELECT * FROM state",
    ],
)
def test_what_this_program_does_not_write_is_refused_and_left_as_it_is(closed: Path, sql: str) -> None:
    change(closed, f"PRAGMA foreign_keys = OFF; {sql}")
    before = closed.read_bytes()
    for opening in (Project.open, Project.open_read_only):
        with pytest.raises(DamagedError, match="is damaged and cannot be read"):
            opening(closed)
    assert closed.read_bytes() == before


@pytest.mark.parametrize(
    "counts", [b"", b"~~~", *map(zlib.compress, (b"", b"~~~", b"0" * 10, b"ooooooooooooooooooooo1", b"0" * (1 << 27)))]
)
def test_pixels_that_are_none_are_told_when_they_are_read(closed: Path, counts: bytes) -> None:
    with closing(sqlite3.connect(closed)) as connection:
        connection.execute("UPDATE mask SET counts = ?", (counts,))
        connection.commit()
    with Project.open(closed) as project:
        (row,) = project.masks(project.items()[0].id, FrameIndex(0))
        assert row.digest is not None
        with pytest.raises(DamagedError):
            project.mask(row.digest)


@pytest.mark.parametrize(
    ("sql", "read"),
    [
        ("UPDATE part SET made = 'never'", Project.steps),
        ("UPDATE state SET revised = '12:00'", lambda project: project.revised),
        ("UPDATE prompt SET points = '[[\"a\", {}, 1]]'", lambda project: project.find(PromptRow)),
        ("UPDATE prompt SET points = '[[1e999, 1, 1]]'", lambda project: project.find(PromptRow)),
        ("UPDATE prompt SET box = '[1, 2, 3, \"x\"]'", lambda project: project.find(PromptRow)),
        (f"INSERT INTO setting VALUES ('a', '1{'0' * 5000}')", lambda project: project.settings("a")),
    ],
)
def test_what_only_reading_finds_is_told_as_damage(closed: Path, sql: str, read: Callable[[Project], object]) -> None:
    change(closed, sql)
    with Project.open_read_only(closed) as project, pytest.raises(DamagedError):
        read(project)


nonsense = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.sampled_from(
        [
            "",
            "x",
            "[]",
            "{}",
            "null",
            "1e999",
            "1" + "0" * 400,
            "[[1,2]]",
            "[" * 5000,
            "[1,[2,3],{}]",
            '"\\ud800"',
            "#12345g",
            '[["item",null,null]]',
            '[["item",[1],[2]]]',
            '[["label",[1,"a","#000000",null,0],null]]',
        ]
    ),
    st.binary(max_size=20),
)
cells = st.sampled_from(
    [
        *((row.TABLE, column) for row in ROWS.values() for column in row.COLUMNS),
        *(("part", column) for column in ("id", "step", "title", "bytes", "made")),
        *(("history", column) for column in ("id", "part", "images")),
        *(("state", column) for column in ("revision", "revised", "head", "view_item", "clean", "clean_revision")),
    ]
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells, nonsense)
def test_nonsense_in_any_cell_is_a_sentence_and_never_a_crash(
    closed: Path, cell: tuple[str, str], value: object
) -> None:
    whole = closed.read_bytes()
    table, column = cell
    try:
        with closing(sqlite3.connect(closed)) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            with suppress(sqlite3.IntegrityError):
                connection.execute(f"UPDATE {table} SET {column} = ?", (value,))
            connection.commit()
        with suppress(DocError), Project.open(closed) as project:
            for row_type in ROWS.values():
                with suppress(DocError):
                    project.find(row_type)
            for item in project.items():
                project.states(item.id)
            project.summaries_after(0, 9)
            project.view()
            with suppress(DocError):
                project.steps()
            with suppress(DocError):
                project.apply(AddLabel("cat"))
                for _ in range(20):
                    project.undo()
    finally:
        closed.write_bytes(whole)
        for end in ("-wal", "-shm"):
            closed.with_name(closed.name + end).unlink(missing_ok=True)
