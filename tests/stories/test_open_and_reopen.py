"""A person opens things, closes the program, and finds everything again."""

import threading
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from sam2_annotator.errors import SettingsError
from sam2_annotator.jobs import open_paths
from sam2_annotator.ui.dialogs.error import ErrorDialog
from sam2_annotator.values.intents import ChangeModel, GoToItem, StepItem
from support.drawn import picture_file, video_file

CTRL = Qt.KeyboardModifier.ControlModifier


def labelled_object(driver, name: str = "dog") -> None:
    driver.click(30, 32)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    QTest.keyClicks(driver.window.name_field, name)
    QTest.keyClick(driver.window.name_field, Qt.Key.Key_Return)


def shown_label(driver) -> str:
    return driver.window.findChild(QPushButton, "currentLabel").text()


def test_a_dropped_folder_shows_its_first_picture_and_lists_the_rest(start, tmp_path: Path) -> None:
    folder = tmp_path / "holiday"
    folder.mkdir()
    for number in (1, 2, 10):
        picture_file(folder / f"p{number}.png")
    (folder / "notes.txt").write_text("no picture")
    driver = start()
    driver.drop(folder)
    driver.until(lambda: driver.window.canvas.picture_size is not None)
    driver.until(lambda: len(driver.project.items()) == 3)
    assert [row.path.name for row in driver.project.items()] == ["p1.png", "p2.png", "p10.png"]
    driver.press(Qt.Key.Key_D)
    assert driver.item == driver.project.items()[1].id


def test_closing_and_reopening_the_same_path_finds_everything(start, tmp_path: Path) -> None:
    clip = video_file(tmp_path / "clip.mp4", 8)
    driver = start()
    driver.open(clip)
    labelled_object(driver)
    driver.press(Qt.Key.Key_T)
    driver.until(lambda: driver.app.state.view.run is None)
    driver.click(60, 20)
    driver.answered()
    masks = [driver.mask(1, frame) for frame in range(8)]
    rows, labels, frame = driver.objects(), driver.project.labels(), driver.frame
    driver.close()

    again = start()
    again.open(clip)
    assert again.objects() == rows
    assert again.objects()[-1].draft, "the draft is still a draft"
    assert again.project.labels() == labels
    assert [again.mask(1, number) for number in range(8)] == masks
    assert again.frame == frame


def test_undo_works_after_a_restart(start, tmp_path: Path) -> None:
    path = picture_file(tmp_path / "a.png")
    driver = start()
    driver.open(path)
    labelled_object(driver)
    driver.click(70, 20)
    driver.answered()
    driver.close()

    again = start()
    again.open(path)
    assert len(again.objects()) == 2
    again.press(Qt.Key.Key_Z, CTRL)
    assert len(again.objects()) == 1
    again.press(Qt.Key.Key_Z, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert again.mask(2).area > 0


def test_an_unreadable_picture_says_why_and_does_not_block_the_next(start, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    picture_file(folder / "a.png")
    (folder / "b.png").write_bytes(b"this is no picture")
    picture_file(folder / "c.png")
    driver = start()
    driver.open(folder)
    driver.until(lambda: len(driver.project.items()) == 3)
    driver.app.router.route(StepItem(1))
    driver.until(lambda: "b.png" in driver.window.canvas.message)
    driver.app.router.route(StepItem(1))
    driver.until(lambda: driver.window.canvas.picture_size is not None)
    assert driver.window.canvas.message == ""
    driver.click(30, 32)
    driver.answered()
    assert driver.mask().area > 0


def test_a_file_that_is_nothing_is_one_clear_sentence(start, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    driver = start()
    driver.drop(path)
    driver.until(lambda: bool(driver.window.findChildren(ErrorDialog)))
    (dialog,) = driver.window.findChildren(ErrorDialog)
    assert driver.app.state.bus.project is None
    dialog.reject()
    picture = picture_file(tmp_path / "a.png")
    driver.open(picture)
    assert driver.window.canvas.picture_size is not None


def test_the_draft_stays_with_its_item(start, tmp_path: Path) -> None:
    first, second = picture_file(tmp_path / "a.png"), picture_file(tmp_path / "b.png")
    driver = start()
    driver.open(first, second)
    driver.until(lambda: len(driver.project.items()) == 2)
    driver.click(30, 32)
    driver.answered()
    items = driver.project.items()
    driver.app.router.route(GoToItem(items[1].id))
    assert driver.objects() == ()
    driver.app.router.route(GoToItem(items[0].id))
    assert driver.objects()[0].draft


def test_undoing_a_step_of_another_picture_goes_there_and_says_so(start, tmp_path: Path) -> None:
    first, second = picture_file(tmp_path / "a.png"), picture_file(tmp_path / "b.png")
    driver = start()
    driver.open(first, second)
    driver.until(lambda: len(driver.project.items()) == 2)
    labelled_object(driver, "{odd} name")
    driver.click(60, 20)
    driver.answered()
    driver.app.router.route(StepItem(1))
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.item == driver.project.items()[0].id
    assert any("Undid: Add object" in text and "a.png" in text for text in driver.notices)
    for _ in range(3):
        driver.press(Qt.Key.Key_Z, CTRL)
        assert not any("Add object" in text for text in driver.window.notices.texts), "what is undone last is another"
    assert driver.project.redo_title is not None


def test_undo_takes_back_a_click_not_the_pictures_that_came_after_it(start, tmp_path: Path, monkeypatch) -> None:
    clicked, read = threading.Event(), open_paths.probe

    def probe(found, token, *, seconds):
        if len(found) < 4:
            clicked.wait(10)
        return read(found, token, seconds=0)

    monkeypatch.setattr(open_paths, "probe", probe)
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(4):
        picture_file(folder / f"{number}.png")
    driver = start()
    driver.open(folder)
    driver.click(30, 32)
    clicked.set()
    driver.until(lambda: len(driver.project.items()) == 4)
    driver.answered()
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.objects() == ()
    assert len(driver.project.items()) == 4


def test_the_open_project_named_another_way_stays_open_for_writing(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    path = driver.project.path
    driver.app.controllers.document.open((path.parent / "." / ".." / path.parent.name / path.name,))
    assert not driver.project.read_only
    assert driver.app.state.view.item is not None


def test_a_model_choice_that_cannot_be_remembered_is_one_notice(start, tmp_path: Path, monkeypatch) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))

    def refuse(*arguments: object) -> None:
        raise SettingsError("The settings could not be written.", hint="Check the folder.")

    monkeypatch.setattr("sam2_annotator.settings.save", refuse)
    for model in ("first", "second"):
        driver.app.router.route(ChangeModel(model))
        driver.until(lambda model=model: driver.app.presenters.status._model.model == model)
    told = "The settings could not be written. Check the folder."
    driver.until(lambda: told in driver.notices)
    driver.app.controllers.settings.flush()
    assert driver.notices.count(told) == 1


def test_a_label_that_undo_takes_away_is_not_shown_as_the_next_one(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    labelled_object(driver)
    assert shown_label(driver) == "Label: dog"
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.project.labels() == ()
    assert shown_label(driver) == "Label: none"


def test_opening_is_nothing_to_undo(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    assert driver.project.undo_title is None
    driver.click(30, 32)
    driver.answered()
    for _ in range(9):
        driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.objects() == ()
    assert driver.app.state.view.item is not None


def test_the_title_names_the_project_as_people_do(start, tmp_path: Path) -> None:
    folder = tmp_path / "holiday"
    folder.mkdir()
    picture_file(folder / "a.png")
    driver = start()
    driver.open(folder)
    assert driver.window.windowTitle() == "a.png — holiday — SAM 2 Annotator"


def test_an_unreadable_picture_does_not_leave_the_one_before_on_the_screen(start, tmp_path: Path) -> None:
    folder = tmp_path / "holiday"
    folder.mkdir()
    whole = picture_file(folder / "b.png")
    (folder / "a.png").write_bytes(whole.read_bytes()[:60])
    driver = start()
    driver.drop(folder)
    driver.until(lambda: len(driver.app.state.bus.project.items() if driver.app.state.bus.project else ()) == 2)
    damaged, good = driver.project.items()
    canvas, window = driver.window.canvas, driver.window

    def on_screen() -> str:
        at = canvas.viewport().mapTo(window, canvas.viewport().rect().center())
        shot = window.screen().grabWindow(window.winId(), at.x() - 80, at.y() - 80, 1, 1)
        return shot.toImage().pixelColor(0, 0).name()

    driver.until(lambda: "a.png is damaged" in canvas.message)
    driver.until(lambda: on_screen() == canvas.backgroundBrush().color().name())
    driver.app.router.route(GoToItem(good.id))
    driver.until(lambda: on_screen() != canvas.backgroundBrush().color().name())
    driver.app.router.route(GoToItem(damaged.id))
    driver.until(lambda: on_screen() == canvas.backgroundBrush().color().name(), timeout=2000)
    driver.click(30, 32)
    assert driver.objects() == ()


def test_what_needs_a_project_is_off_until_there_is_one_and_says_why(start, tmp_path: Path) -> None:
    driver = start()
    actions = driver.app.actions
    needing = ("edit.paste", "edit.select_all", "edit.label_set", "edit.history", "object.delete", "review.confirm")
    assert [actions[name].isEnabled() for name in needing] == [False] * len(needing)
    assert actions.why_not("edit.paste") == "nothing is open"
    assert actions["edit.settings"].isEnabled()
    driver.open(picture_file(tmp_path / "a.png"))
    assert [actions[name].isEnabled() for name in needing] == [True] * len(needing)
