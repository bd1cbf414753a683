"""When network drives are written to: soon, seldom where they are slow, and ever later while they are away."""

from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sam2_annotator.doc import Place, Project
from sam2_annotator.doc.commands import AddLabel
from sam2_annotator.doc.remote import Outcome, WorkingCopies
from sam2_annotator.errors import DriveError
from sam2_annotator.settings import Settings
from sam2_annotator.ui.controllers.drives import DrivesController
from sam2_annotator.ui.document_bus import DocumentBus
from sam2_annotator.ui.live_settings import LiveSettings
from sam2_annotator.ui.notices import Notices
from sam2_annotator.ui.panels.save_bar import SaveBar
from sam2_annotator.ui.panels.task_progress import TaskProgressWidget
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.threads.drive_worker import DriveReport, DriveRequest
from support.far_drive import FarDrive
from support.far_drive import drive as drive


class Desk:
    """The controller with an open project on a drive, and nobody who writes: the test answers."""

    def __init__(self, qtbot: QtBot, theme: Theme, path: Path, folder: Path) -> None:
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.bus = DocumentBus()
        copies = WorkingCopies((folder,))
        self.copies = copies
        self.bar = SaveBar(theme, self.window, name="driveBar", mild=True)
        self.progress = TaskProgressWidget(theme, self.window, can_cancel=False)
        notices, settings = Notices(), LiveSettings(Settings())
        self.controller = DrivesController(
            self.bus, copies, notices, settings, bar=self.bar, progress=self.progress, window=self.window
        )
        self.asked: list[DriveRequest] = []
        self.controller.due.connect(self.asked.append)
        self.bus.written.connect(self.controller.on_written)
        self.bus.replace(copies.open(path, create=True, progress=lambda done, total: None))
        self.place = self.project.place

    @property
    def project(self) -> Project:
        assert self.bus.project is not None
        return self.bus.project

    def edit(self) -> None:
        assert self.bus.apply(AddLabel(f"label {len(self.project.labels())}"))

    def answer(self, seconds: float, error: DriveError | None = None) -> None:
        outcome = Outcome(self.place, is_open=True, error=error)
        self.controller.on_done(DriveReport(self.asked[-1], (outcome,), seconds, datetime.now()))

    def next_after(self) -> list[int]:
        """The milliseconds of the timers that will write."""
        timers = (self.controller._soon, self.controller._again)
        return [timer.interval() for timer in timers if timer.isActive()]

    def fire(self) -> None:
        """As if that time had passed."""
        timers: tuple[QTimer, ...] = (self.controller._soon, self.controller._again)
        next(timer for timer in timers if timer.isActive()).timeout.emit()


@pytest.fixture
def desk(qtbot: QtBot, theme: Theme, drive: FarDrive, tmp_path: Path) -> Desk:
    made = Desk(qtbot, theme, drive.folder / "work.sam2proj", tmp_path / "copies")
    yield made
    made.bus.replace(None)
    made.copies.leave()


def test_a_write_follows_within_a_second_and_many_edits_are_one(desk: Desk) -> None:
    desk.edit()
    desk.edit()
    assert desk.next_after() == [1_000]
    desk.fire()
    assert len(desk.asked) == 1
    assert desk.next_after() == []


def test_a_slow_drive_is_written_to_a_fifth_of_the_time(desk: Desk) -> None:
    desk.edit()
    desk.fire()
    desk.edit()
    assert desk.next_after() == [], "one write at a time"
    desk.answer(3.0)
    assert desk.next_after() == [12_000]
    desk.fire()
    desk.answer(300.0)
    desk.edit()
    assert desk.next_after() == [60_000], "but once a minute"


def test_a_drive_that_is_away_is_asked_less_and_less_and_said_to_be_so(desk: Desk) -> None:
    gone = DriveError("The drive cannot be reached.", hint="Your work is safe.")
    desk.edit()
    desk.fire()
    waited = []
    for _ in range(6):
        desk.answer(0.0, gone)
        waited += desk.next_after()
        desk.fire()
    assert waited == [5_000, 10_000, 20_000, 40_000, 60_000, 60_000]
    assert desk.bar.reason == "The drive cannot be reached. Your work is safe."
    desk.answer(0.0)
    assert desk.bar.reason == ""
    assert desk.next_after() == []


def test_a_drive_that_does_not_answer_at_all_is_said_to_be_away(desk: Desk) -> None:
    desk.edit()
    desk.fire()
    desk.controller._silent.timeout.emit()
    assert desk.bar.reason.startswith("The drive of work.sam2proj cannot be reached.")


def test_a_local_project_is_nothing_for_drives(desk: Desk, tmp_path: Path) -> None:
    desk.bus.replace(Project.open(Place.at(tmp_path / "here.sam2proj")))
    desk.edit()
    assert desk.next_after() == []


def test_what_a_closed_project_owes_is_written_after_the_write_under_way(desk: Desk, tmp_path: Path) -> None:
    desk.edit()
    desk.fire()
    desk.edit()
    desk.bus.replace(Project.open(Place.at(tmp_path / "here.sam2proj")))
    desk.controller.on_project(desk.project)
    assert len(desk.asked) == 1, "one write at a time"
    desk.answer(0.0)
    assert desk.next_after() == [1_000]
