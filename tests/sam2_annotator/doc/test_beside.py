"""Projects move, with their media and without."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path, PurePosixPath

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.beside import MediaNote
from sam2_annotator.doc.commands import AddItems, NewItem
from sam2_annotator.errors import DamagedError, DocError
from sam2_annotator.values.frame import MediaFacts, MediaKind
from sam2_annotator.values.ids import ItemId
from support.documents import crash_while_writing


def add(project: Project, path: Path) -> ItemId:
    """A picture that lies there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    facts = MediaFacts(8, 6, 1, None)
    return ItemId(project.apply(AddItems((NewItem(MediaKind.IMAGE, path, facts),))).created[0])


def test_media_below_the_project_move_with_it(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    with Project.open(here / "a.s2p") as project:
        near, far = add(project, here / "pictures" / "1.png"), add(project, tmp_path / "2.png")
        notes = [MediaNote(row.id, row.path, f"{row.id}-abc") for row in project.items()]
        assert project.note_media(notes, {near}).items == {near}
        assert far
    here.rename(there)
    with Project.open_read_only(there / "a.s2p") as project:
        assert [row.path for row in project.items()] == [there / "pictures" / "1.png", tmp_path / "2.png"]
    with Project.open(there / "a.s2p") as project:
        assert project.item_at(there / "pictures" / "1.png") is not None
        row = project.item(near)
        assert row is not None
        assert (row.beside, row.fingerprint) == (PurePosixPath("pictures/1.png"), "1-abc")


def test_a_project_that_moved_alone_finds_its_media_where_they_were(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    with Project.open(here / "a.s2p") as project:
        for name in ("1.png", "2.png", "3.png"):
            add(project, here / name)
        project.note_media([MediaNote(row.id, row.path, "1-abc") for row in project.items()])
    shutil.copy(here / "a.s2p", there / "a.s2p")
    (there / "2.png").touch()
    (here / "3.png").unlink()
    with Project.open(there / "a.s2p") as project:
        assert [row.path for row in project.items()] == [here / "1.png", there / "2.png", there / "3.png"]
    with Project.open(here / "a.s2p") as project:
        assert {row.path.parent for row in project.items()} == {here}


def test_a_copy_elsewhere_finds_its_media_and_keeps_its_history(tmp_path: Path) -> None:
    with Project.open(tmp_path / "a.s2p") as project:
        add(project, tmp_path / "media" / "1.png")
        (tmp_path / "media").mkdir(exist_ok=True)
        told: list[tuple[int, int]] = []
        project.copy_to(tmp_path / "media" / "b.s2p", lambda done, total: told.append((done, total)))
        assert told[-1][0] == told[-1][1] > 0
    with Project.open(tmp_path / "media" / "b.s2p") as copy:
        (row,) = copy.items()
        assert (row.path, row.beside) == (tmp_path / "media" / "1.png", PurePosixPath("1.png"))
        assert copy.undo()
        assert copy.items() == ()


def test_a_copy_replaces_a_project_but_not_one_somebody_works_on(tmp_path: Path) -> None:
    with Project.open(tmp_path / "a.s2p") as project, Project.open(tmp_path / "b.s2p") as other:
        add(project, tmp_path / "1.png")
        with pytest.raises(DocError, match=r"^The project b\.s2p cannot be replaced: .* is working on it\.$"):
            project.copy_to(tmp_path / "b.s2p")
        add(other, tmp_path / "2.png")
        for end in ("", "-wal"):
            shutil.copy(tmp_path / f"b.s2p{end}", tmp_path / f"c.s2p{end}")
        project.copy_to(tmp_path / "c.s2p")
    with Project.open(tmp_path / "c.s2p") as copy:
        assert [row.path.name for row in copy.items()] == ["1.png"]


def test_what_a_crash_left_where_a_copy_goes_is_not_rolled_back_into_it(tmp_path: Path) -> None:
    target = tmp_path / "b.s2p"
    with Project.open(target) as other:
        for number in range(40):
            add(other, tmp_path / f"{number}.png")
    crash_while_writing(target)
    with Project.open(tmp_path / "a.s2p") as project:
        add(project, tmp_path / "1.png")
        project.copy_to(target)
    with Project.open(target) as copy:
        assert [row.path.name for row in copy.items()] == ["1.png"]


def test_a_copy_of_a_project_that_moved_and_is_only_read_finds_its_media(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    with Project.open(here / "a.s2p") as project:
        add(project, here / "1.png")
        project.note_media([MediaNote(row.id, row.path, "1-abc") for row in project.items()])
    here.rename(there)
    with Project.open_read_only(there / "a.s2p") as project:
        project.copy_to(tmp_path / "b.s2p")
    with Project.open(tmp_path / "b.s2p") as copy:
        assert [row.path for row in copy.items()] == [there / "1.png"]


def test_a_cancelled_copy_leaves_what_was_there(tmp_path: Path) -> None:
    def cancel(done: int, total: int) -> None:
        raise KeyError

    with Project.open(tmp_path / "a.s2p") as project:
        add(project, tmp_path / "1.png")
        with pytest.raises(KeyError):
            project.copy_to(tmp_path / "b.s2p", cancel)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.png", "a.s2p"]


@pytest.mark.parametrize("beside", ["../1.png", "/etc/passwd", "C:/1.png", "a/../../1.png", "."])
def test_media_that_would_lie_outside_are_damage(tmp_path: Path, beside: str) -> None:
    with Project.open(tmp_path / "a.s2p") as project:
        add(project, tmp_path / "1.png")
    with closing(sqlite3.connect(tmp_path / "a.s2p")) as connection:
        connection.execute("UPDATE item SET beside = ?", (json.dumps(beside),))
        connection.commit()
    with pytest.raises(DamagedError):
        Project.open(tmp_path / "a.s2p")
    with Project.open_read_only(tmp_path / "a.s2p") as project, pytest.raises(DamagedError):
        project.items()
