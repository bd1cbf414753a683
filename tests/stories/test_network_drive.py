"""A project on a network drive: the window never waits for it, and nothing is lost when it is slow, full or away."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QProgressBar, QPushButton, QTreeWidget

from sam2_annotator.doc import Place, Project
from sam2_annotator.doc.commands import AddItems, AddLabel, NewItem
from sam2_annotator.ui.controllers import drives as drives_controller
from sam2_annotator.ui.dialogs.finishing import FinishingDialog
from sam2_annotator.ui.dialogs.restore_points import RestorePointsDialog
from sam2_annotator.values.frame import MediaFacts, MediaKind
from sam2_annotator.values.intents import DocumentAction
from support.drawn import picture_file
from support.far_drive import FarDrive
from support.far_drive import drive as drive
from support.window import Driver, Heartbeat

CTRL = Qt.KeyboardModifier.ControlModifier
SLOW = 1.2


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, drive: FarDrive) -> Iterator[None]:
    """What takes seconds so that a drive is left in peace takes none; whatever is done, the window asks no drive."""
    monkeypatch.setattr(drives_controller, "_SOON_MS", 30)
    monkeypatch.setattr(drives_controller, "_SHARE", 0)
    monkeypatch.setattr(drives_controller, "_AGAIN_MS", 30)
    yield
    assert drive.window_waited == []


@pytest.fixture
def path(drive: FarDrive) -> Path:
    """A project of one picture, both on the drive."""
    picture, path = picture_file(drive.folder / "a.png"), drive.folder / "work.sam2proj"
    with Project.open(Place(path, path)) as project:
        project.apply(AddItems((NewItem(MediaKind.IMAGE, picture, MediaFacts(96, 64, 1, None)),)))
    return path


def labels(path: Path) -> list[str]:
    with Project.open_read_only(path) as project:
        return [row.name for row in project.labels()]


def saved_state(driver: Driver) -> str:
    return driver.window.status.findChild(QLabel, "statusSaved").text()


def add(driver: Driver, name: str) -> None:
    assert driver.app.state.bus.apply(AddLabel(name))


def quit_program(driver: Driver) -> None:
    driver.close()
    driver.until(lambda: driver.app.threads.drive_thread.isFinished())


def test_edits_reach_the_drive_a_moment_later(start, path: Path) -> None:
    driver = start()
    driver.open(path)
    assert driver.project.path == path
    assert any("lies on a network drive" in text for text in driver.notices)
    add(driver, "dog")
    driver.until(lambda: saved_state(driver).startswith("Saved on this computer"))
    driver.until(lambda: saved_state(driver).startswith("All changes saved"))
    assert labels(path) == ["dog"]
    assert "work" in driver.window.windowTitle()
    add(driver, "cat")
    quit_program(driver)
    assert labels(path) == ["dog", "cat"]
    assert sorted(found.name for found in path.parent.iterdir()) == ["a.png", "work.sam2proj"]


def test_the_window_never_waits_for_a_slow_drive(start, path: Path, drive: FarDrive) -> None:
    driver = start()
    driver.until(lambda: not driver.app.threads.tasks.running)
    drive.delay = SLOW
    heart, gaps = Heartbeat(), {}
    heart.start()
    driver.open(path)
    gaps["opening"] = heart.stop()
    for number, what in enumerate(("editing", "saving", "looking")):
        heart.start()
        began = time.monotonic()
        add(driver, f"label {number}")
        if what == "saving":
            driver.press(Qt.Key.Key_S, CTRL)
        elif what == "looking":
            driver.app.router.route(DocumentAction.RESTORE_POINTS)
            driver.dialog(RestorePointsDialog).reject()
        driver.until(lambda number=number: f"label {number}" in labels(path))
        assert time.monotonic() - began > SLOW, "the drive was slow"
        gaps[what] = heart.stop()
    heart.start()
    driver.app.controllers.document.close()
    driver.until(lambda: not driver.app.state.copies.open_or_owing)
    gaps["closing"] = heart.stop()
    assert max(gaps.values()) < SLOW, gaps


def test_while_the_drive_is_away_work_goes_on_and_is_said_to_be_safe(start, path: Path, drive: FarDrive) -> None:
    driver = start()
    driver.open(path)
    drive.go_away()
    add(driver, "dog")
    bar = driver.window.drive_bar
    driver.until(lambda: bar.isVisible())
    assert bar.reason == (
        "The drive of work.sam2proj cannot be reached. "
        "Your work is safe on this computer and will be written there when it is back."
    )
    driver.until(lambda: saved_state(driver).startswith("Saved on this computer"))
    assert not driver.window.save_bar.isVisible()
    add(driver, "cat")
    driver.app.router.route(DocumentAction.SAVE)
    driver.until(lambda: "Saved, with a restore point." in driver.notices)
    drive.come_back()
    QTest.mouseClick(bar.findChild(QPushButton, "driveBarAgain"), Qt.MouseButton.LeftButton)
    driver.until(lambda: not bar.isVisible())
    driver.until(lambda: saved_state(driver).startswith("All changes saved"))
    assert labels(path) == ["dog", "cat"]
    assert len(list(path.with_name("work.sam2proj.restore").iterdir())) == 1


def test_what_somebody_else_changed_stays_and_the_work_goes_on_beside_it(start, path: Path) -> None:
    driver = start()
    driver.open(path)
    path.with_name("work.sam2proj.lock").unlink()
    with Project.open(Place(path, path)) as other:
        other.apply(AddLabel("theirs"))
    add(driver, "ours")
    driver.until(lambda: driver.project.path != path)
    aside = driver.project.path
    assert any(path.name in text and aside.name in text for text in driver.notices)
    assert "changes by" in driver.window.windowTitle()
    assert labels(path) == ["theirs"]
    driver.until(lambda: labels(aside) == ["ours"])
    add(driver, "more")
    quit_program(driver)
    assert labels(aside) == ["ours", "more"]


def test_quitting_waits_for_a_slow_drive_and_says_so(start, path: Path, drive: FarDrive) -> None:
    driver = start()
    driver.open(path)
    drive.delay = SLOW
    add(driver, "dog")
    driver.close()
    dialog = driver.dialog(FinishingDialog)
    assert dialog.findChild(QLabel, "finishingHeading").text() == "Writing work to its network drive"
    driver.until(lambda: driver.app.threads.drive_thread.isFinished())
    assert labels(path) == ["dog"]


def test_who_does_not_wait_finds_the_work_on_the_drive_after_the_next_start(
    start, path: Path, drive: FarDrive, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = start()
    driver.open(path)
    drive.delay = SLOW
    add(driver, "dog")
    driver.close()
    QTest.mouseClick(driver.dialog(FinishingDialog).findChild(QPushButton, "finishingQuit"), Qt.MouseButton.LeftButton)
    driver.until(lambda: driver.app.threads.drive_thread.isFinished())
    assert labels(path) == []
    drive.delay = 0
    again = start()
    again.until(lambda: "The network drive has all of your work on work now." in again.notices)
    assert labels(path) == ["dog"]


def test_quitting_without_the_drive_says_where_the_work_is(start, path: Path, drive: FarDrive) -> None:
    driver = start()
    driver.open(path)
    drive.go_away()
    add(driver, "dog")
    driver.close()
    dialog = driver.dialog(FinishingDialog)
    driver.until(lambda: not dialog.findChild(QProgressBar, "finishingBar").isVisible())
    assert dialog.findChild(QLabel, "finishingHeading").text() == "The drive of work.sam2proj cannot be reached."
    assert "safe on this computer" in dialog.findChild(QLabel, "finishingNote").text()
    QTest.mouseClick(dialog.findChild(QPushButton, "finishingQuit"), Qt.MouseButton.LeftButton)
    driver.until(lambda: driver.app.threads.drive_thread.isFinished())
    again = start()
    again.app.controllers.document.open((path,))
    again.until(lambda: again.app.state.bus.project is not None)
    assert [row.name for row in again.project.labels()] == ["dog"]
    drive.come_back()
    again.app.controllers.drives.hurry()
    again.until(lambda: labels(path) == ["dog"] if path.exists() else False)
    quit_program(again)


def test_going_back_to_a_restore_point(start, path: Path) -> None:
    driver = start()
    driver.open(path)
    add(driver, "dog")
    driver.app.router.route(DocumentAction.SAVE)
    driver.until(lambda: "Saved, with a restore point." in driver.notices)
    driver.until(lambda: path.with_name("work.sam2proj.restore").exists())
    add(driver, "cat")
    driver.app.router.route(DocumentAction.RESTORE_POINTS)
    dialog = driver.dialog(RestorePointsDialog)
    points = dialog.findChild(QTreeWidget, "restorePoints")
    points.setCurrentItem(points.topLevelItem(0))
    QTest.mouseClick(dialog.findChild(QPushButton, "restorePointsReturn"), Qt.MouseButton.LeftButton)
    bus = driver.app.state.bus
    driver.until(lambda: bus.project is not None and [row.name for row in bus.project.labels()] == ["dog"])
    driver.until(lambda: labels(path) == ["dog"])
    assert driver.project.path == path
    assert driver.project.items()[0].path == path.parent / "a.png"
    assert str(driver.project.items()[0].beside) == "a.png"
    quit_program(driver)
    assert len(list(path.with_name("work.sam2proj.restore").iterdir())) == 2


def test_a_project_is_saved_to_a_drive_and_from_it(
    start, path: Path, drive: FarDrive, tmp_path: Path, monkeypatch
) -> None:
    driver = start()
    driver.open(path)
    add(driver, "dog")
    for target in (tmp_path / "home.sam2proj", drive.folder / "again.sam2proj"):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, target=target: (str(target), ""))
        driver.app.router.route(DocumentAction.SAVE_AS)
        driver.until(lambda target=target: driver.project.path == target)
        assert driver.project.place.is_copy is target.is_relative_to(drive.folder)
        add(driver, target.stem)
    quit_program(driver)
    assert labels(path) == ["dog"]
    assert labels(tmp_path / "home.sam2proj") == ["dog", "home"]
    assert labels(drive.folder / "again.sam2proj") == ["dog", "home", "again"]
