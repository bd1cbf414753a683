"""The list of steps: what was done, what was undone, and a click that goes there."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from sam2_annotator.doc.commands import AddLabel, RenameLabel, SetLabel
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


def about(driver, row: int) -> str:
    return steps(driver).model().index(row, 1).data()


def two_pictures(driver, tmp_path: Path) -> None:
    """A labelled object in each of two pictures; the second one is shown."""
    first, second = picture_file(tmp_path / "a.png"), picture_file(tmp_path / "b.png", centre=(60, 32))
    driver.open(first, second)
    driver.until(lambda: len(driver.project.items()) == 2)
    driver.app.state.bus.apply(AddLabel("dog"))
    driver.app.state.bus.set_current_label(driver.project.labels()[0].id)
    driver.click(30, 32)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    driver.app.router.route(StepItem(1))
    driver.click(60, 32)
    driver.answered()
    driver.press(Qt.Key.Key_Return)


def test_rows_name_the_object_and_the_file(start, tmp_path: Path) -> None:
    driver = start()
    two_pictures(driver, tmp_path)
    driver.app.router.route(DocumentAction.HISTORY)
    assert rows(driver)[1:3] == ["Add label dog", "Add object"]
    assert [about(driver, row) for row in range(4)] == ["", "", "dog 1 · a.png", "dog 1 · a.png"]
    assert about(driver, len(rows(driver)) - 1) == "dog 1 · b.png"
    driver.app.state.bus.apply(RenameLabel(driver.project.labels()[0].id, "cat"))
    driver.until(lambda: rows(driver)[-1].startswith("Rename"))
    assert about(driver, 2) == "cat 1 · a.png", "by the name it has now"


def test_going_to_a_step_shows_its_picture_and_says_which(start, tmp_path: Path) -> None:
    driver = start()
    two_pictures(driver, tmp_path)
    first, second = (row.id for row in driver.project.items())
    driver.app.router.route(DocumentAction.HISTORY)
    assert driver.item == second
    click(driver, 2)
    driver.until(lambda: steps(driver).model().present == 2)
    assert driver.item == first
    assert any("Now after: Add object, object 1 · a.png" in text for text in driver.window.notices.texts)
    last = len(rows(driver)) - 1
    click(driver, last)
    driver.until(lambda: steps(driver).model().present == last)
    assert driver.item == second
    click(driver, 1)
    driver.until(lambda: steps(driver).model().present == 1)
    assert driver.item == first, "a step that is nowhere: where the one lies that was taken back last"


def test_undo_shows_what_belongs_to_another_picture_though_no_mask_changes(start, tmp_path: Path) -> None:
    driver = start()
    two_pictures(driver, tmp_path)
    first, second = (row.id for row in driver.project.items())
    (row,) = driver.project.objects(first)
    driver.app.state.bus.apply(SetLabel((row.id,), None))
    assert driver.item == second
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.item == first
    assert any("Undid: Set label, dog 1 · a.png" in text for text in driver.window.notices.texts)


def test_the_first_row_is_wholly_in_sight_where_there_is_room(start, tmp_path: Path) -> None:
    driver = start()
    two_pictures(driver, tmp_path)
    driver.app.router.route(DocumentAction.HISTORY)
    view = steps(driver)
    driver.until(lambda: view.visualRect(view.model().index(0, 0)).top() >= 0)
    driver.press(Qt.Key.Key_Z, CTRL)
    driver.until(lambda: view.model().present == len(rows(driver)) - 2)
    assert view.visualRect(view.model().index(0, 0)).top() >= 0


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
    assert heart.stop() < 2.0


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
