"""Small projects and masks for tests of the document and of what reads it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddItems, AddLabel, AddObject, NewItem
from sam2_annotator.doc.schema import DOCUMENT_TABLES
from sam2_annotator.masks import rle
from sam2_annotator.values.frame import MediaFacts, MediaKind
from sam2_annotator.values.ids import ItemId, LabelId, ObjectId
from sam2_annotator.values.mask import Mask

HEIGHT, WIDTH, FRAMES = 6, 8, 5


def rectangle(x0: int, y0: int, x1: int, y1: int, *, width: int = WIDTH, height: int = HEIGHT) -> Mask:
    """A filled rectangle in a frame of 8 x 6 unless said, right and bottom exclusive."""
    array = np.zeros((height, width), dtype=bool)
    array[y0:y1, x0:x1] = True
    return rle.encode(array)


def new_item(name: str = "clip.mp4", kind: MediaKind = MediaKind.VIDEO, frames: int = FRAMES) -> NewItem:
    """An item of 8 x 6 with a path nobody opens."""
    fps = 25.0 if kind is MediaKind.VIDEO else None
    return NewItem(kind, Path("/nowhere") / name, MediaFacts(WIDTH, HEIGHT, frames, fps))


def add_clip(project: Project, name: str = "clip.mp4") -> ItemId:
    """A clip of five frames."""
    return ItemId(project.apply(AddItems((new_item(name),))).created[0])


def add_picture(project: Project, name: str = "picture.png") -> ItemId:
    """A still picture."""
    return ItemId(project.apply(AddItems((new_item(name, MediaKind.IMAGE, 1),))).created[0])


def add_label(project: Project, name: str) -> LabelId:
    """A label."""
    return LabelId(project.apply(AddLabel(name)).created[0])


def add_object(project: Project, item: ItemId, label: LabelId | None = None, *, draft: bool = False) -> ObjectId:
    """An object without masks."""
    return ObjectId(project.apply(AddObject(item, label, draft)).created[0])


def tables(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of the document, read past the program."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=str) for name in DOCUMENT_TABLES}


def crash_while_writing(path: Path) -> None:
    """Leave a project that keeps a rollback journal as a program does that ends in the middle of a large write."""
    journal = path.with_name(f"{path.name}-journal")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA cache_size = 2")
        connection.execute("BEGIN")
        connection.execute("UPDATE item SET path = '\"gone' || id || '\"'")
        rows = ((f"name {number}", f'"{"x" * 500}"') for number in range(1000))
        connection.executemany("INSERT INTO setting VALUES (?, ?)", rows)
        left = path.read_bytes(), journal.read_bytes()
    path.write_bytes(left[0])
    journal.write_bytes(left[1])
