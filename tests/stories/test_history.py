"""The list of steps: what was done, what was undone, and a click that goes there."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from sam2_annotator.doc.commands import AddLabel
from sam2_annotator.ui.controllers import history
from sam2_annotator.ui.dialogs.history import HistoryDialog
from sam2_annotator.ui.theme.widgets import RowView
from sam2_annotator.values.intents import DocumentAction, StepItem
from support.drawn import picture_file
from support.window import Heartbeat

CTRL = Qt.KeyboardModifier.ControlModifier


def steps(driver) -> RowView:
    return driver.window.findChild(RowView, "historySteps")


def rows(driver) -> list[str]:
    return [entry.title for entry in steps(driver).model().entries]


def present(driver) -> str:
    return rows(driver)[steps(driver).model().present]


def click(driver, row: int) -> None:
    view = steps(driver)
    index = view.model().index(row, 0)
    view.scrollTo(index)
    none = Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, none, view.visualRect(index).center())


def test_a_click_in_the_history_goes_there_and_back_again(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    bus = driver.app.state.bus
    for name in ("dog", "cat", "cow"):
        bus.apply(AddLabel(name))
    driver.app.router.route(DocumentAction.HISTORY)
    assert rows(driver) == ["Before all of it", "Add label dog", "Add label cat", "Add label cow"]
    assert present(driver) == "Add label cow"
    click(driver, 1)
    driver.until(lambda: present(driver) == "Add label dog")
    assert [row.name for row in driver.project.labels()] == ["dog"]
    click(driver, 3)
    driver.until(lambda: present(driver) == "Add label cow")
    assert [row.name for row in driver.project.labels()] == ["dog", "cat", "cow"]
    QTest.keyClick(steps(driver), Qt.Key.Key_Z, CTRL)
    driver.until(lambda: present(driver) == "Add label cat")
    bus.apply(AddLabel("sheep"))
    driver.until(lambda: rows(driver)[-1] == "Add label sheep")
    click(driver, 0)
    driver.until(lambda: driver.project.labels() == ())


def test_an_empty_history_says_so(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.app.router.route(DocumentAction.HISTORY)
    assert driver.window.findChild(QLabel, "historyHint").text().startswith("Nothing has been done yet")


def test_hundreds_of_steps_are_travelled_without_holding_the_window_up(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    for number in range(400):
        driver.project.apply(AddLabel(f"label {number}"))
    driver.app.router.route(DocumentAction.HISTORY)
    heart = Heartbeat()
    heart.start()
    click(driver, 0)
    driver.until(lambda: driver.project.labels() == ())
    assert heart.stop() < 1.0


def test_a_large_step_is_undone_by_another_thread(start, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(history, "LARGE", 1)
    first, second = picture_file(tmp_path / "a.png"), picture_file(tmp_path / "b.png")
    driver = start()
    driver.open(first, second)
    driver.until(lambda: len(driver.project.items()) == 2)
    driver.click(30, 32)
    driver.answered()
    driver.app.router.route(StepItem(1))
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.app.state.bus.writable is None, "nothing else is written meanwhile"
    driver.until(lambda: driver.app.state.bus.writable is not None)
    assert driver.item == driver.project.items()[0].id, "the view goes where the step belongs"
    assert driver.objects() == ()
    driver.app.router.route(DocumentAction.REDO)
    driver.until(lambda: driver.app.state.bus.writable is not None and len(driver.objects()) == 1)
    driver.app.router.route(DocumentAction.HISTORY)
    click(driver, 0)
    driver.until(lambda: driver.app.state.bus.writable is not None and driver.objects() == ())
    driver.until(lambda: not driver.window.findChild(HistoryDialog).isHidden())


def test_the_oldest_steps_go_and_it_is_said_once(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.project._history.max_steps = 10
    for number in range(13):
        driver.app.state.bus.apply(AddLabel(f"label {number}"))
    assert len(driver.project.steps()) == 10
    words = "The oldest steps cannot be undone any more: 1,000 steps within 256 MB are kept."
    assert driver.notices.count(words) == 1
