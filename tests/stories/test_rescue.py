"""A damaged project is met with a way out, and stays as it is."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddItems, AddObject, NewItem
from sam2_annotator.ui.dialogs.error import ErrorDialog
from sam2_annotator.ui.dialogs.rescue import RescueDialog
from sam2_annotator.values.frame import MediaFacts, MediaKind
from sam2_annotator.values.ids import ItemId
from support.drawn import picture_file


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A project with two objects, one of which hangs on nothing; there is a restore point from before."""
    picture, path = picture_file(tmp_path / "a.png"), tmp_path / "work.sam2proj"
    with Project.open(path) as project:
        project.apply(AddItems((NewItem(MediaKind.IMAGE, picture, MediaFacts(96, 64, 1, None)),)))
        project.apply(AddObject(ItemId(1)))
        project.save()
        project.apply(AddObject(ItemId(1)))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE object SET item = 99 WHERE id = 2")
        connection.commit()
    return path


def ask(driver, path: Path) -> RescueDialog:
    driver.app.controllers.document.open((path,))
    driver.until(lambda: bool(driver.window.findChildren(RescueDialog)))
    return driver.window.findChild(RescueDialog)


def press(dialog: RescueDialog, name: str) -> None:
    QTest.mouseClick(dialog.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def test_what_can_be_read_is_rescued_and_said(start, damaged: Path) -> None:
    before = damaged.read_bytes()
    driver = start()
    dialog = ask(driver, damaged)
    assert dialog.findChild(QLabel, "rescueMessage").text() == "The project work.sam2proj is damaged."
    press(dialog, "rescueStart")
    driver.until(lambda: driver.window.canvas.picture_size is not None)
    assert driver.project.path.name == "work (rescued).sam2proj"
    assert len(driver.objects()) == 1
    assert "Rescued: 1 pictures and clips, 1 objects, 0 masks." in driver.notices
    assert "Lost: 1 entry that made no sense." in driver.notices
    assert damaged.read_bytes() == before


def test_the_newest_restore_point_opens_in_place_of_a_damaged_project(start, damaged: Path) -> None:
    driver = start()
    press(ask(driver, damaged), "rescuePoint")
    driver.until(lambda: driver.window.canvas.picture_size is not None)
    assert driver.project.path.name == "work (restored).sam2proj"
    assert len(driver.objects()) == 1


def test_nobody_is_forced(start, damaged: Path) -> None:
    driver = start()
    dialog = ask(driver, damaged)
    press(dialog, "rescueClose")
    assert driver.app.state.bus.project is None
    assert sorted(path.name for path in damaged.parent.glob("*.sam2proj")) == ["work.sam2proj"]


@pytest.mark.parametrize("kind", ["newer", "foreign", "folder"])
def test_what_cannot_be_rescued_is_one_sentence(start, damaged: Path, kind: str) -> None:
    if kind == "newer":
        with closing(sqlite3.connect(damaged)) as connection:
            connection.execute("PRAGMA user_version = 999")
    else:
        damaged.unlink()
        damaged.mkdir() if kind == "folder" else damaged.write_bytes(b"no project at all")
    driver = start()
    driver.app.controllers.document.open((damaged,))
    driver.until(lambda: bool(driver.window.findChildren(ErrorDialog)))
    words = driver.window.findChild(ErrorDialog).findChild(QLabel, "errorMessage").text()
    assert damaged.name in words
    assert driver.app.state.bus.project is None


def test_where_nothing_can_be_written_earlier_rescues_stay(start, damaged: Path, monkeypatch) -> None:
    touch = Path.touch

    def refuse(path: Path, *args, **kw) -> None:
        if path.parent == damaged.parent:
            raise PermissionError
        touch(path, *args, **kw)

    monkeypatch.setattr(Path, "touch", refuse)
    places = []
    for _ in range(2):
        driver = start()
        press(ask(driver, damaged), "rescueStart")
        driver.until(lambda driver=driver: driver.window.canvas.picture_size is not None)
        places.append(driver.project.path)
        driver.close()
    assert [path.name for path in places] == ["work (rescued).sam2proj", "work (rescued) 2.sam2proj"]
    assert damaged.parent not in {path.parent for path in places}
