"""A process killed at work loses nothing that was committed: the reopened project equals a prefix of its story."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import random
import sqlite3
import sys
import time
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from sam2_annotator.doc import Project
from support import busy_child
from support.documents import tables

KILLS = 50
LONGEST = 0.4

Tables = dict[str, list[tuple[object, ...]]]


class _Stories:
    """The tables after each revision of the story all children tell."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def after(self, revisions: set[int]) -> dict[int, Tables]:
        found: dict[int, Tables] = {}
        path = self._folder / "story.s2p"

        def remember(revision: int) -> None:
            if revision in revisions and revision not in found:
                found[revision] = tables(path)

        with Project.open(path) as project:
            remember(0)
            busy_child.edit(project, remember, stop_at=max(revisions))
        return found


def _killed(folder: Path, seconds: float) -> tuple[Path, int]:
    """A project somebody was killed at work on, and the last revision it was told of."""
    context = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
    context.set_forkserver_preload(["support.busy_child"])  # imported once, not in every child
    folder.mkdir()
    hear, tell = context.Pipe(duplex=False)
    child = context.Process(target=busy_child.work, args=(folder / "work.s2p", folder, tell))
    child.start()
    tell.close()
    told = int(hear.recv())
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0 and hear.poll(left):
        told = int(hear.recv())
    child.kill()
    told = max(told, *_rest(hear), 0)
    child.join()
    assert child.exitcode != 0, "it was at work until the end"
    child.close()
    return folder / "work.s2p", told


def _rest(hear: Connection) -> list[int]:
    rest: list[int] = [0]
    with contextlib.suppress(EOFError):
        while True:
            rest.append(int(hear.recv()))
    hear.close()
    return rest


def test_killed_at_fifty_moments_nothing_is_lost_and_everything_can_be_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))  # the server of the children does not get it otherwise
    chance = random.Random(3)
    reopened: dict[int, Tables] = {}
    for number in range(KILLS):
        path, told = _killed(tmp_path / f"{number}", chance.uniform(0, LONGEST))
        with Project.open(path) as project:
            assert not project.read_only
            revision = project.revision
            assert told <= revision <= told + 1, "what was answered is there, and at most one write more"
            assert project.restored is not None
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        reopened[revision] = tables(path)
        _check_history(path, reopened[revision])
        _check_exports(path.parent)
    expected = _Stories(tmp_path).after(set(reopened))
    assert len(reopened) > KILLS // 5, "the moments differ"
    for revision, found in reopened.items():
        assert found == expected[revision], f"revision {revision}"


def _check_history(path: Path, before: Tables) -> None:
    with Project.open(path) as project:
        undone = 0
        while project.undo() is not None:
            undone += 1
        assert all(not rows for rows in tables(path).values())
        for _ in range(undone):
            assert project.redo() is not None
        assert tables(path) == before
        while project.redo() is not None:
            pass


def _check_exports(folder: Path) -> None:
    """What goes by the name of an export is a whole one."""
    for target in folder.iterdir():
        if target.name.isdigit():
            written = {file.name: json.loads(file.read_text(encoding="utf-8")) for file in target.glob("**/*.json")}
            assert any("images" in content for content in written.values())
