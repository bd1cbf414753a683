"""A project is saved elsewhere, packed for another machine, and brought back to what it was."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QTreeWidget

from sam2_annotator.doc.commands import AddLabel
from sam2_annotator.jobs.open_paths import PROJECT_SUFFIX
from sam2_annotator.ui.dialogs.restore_points import RestorePointsDialog
from sam2_annotator.values.intents import DocumentAction
from support.drawn import frames_folder, picture_file

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def answer(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(path))


def picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return picture_file(path)


def labels(driver) -> list[str]:
    return [row.name for row in driver.project.labels()]


def test_save_as_goes_on_with_the_project_in_its_new_place(start, tmp_path: Path, monkeypatch) -> None:
    driver = start()
    driver.open(picture(tmp_path / "holiday" / "a.png"))
    driver.click(30, 32)
    driver.answered()
    old = driver.project.path
    target = tmp_path / "holiday" / f"mine{PROJECT_SUFFIX}"
    answer(monkeypatch, target.with_suffix(""))
    driver.press(Qt.Key.Key_S, CTRL | SHIFT)
    driver.until(lambda: driver.project.path == target)
    driver.until(lambda: driver.app.state.view.item is not None)
    assert len(driver.objects()) == 1
    assert driver.project.items()[0].beside is not None
    driver.until(lambda: not old.exists())  # the program's own copy is not needed any more
    assert "mine" in driver.window.windowTitle()
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.objects() == (), "the history came along"
    driver.press(Qt.Key.Key_Z, CTRL | SHIFT)
    driver.close()

    (tmp_path / "holiday").rename(tmp_path / "moved")
    again = start()
    again.open(tmp_path / "moved" / target.name)
    assert again.item == again.project.items()[0].id
    assert again.project.items()[0].path == tmp_path / "moved" / "a.png"
    again.close()


def test_the_media_still_open_their_project_after_it_moved(start, tmp_path: Path, monkeypatch) -> None:
    media = picture(tmp_path / "a.png")
    driver = start()
    driver.open(media)
    target = tmp_path / f"mine{PROJECT_SUFFIX}"
    answer(monkeypatch, target)
    driver.app.router.route(DocumentAction.SAVE_AS)
    driver.until(lambda: driver.project.path == target)
    driver.until(lambda: not driver.app.threads.tasks.running)
    driver.close()
    again = start()
    again.open(media)
    assert again.project.path == target


def test_a_full_disk_is_left_by_saving_elsewhere(start, tmp_path: Path, monkeypatch) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    connection = driver.project._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    name = 0
    while driver.app.state.bus.apply(AddLabel(f"{name:0100}")):
        name += 1
    bar = driver.window.save_bar
    assert bar.isVisible()
    target = tmp_path / f"mine{PROJECT_SUFFIX}"
    answer(monkeypatch, target)
    QTest.mouseClick(bar.findChild(QPushButton, "saveBarElsewhere"), Qt.MouseButton.LeftButton)
    driver.until(lambda: driver.project.path == target)
    driver.until(lambda: len(driver.project.labels()) == name + 1)
    driver.until(lambda: not bar.isVisible())
    assert driver.app.state.bus.pending == 0


def test_pack_takes_project_and_media_along(start, tmp_path: Path, monkeypatch) -> None:
    one, other = picture(tmp_path / "x" / "a" / "1.png"), picture(tmp_path / "y" / "a" / "1.png")
    lost = picture(tmp_path / "z" / "lost.png")
    clip = frames_folder(tmp_path / "clip", 3)
    driver = start()
    driver.app.controllers.document.open((clip,), as_clip=True)
    driver.until(lambda: driver.window.canvas.picture_size is not None)
    driver.click(30, 32)
    driver.answered()
    driver.app.controllers.document.close()
    driver.open(one, other, lost)
    driver.until(lambda: len(driver.project.items()) == 3)
    driver.click(30, 32)
    driver.answered()
    lost.unlink()
    (tmp_path / "out").mkdir()
    answer(monkeypatch, tmp_path / "out")
    driver.app.router.route(DocumentAction.PACK)
    driver.until(lambda: any(text.startswith("Packed into ") for text in driver.notices))
    assert any("lost.png" in text for text in driver.notices)
    (packed,) = (tmp_path / "out").iterdir()
    names = sorted(str(path.relative_to(packed)) for path in packed.rglob("*") if path.is_file())
    assert names == [f"{packed.name}{PROJECT_SUFFIX}", "media/a-2/1.png", "media/a/1.png"]
    driver.close()
    shutil.rmtree(tmp_path / "x")
    there = tmp_path / "another machine"
    packed.rename(there)
    again = start()
    again.open(there / f"{packed.name}{PROJECT_SUFFIX}")
    assert not any(text.startswith("Restored") for text in again.notices)
    assert len(again.objects()) == 1
    assert [row.path for row in again.project.items()][:2] == [there / "media/a/1.png", there / "media/a-2/1.png"]


def test_going_back_to_a_restore_point_can_itself_be_taken_back(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    bus = driver.app.state.bus
    bus.apply(AddLabel("dog"))
    driver.press(Qt.Key.Key_S, CTRL)
    driver.until(lambda: "Saved, with a restore point." in driver.notices)
    bus.apply(AddLabel("cat"))
    for expected in (["dog"], ["dog", "cat"]):
        driver.app.router.route(DocumentAction.RESTORE_POINTS)
        dialog = driver.dialog(RestorePointsDialog)
        points = dialog.findChild(QTreeWidget, "restorePoints")
        points.setCurrentItem(points.topLevelItem(points.topLevelItemCount() - 1 if expected == ["dog"] else 0))
        button = dialog.findChild(QPushButton, "restorePointsReturn")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        driver.until(lambda expected=expected: bus.project is not None and labels(driver) == expected)
        driver.until(lambda: driver.app.state.view.item is not None)
        driver.until(lambda: not driver.window.findChildren(RestorePointsDialog))
    assert not list(driver.project.path.parent.glob("*.return"))


def test_restore_points_tell_day_objects_and_size(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(30, 32)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    driver.press(Qt.Key.Key_S, CTRL)
    driver.until(lambda: "Saved, with a restore point." in driver.notices)
    driver.app.router.route(DocumentAction.RESTORE_POINTS)
    row = driver.dialog(RestorePointsDialog).findChild(QTreeWidget, "restorePoints").topLevelItem(0)
    assert row.text(0).startswith(("Today ", "Yesterday "))
    assert (row.text(1), row.text(2)[-2:]) == ("1", "kB")


def test_a_restore_point_opens_as_a_copy(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    path = driver.project.path
    driver.app.router.route(DocumentAction.RESTORE_POINTS)
    dialog = driver.dialog(RestorePointsDialog)
    assert dialog.findChild(QLabel, "restorePointsEmpty").isVisible()
    dialog.reject()
    driver.app.router.route(DocumentAction.SAVE)
    driver.until(lambda: "Saved, with a restore point." in driver.notices)
    driver.app.state.bus.apply(AddLabel("cat"))
    driver.app.router.route(DocumentAction.RESTORE_POINTS)
    dialog = driver.dialog(RestorePointsDialog)
    QTest.mouseClick(dialog.findChild(QPushButton, "restorePointsCopy"), Qt.MouseButton.LeftButton)
    driver.until(lambda: driver.app.state.bus.project is not None and driver.project.path != path)
    assert labels(driver) == []
    assert path.exists()


def on_the_second_picture(driver, tmp_path: Path) -> None:
    """Outlined and zoomed in on it; the list would begin with the first."""
    (tmp_path / "many").mkdir()
    names = [picture_file(tmp_path / "many" / f"{number}.png") for number in range(3)]
    driver.open(names[0].parent)
    driver.until(lambda: len(driver.project.items()) == 3)
    driver.press(Qt.Key.Key_Right)
    driver.until(lambda: shown(driver) == "1.png" and not driver.window.canvas.message)
    driver.click(30, 32)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    driver.app.state.view.select(driver.objects()[0].id)


def shown(driver) -> str:
    item = driver.app.state.view.item
    return "" if item is None else item.media.path.name


def test_save_as_leaves_picture_selection_and_zoom_as_they_are(start, tmp_path: Path, monkeypatch) -> None:
    driver = start()
    on_the_second_picture(driver, tmp_path)
    canvas, selected = driver.window.canvas, driver.app.state.view.selection
    canvas.zoom_to(7.0)
    canvas.pan_by(13, -9)
    camera, target = canvas.camera, tmp_path / f"mine{PROJECT_SUFFIX}"
    answer(monkeypatch, target)
    driver.press(Qt.Key.Key_S, CTRL | SHIFT)
    driver.until(lambda: driver.project.path == target)
    driver.until(lambda: canvas.picture_size is not None)
    assert shown(driver) == "1.png"
    assert driver.app.state.view.selection == selected
    assert selected
    assert canvas.camera == camera


def test_going_back_shows_the_picture_one_was_on(start, tmp_path: Path) -> None:
    driver = start()
    on_the_second_picture(driver, tmp_path)
    bus = driver.app.state.bus
    driver.press(Qt.Key.Key_S, CTRL)
    driver.until(lambda: "Saved, with a restore point." in driver.notices)
    bus.apply(AddLabel("cat"))
    driver.press(Qt.Key.Key_Right)
    driver.until(lambda: shown(driver) == "2.png")
    driver.app.router.route(DocumentAction.RESTORE_POINTS)
    dialog = driver.dialog(RestorePointsDialog)
    QTest.mouseClick(dialog.findChild(QPushButton, "restorePointsReturn"), Qt.MouseButton.LeftButton)
    driver.until(lambda: bus.project is not None and labels(driver) == [])
    driver.until(lambda: driver.app.state.view.item is not None)
    assert shown(driver) == "2.png"


def test_the_project_knows_within_a_second_which_picture_is_shown(start, tmp_path: Path) -> None:
    driver = start()
    on_the_second_picture(driver, tmp_path)
    item = driver.item
    driver.until(lambda: (view := driver.project.view()) is not None and view.item == item, timeout=1_000)
