"""A process killed at work loses nothing that was committed: the reopened project equals a prefix of its story."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddLabel, AddObject, Command, DeleteObject, NewMask, SetLabel, SetMasks
from sam2_annotator.values.ids import FrameIndex, LabelId, ObjectId
from support.documents import FRAMES, add_clip, rectangle, tables


def work(path: Path, *, stop_at: int | None = None) -> None:
    """Apply random commands, the same ones every time, and say how many revisions are written."""
    chance = random.Random(7)
    with Project.open(path) as project:
        item = add_clip(project)
        while stop_at is None or project.revision < stop_at:
            rows = project.objects(item)
            one = ObjectId(chance.choice(rows).id) if rows else ObjectId(0)
            masks = tuple(NewMask(row.id, rectangle(0, 0, chance.randint(1, 8), 6), 0.9, 1.0) for row in rows)
            labels = project.labels()
            commands: list[Command] = [
                AddObject(item),
                SetMasks(item, FrameIndex(chance.randrange(FRAMES)), masks),
                AddLabel(f"label {len(labels)}") if len(labels) < 9 else AddObject(item, LabelId(1)),
                SetLabel((one,), LabelId(chance.choice(labels).id)) if rows and labels else AddObject(item),
                DeleteObject(item, (one,)) if len(rows) > 5 else AddObject(item),
            ]
            match chance.randrange(7):
                case 5:
                    project.undo()
                case 6:
                    project.redo()
                case number:
                    project.apply(commands[number])
            if stop_at is None:
                print(project.revision, flush=True)


@pytest.mark.parametrize("seconds", [0.05, 0.15, 0.3])
def test_a_killed_project_equals_a_prefix(tmp_path: Path, seconds: float) -> None:
    path = tmp_path / "work.s2p"
    tests = Path(__file__).parents[1]
    code = f"import sys; sys.path[:0] = {[str(tests.parent), str(tests)]!r}\n"
    code += f"import runpy; runpy.run_path({__file__!r})['work'](__import__('pathlib').Path({str(path)!r}))"
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    with child:
        assert child.stdout is not None
        assert child.stdout.readline().strip().isdigit(), "it is at work"
        time.sleep(seconds)
        child.kill()
        told = max(map(int, child.stdout.read().split()[:-1]), default=1)
    with Project.open(path) as project:
        assert not project.read_only
        revision = project.revision
    assert revision >= told, "what was answered is there"
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    again = tmp_path / "again.s2p"
    work(again, stop_at=revision)
    assert tables(path) == tables(again)
