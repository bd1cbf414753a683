"""Files that went are said, found again by themselves or with a little help, and never taken for others."""

import shutil
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton

from sam2_annotator.jobs.open_paths import PROJECT_SUFFIX
from sam2_annotator.ui.controllers import media
from sam2_annotator.ui.dialogs.question import QuestionDialog
from sam2_annotator.ui.dialogs.relocate import RelocateDialog
from sam2_annotator.values.intents import DocumentAction
from support.drawn import picture_file


@pytest.fixture
def project(start, tmp_path: Path) -> Path:
    """Three annotated pictures in a folder, in a project elsewhere, closed."""
    folder = tmp_path / "old" / "pictures"
    folder.mkdir(parents=True)
    for number in range(3):
        picture_file(folder / f"{number}.png")
    driver = start()
    driver.open(folder)
    driver.until(lambda: len(driver.project.items()) == 3)
    driver.click(30, 32)
    driver.answered()
    driver.until(lambda: all(row.fingerprint for row in driver.project.items()))
    path = driver.project.path
    driver.close()
    return path


def reopened(start, path: Path, missing: int):
    driver = start()
    driver.app.controllers.document.open((path,))
    driver.until(lambda: len(driver.app.state.health.missing) == missing)
    return driver


def look(driver, monkeypatch: pytest.MonkeyPatch, path: Path, button: str) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(path))
    driver.app.router.route(DocumentAction.FIND_MISSING)
    dialog = next(found for found in driver.window.findChildren(RelocateDialog) if found.isVisible())
    QTest.mouseClick(dialog.findChild(QPushButton, button), Qt.MouseButton.LeftButton)


def test_one_file_finds_the_others_and_undo_takes_it_back(start, project: Path, tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "old").rename(tmp_path / "new")
    driver = reopened(start, project, 3)
    assert "3 files are not where they were." in driver.notices
    look(driver, monkeypatch, tmp_path / "new" / "pictures" / "0.png", "relocateFile")
    driver.until(lambda: "3 files found again." in driver.notices)
    assert {row.path.parent for row in driver.project.items()} == {tmp_path / "new" / "pictures"}
    driver.until(lambda: driver.window.canvas.picture_size is not None)
    assert driver.app.state.health.missing == frozenset()
    driver.app.router.route(DocumentAction.UNDO)
    driver.until(lambda: len(driver.app.state.health.missing) == 3)
    driver.until(lambda: driver.notices.count("3 files are not where they were.") == 2)


def test_what_is_missing_is_said_once_however_long_looking_takes(start, project: Path, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(media, "_SLICE_SECONDS", 0.0)
    (tmp_path / "old").rename(tmp_path / "new")
    driver = reopened(start, project, 3)
    driver.until(lambda: "3 files are not where they were." in driver.notices)


def test_a_folder_is_looked_through(start, project: Path, tmp_path, monkeypatch) -> None:
    deep = tmp_path / "disk" / "a" / "b"
    deep.parent.mkdir(parents=True)
    (tmp_path / "old" / "pictures").rename(deep)
    driver = reopened(start, project, 3)
    look(driver, monkeypatch, tmp_path / "disk", "relocateFolder")
    driver.until(lambda: "3 files found again." in driver.notices)


def test_other_content_is_asked_about_and_another_size_refused(
    start, project: Path, tmp_path: Path, monkeypatch
) -> None:
    folder = tmp_path / "old" / "pictures"
    shutil.rmtree(folder)
    driver = reopened(start, project, 3)
    others = tmp_path / "others"
    others.mkdir()
    Image.new("RGB", (96, 64), "red").save(others / "0.png")
    Image.new("RGB", (50, 40), "red").save(others / "1.png")
    look(driver, monkeypatch, others, "relocateFolder")
    driver.until(lambda: bool(driver.window.findChildren(QuestionDialog)))
    assert any("1.png is 50 x 40" in text and "would not fit" in text for text in driver.notices)
    assert len(driver.app.state.health.missing) == 3
    dialog = driver.window.findChild(QuestionDialog)
    QTest.mouseClick(dialog.findChild(QPushButton, "questionYes"), Qt.MouseButton.LeftButton)
    driver.until(lambda: "1 file found again." in driver.notices)
    assert [row.path.parent.name for row in driver.project.items()] == ["others", "pictures", "pictures"]


def test_media_that_moved_beside_the_project_are_found_quietly(start, project: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    (tmp_path / "old" / "pictures").rename(there)
    moved = project.rename(there / f"work{PROJECT_SUFFIX}")
    driver = start()
    driver.app.controllers.document.open((moved,))
    driver.until(
        lambda: (
            {row.path.parent for row in driver.project.items()} == {there} if driver.app.state.bus.project else False
        )
    )
    driver.until(lambda: driver.window.canvas.picture_size is not None)
    assert not any("not where" in text for text in driver.notices)
    assert driver.project.undo_title != "Find 3 files", "nothing a person did"


def test_a_file_that_changed_is_said(start, project: Path, tmp_path: Path) -> None:
    Image.new("RGB", (96, 64), "red").save(tmp_path / "old" / "pictures" / "1.png")
    driver = start()
    driver.app.controllers.document.open((project,))
    driver.until(lambda: any(text.startswith("1.png has changed") for text in driver.notices))
    assert len(driver.app.state.health.altered) == 1
