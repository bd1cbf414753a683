"""What a person did is on the disk a moment later, and is said not to be where it cannot get there."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from sam2_annotator.doc import Project
from sam2_annotator.doc.commands import AddLabel
from support.drawn import picture_file

CTRL = Qt.KeyboardModifier.ControlModifier


def saved_state(driver) -> str:
    return driver.window.status.findChild(QLabel, "statusSaved").text()


def fill_disk(driver) -> None:
    connection = driver.project._connection
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    label = 0
    while driver.app.state.bus.apply(AddLabel(f"{label:0100}")):
        label += 1
    driver.project.undo()  # the one that waits is nobody's
    driver.app.controllers.saving.try_again()


def free_disk(driver) -> None:
    driver.project._connection.execute("PRAGMA max_page_count = 1000000")


def test_an_edit_is_safe_from_a_power_cut_a_moment_later(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.until(lambda: saved_state(driver).startswith("All changes saved"))
    saved: list[object] = []
    driver.app.state.bus.saved.connect(saved.append)
    driver.click(30, 32)
    driver.answered()
    assert saved[0] is None
    assert "Saving" in saved_state(driver)
    driver.until(lambda: saved[-1] is not None)
    assert saved_state(driver).startswith("All changes saved")
    left = Path(shutil.copy(driver.project.path, tmp_path / "without-its-log.sam2proj"))
    with Project.open_read_only(left) as project:
        assert len(project.objects(driver.item)) == 1, "all of it is in the file itself"


def test_an_edit_on_a_full_disk_is_refused_and_said_until_there_is_room(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    fill_disk(driver)
    driver.until(lambda: driver.window.save_bar.reason == "")
    before = driver.project.labels()
    name = "x" * 100
    assert driver.app.state.bus.apply(AddLabel(name)) is None
    bar = driver.window.save_bar
    assert bar.isVisible()
    assert "the disk is full" in bar.reason
    assert "The last change waits for it." in bar.reason
    assert driver.project.labels() == before
    assert saved_state(driver) == "Not saved"
    assert driver.window.windowTitle().startswith("●")
    again = bar.findChild(QPushButton, "saveBarAgain")
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    assert bar.isVisible(), "it is still full"
    free_disk(driver)
    QTest.mouseClick(again, Qt.MouseButton.LeftButton)
    assert [row.name for row in driver.project.labels()][-1] == name
    driver.until(lambda: not bar.isVisible())
    driver.until(lambda: saved_state(driver).startswith("All changes saved"))
    assert not driver.window.windowTitle().startswith("●")


def test_ctrl_s_keeps_a_restore_point(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.press(Qt.Key.Key_S, CTRL)
    driver.until(lambda: "Saved, with a restore point." in driver.notices)
    folder = driver.project.path.with_name(f"{driver.project.path.name}.restore")
    assert len(list(folder.iterdir())) == 1
    driver.app.state.settings.change({"restore_points": 2})
    for count in (2, 3, 4):
        driver.press(Qt.Key.Key_S, CTRL)
        driver.until(lambda count=count: driver.notices.count("Saved, with a restore point.") == count)
    assert len(list(folder.iterdir())) == 2


_CRASH = """
import os, signal, sys
sys.path[:0] = {paths!r}
from pathlib import Path
from PySide6.QtCore import QTimer
from sam2_annotator.settings import Settings
from sam2_annotator.ui import main
from sam2_annotator.doc.commands import AddLabel, AddObject
from support.fake_engine import FakeService
from support.window import scheduled
qt = main.application()
app = main.build(qt, Settings(theme="dark"), make_scheduler=scheduled(FakeService()))
app.window.show()
def work():
    bus = app.state.bus
    bus.apply(AddLabel("dog"))
    bus.apply(AddLabel("cat"))
    bus.apply(AddObject(bus.project.items()[0].id, draft=True))
    os.kill(os.getpid(), signal.SIGKILL)
app.controllers.document.opened.connect(work)
app.controllers.document.open((Path({picture!r}),))
app.start()
qt.exec()
"""


def test_after_a_crash_the_next_start_opens_what_was_open_and_says_so(start, tmp_path: Path) -> None:
    picture = picture_file(tmp_path / "a.png")
    tests = Path(__file__).parents[1]
    code = _CRASH.format(paths=[str(tests.parent), str(tests)], picture=str(picture))
    ended = subprocess.run([sys.executable, "-c", code], env=os.environ, capture_output=True, text=True, timeout=120)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    driver = start()
    driver.app.controllers.document.open_what_was_left(last=False)
    driver.until(lambda: driver.window.canvas.picture_size is not None)
    assert [row.name for row in driver.project.labels()] == ["dog", "cat"]
    assert driver.objects()[0].draft
    assert any(text.startswith("Restored 4 changes from ") for text in driver.notices)
    driver.close()

    again = start()
    again.app.controllers.document.open_what_was_left(last=False)
    assert again.app.state.bus.project is None, "that run ended well"
    again.app.controllers.document.open_what_was_left(last=True)
    again.until(lambda: again.window.canvas.picture_size is not None)
    assert not any(text.startswith("Restored") for text in again.notices)


def test_a_second_window_reads_and_says_who_writes(start, tmp_path: Path) -> None:
    picture = picture_file(tmp_path / "a.png")
    first = start()
    first.open(picture)
    second = start()
    second.app.controllers.document.open_what_was_left(last=False)
    second.until(lambda: not second.app.threads.tasks.running)
    assert second.app.state.bus.project is None, "what another window has open was not left by a crash"
    second.app.controllers.document.open((first.project.path,))
    second.until(lambda: second.window.canvas.picture_size is not None)
    assert second.project.read_only
    assert any(text.startswith("Read-only: ") and "process" in text for text in second.notices)
    told = len(second.notices)
    second.click(30, 32)
    assert second.objects() == ()
    assert second.notices[told:] == [second.notices[told]], "a click that cannot work says why, once"
    assert second.notices[-1].startswith("Read-only: ")
    actions = second.app.actions
    assert not actions["review.confirm"].isEnabled()
    assert "reading only" in actions.why_not("review.confirm")
    assert actions["view.fit"].isEnabled()
    assert actions["file.export"].isEnabled()
    assert saved_state(second) == "Read only"
    first.click(30, 32)
    first.answered()
    assert len(first.objects()) == 1
