"""Limits of the history: oldest steps go first, the newest always stays."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddLabel, RenameLabel
from sam2_annotator.doc.history import History
from sam2_annotator.values.ids import LabelId


@pytest.fixture
def short(path: Path) -> Iterator[Project]:
    """A project that keeps three steps."""
    with Project.open(path) as project:
        project._history = History(project._connection, max_steps=3)
        yield project


def undo_all(project: Project) -> int:
    count = 0
    while project.undo():
        count += 1
    return count


def test_only_the_newest_steps_are_kept(short: Project) -> None:
    for name in ("a", "b", "c", "d", "e"):
        short.apply(AddLabel(name))
    assert undo_all(short) == 3
    assert [label.name for label in short.labels()] == ["a", "b"]
    for _ in range(3):
        assert short.redo()
    assert [label.name for label in short.labels()] == ["a", "b", "c", "d", "e"]


def test_parts_of_one_step_do_not_count(short: Project) -> None:
    step = short.new_step("Many labels")
    for name in "abcdefgh":
        short.apply(AddLabel(name), into=step)
    assert undo_all(short) == 1
    assert short.labels() == ()


def test_bytes_are_limited_too(path: Path) -> None:
    with Project.open(path) as project:
        project._history = History(project._connection, max_bytes=1000)
        label = LabelId(project.apply(AddLabel("x")).created[0])
        for number in range(20):
            project.apply(RenameLabel(label, f"{number:300}"))
            project.apply(RenameLabel(label, "y" * 300 + str(number)))
        assert 1 <= undo_all(project) <= 4


def test_undone_parts_are_forgotten_with_their_lines(path: Path) -> None:
    with Project.open(path) as project:
        for name in ("a", "b"):
            project.apply(AddLabel(name))
        undo_all(project)
        project.apply(AddLabel("c"))
        lines = project._connection.execute("SELECT count(*) FROM history").fetchone()
    assert lines == (1,)
