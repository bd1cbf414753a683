"""A person keeps a folder of pictures in order: files come, go, are found, confirmed and flagged."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from sam2_annotator.ui.dialogs.error import ErrorDialog
from sam2_annotator.ui.panels.file_entries import FileState
from sam2_annotator.ui.panels.files_model import NAME
from sam2_annotator.ui.panels.files_view import FilesView
from sam2_annotator.ui.panels.timeline_model import FLAGGED
from sam2_annotator.values.intents import CopyPaths, FilesAction, GoToItem, RemoveItems
from sam2_annotator.values.states import MaskState
from support.drawn import picture, picture_file, video_file

CTRL, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures p1, p2, p9 and p10."""
    path = tmp_path / "holiday"
    path.mkdir()
    for number in (1, 2, 9, 10):
        picture_file(path / f"p{number}.png")
    return path


def opened(start, folder: Path, count: int = 4):
    driver = start()
    driver.open(folder)
    driver.until(lambda: driver.window.files.model.rowCount() == count)
    return driver


def shown(driver) -> str:
    item = driver.app.state.view.item
    return "" if item is None else item.media.path.name


def names(driver) -> list[str]:
    model = driver.window.files.model
    return [model.entry(row).name for row in range(model.rowCount())]


def state(driver, name: str) -> FileState:
    return next(entry.state for entry in driver.window.files.model.entries() if entry.name == name)


def totals(driver) -> str:
    return driver.window.findChild(QLabel, "filesTotals").text()


def item(driver, name: str):
    return next(row.id for row in driver.project.items() if row.path.name == name)


def draw_one(driver) -> None:
    driver.click(30, 32)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()


def drop_on_list(driver, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    panel = driver.window.files
    QApplication.sendEvent(panel, QDragEnterEvent(QPoint(10, 60), copy, data, left, NONE))
    QApplication.sendEvent(panel, QDropEvent(QPointF(10, 60), copy, data, left, NONE))


# ----------------------------------------------------------------------------------------- order and stepping


def test_steps_follow_the_list_also_for_a_file_that_came_later(start, folder: Path) -> None:
    driver = opened(start, folder)
    picture_file(folder / "p5.png")
    driver.until(lambda: names(driver) == ["p1.png", "p2.png", "p5.png", "p9.png", "p10.png"])
    seen = [shown(driver)]
    for key in (Qt.Key.Key_D, Qt.Key.Key_PageDown, Qt.Key.Key_D, Qt.Key.Key_D, Qt.Key.Key_D):
        driver.press(key)
        seen.append(shown(driver))
    assert seen == ["p1.png", "p2.png", "p5.png", "p9.png", "p10.png", "p10.png"]
    driver.press(Qt.Key.Key_PageUp)
    assert shown(driver) == "p9.png"


def test_under_a_filter_steps_go_through_what_is_shown(start, folder: Path) -> None:
    driver = opened(start, folder)
    driver.press(Qt.Key.Key_F, CTRL)
    field = driver.window.findChild(QLineEdit, "filesFilter")
    assert field.hasFocus()
    QTest.keyClicks(field, "p1")
    assert names(driver) == ["p1.png", "p10.png"]
    QTest.keyClick(field, Qt.Key.Key_Return)
    driver.press(Qt.Key.Key_D)
    assert shown(driver) == "p10.png"
    view = driver.window.findChild(FilesView, "filesList")
    assert view.currentIndex().row() == 1


def test_accept_and_next_goes_to_the_next_file_to_do(start, folder: Path) -> None:
    driver = opened(start, folder)
    driver.app.router.route(GoToItem(item(driver, "p2.png")))
    driver.until(lambda: driver.window.canvas.picture_size is not None)
    draw_one(driver)
    driver.app.router.route(GoToItem(item(driver, "p1.png")))
    driver.click(30, 32)
    driver.answered()
    driver.press(Qt.Key.Key_Return, CTRL)
    assert shown(driver) == "p9.png", "p2 was begun before"
    driver.until(lambda: state(driver, "p1.png") is FileState.STARTED)


# ------------------------------------------------------------------------------------------ confirm and flag


def test_confirming_goes_on_and_says_when_all_is_done(start, folder: Path) -> None:
    driver = opened(start, folder)
    draw_one(driver)
    driver.press(Qt.Key.Key_C)
    assert shown(driver) == "p2.png"
    first = item(driver, "p1.png")
    assert [row.state for row in driver.project.masks(first, 0)] == [MaskState.CONFIRMED]
    driver.until(lambda: state(driver, "p1.png") is FileState.CONFIRMED)
    assert totals(driver) == "1 of 4 confirmed"
    for _ in range(3):
        driver.press(Qt.Key.Key_C)
    driver.until(lambda: totals(driver) == "4 of 4 confirmed")
    assert driver.notices[-1] == "Nothing left to check."
    assert driver.window.corner_row.review.text == "Confirmed"


def test_an_edit_takes_the_confirmation_back_and_undo_brings_it(start, folder: Path) -> None:
    driver = opened(start, folder)
    driver.app.state.settings.change({"advance_after_confirm": False})
    draw_one(driver)
    driver.press(Qt.Key.Key_C)
    assert shown(driver) == "p1.png"
    assert driver.window.corner_row.review.text == "Confirmed"
    driver.click(70, 20)
    driver.answered()
    assert driver.window.corner_row.review.text == "Confirmed", "a draft says nothing yet"
    driver.press(Qt.Key.Key_Return)
    assert driver.window.corner_row.review.text == ""
    driver.until(lambda: state(driver, "p1.png") is FileState.STARTED)
    while driver.window.corner_row.review.text == "" and driver.project.undo_title is not None:
        driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.window.corner_row.review.text == "Confirmed"
    driver.press(Qt.Key.Key_C, CTRL | SHIFT)
    assert {row.state for row in driver.project.masks(driver.item, 0)} == {MaskState.KEY}
    assert driver.window.corner_row.review.text == ""


def test_a_flag_takes_a_reason_in_place_and_f_finds_it(start, folder: Path) -> None:
    driver = opened(start, folder)
    for _ in range(4):
        driver.press(Qt.Key.Key_C)
    driver.app.router.route(GoToItem(item(driver, "p2.png")))
    driver.press(Qt.Key.Key_Y)
    field = driver.window.flag_field
    assert field.isVisible()
    assert field.hasFocus()
    QTest.keyClicks(field, "edge wrong")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert not field.isVisible()
    assert driver.window.canvas.hasFocus()
    assert driver.window.corner_row.review.text == "Flagged: edge wrong"
    driver.app.router.route(GoToItem(item(driver, "p1.png")))
    driver.until(lambda: any(entry.flag == "edge wrong" for entry in driver.window.files.model.entries()))
    driver.press(Qt.Key.Key_F)
    assert shown(driver) == "p2.png"
    driver.press(Qt.Key.Key_Y)
    assert driver.window.corner_row.review.text == "Confirmed"
    assert driver.notices[-1] == "Flag removed."


def test_the_words_of_the_flag_field_have_room(start, folder: Path) -> None:
    driver = opened(start, folder)
    driver.press(Qt.Key.Key_Y)
    field = driver.window.flag_field
    assert field.fontMetrics().horizontalAdvance(field.placeholderText()) < field.width() - 20


def test_esc_in_the_flag_field_flags_nothing(start, folder: Path) -> None:
    driver = opened(start, folder)
    driver.press(Qt.Key.Key_Y)
    QTest.keyClicks(driver.window.flag_field, "no")
    QTest.keyClick(driver.window.flag_field, Qt.Key.Key_Escape)
    assert not driver.window.flag_field.isVisible()
    assert driver.project.review(driver.item, driver.frame) is None


# ----------------------------------------------------------------------------------------------- come and go


def test_a_removed_file_stays_out_until_undo_or_until_it_is_added(start, folder: Path) -> None:
    driver = opened(start, folder)
    draw_one(driver)
    driver.app.router.route(RemoveItems((item(driver, "p1.png"),)))
    assert names(driver) == ["p2.png", "p9.png", "p10.png"]
    assert shown(driver) == "p2.png"
    assert driver.notices[-1] == "Removed p1.png from the project; the file stays."
    assert (folder / "p1.png").exists()
    driver.app.router.route(FilesAction.REFRESH)
    driver.until(lambda: driver.notices[-1] == "The list is up to date.")
    assert len(names(driver)) == 3
    driver.press(Qt.Key.Key_Z, CTRL)
    assert names(driver)[0] == "p1.png"
    driver.press(Qt.Key.Key_Z, CTRL | SHIFT)
    assert len(names(driver)) == 3
    driver.drop(folder / "p1.png")
    driver.until(lambda: len(names(driver)) == 4)
    assert driver.objects() == (), "it comes anew"


def click_row(driver, row: int, modifier=NONE) -> FilesView:
    view = driver.window.findChild(FilesView, "filesList")
    place = view.visualRect(driver.window.files.model.index(row, NAME)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, place)
    return view


def test_del_after_a_click_on_a_row_removes_the_file_and_never_an_object(start, folder: Path) -> None:
    driver = opened(start, folder)
    draw_one(driver)
    driver.press(Qt.Key.Key_A, CTRL)
    assert driver.app.state.view.selection
    click_row(driver, 0)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Delete)
    assert names(driver) == ["p2.png", "p9.png", "p10.png"]
    assert "the file stays" in driver.notices[-1]
    driver.press(Qt.Key.Key_Z, CTRL)
    assert names(driver) == ["p1.png", "p2.png", "p9.png", "p10.png"]
    assert len(driver.project.objects(item(driver, "p1.png"))) == 1


def test_del_after_choosing_rows_with_ctrl_removes_them(start, folder: Path) -> None:
    driver = opened(start, folder)
    draw_one(driver)
    click_row(driver, 2, CTRL)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Delete)
    assert names(driver) == ["p2.png", "p10.png"]


def test_enter_after_a_click_on_a_row_is_for_the_canvas_again(start, folder: Path) -> None:
    driver = opened(start, folder)
    driver.click(30, 32)
    driver.answered()
    click_row(driver, 0)
    QTest.keyClick(driver.window.windowHandle(), Qt.Key.Key_Return)
    assert driver.window.name_field.isVisible(), "the object was accepted"


def test_a_click_below_the_rows_leaves_the_shown_file_marked(start, folder: Path) -> None:
    driver = opened(start, folder)
    view = click_row(driver, 1)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, NONE, view.viewport().rect().bottomLeft())
    marked = [index.row() for index in view.selectionModel().selectedRows()]
    assert marked == [1]


def test_a_file_that_goes_keeps_its_row_and_its_work(start, folder: Path) -> None:
    driver = opened(start, folder)
    draw_one(driver)
    (folder / "p1.png").rename(folder.parent / "elsewhere.png")
    model = driver.window.files.model
    driver.until(lambda: any(entry.missing for entry in model.entries()))
    assert [entry.name for entry in model.entries() if entry.missing] == ["p1.png"]
    assert len(driver.objects()) == 1
    (folder.parent / "elsewhere.png").rename(folder / "p1.png")
    driver.until(lambda: not any(entry.missing for entry in model.entries()))


def test_files_dropped_on_the_list_join_in_one_step(start, folder: Path, tmp_path: Path) -> None:
    driver = opened(start, folder)
    project = driver.project.path
    other = tmp_path / "other"
    other.mkdir()
    for name in ("x.png", "y.png"):
        picture_file(other / name)
    drop_on_list(driver, other, folder / "p2.png")
    driver.until(lambda: len(names(driver)) == 6)
    assert driver.project.path == project
    driver.until(lambda: any(text.startswith("Added 2 files.") for text in driver.notices))
    assert shown(driver) == "x.png"
    driver.press(Qt.Key.Key_Z, CTRL)
    driver.until(lambda: len(names(driver)) == 4)


def test_a_drop_elsewhere_opens_its_own_project_unless_it_belongs_here(start, folder: Path, tmp_path: Path) -> None:
    driver = opened(start, folder)
    project = driver.project.path
    picture_file(folder / "p3.png")
    driver.drop(folder / "p3.png")
    driver.until(lambda: shown(driver) == "p3.png")
    assert driver.project.path == project
    stranger = picture_file(tmp_path / "stranger.png")
    driver.drop(stranger)
    driver.until(lambda: shown(driver) == "stranger.png")
    assert driver.project.path != project


def test_the_same_folder_opened_again_adds_what_is_new_and_is_still_no_step(start, folder: Path) -> None:
    driver = opened(start, folder)
    driver.close()
    picture_file(folder / "p3.png")
    again = opened(start, folder, 5)
    assert names(again)[2] == "p3.png"
    assert again.project.undo_title is None


def test_a_tiff_with_pages_is_a_clip_in_the_list(start, folder: Path) -> None:
    pages = [Image.fromarray(picture(centre=(30 + 3 * n, 32))) for n in range(5)]
    pages[0].save(folder / "stack.tif", save_all=True, append_images=pages[1:])
    driver = opened(start, folder, 5)
    driver.app.router.route(GoToItem(item(driver, "stack.tif")))
    driver.until(lambda: driver.window.clip_area.isVisible())
    assert driver.app.state.view.item.facts.frames == 5
    driver.press(Qt.Key.Key_D)
    assert driver.frame == 1
    driver.press(Qt.Key.Key_C)
    assert driver.frame == 2, "in a clip it is frames that are confirmed"
    driver.until(lambda: state(driver, "stack.tif") is FileState.STARTED)


def test_paths_go_to_the_clipboard(start, folder: Path) -> None:
    driver = opened(start, folder)
    driver.app.router.route(CopyPaths((item(driver, "p1.png"), item(driver, "p9.png"))))
    assert QGuiApplication.clipboard().text() == f"{folder / 'p1.png'}\n{folder / 'p9.png'}"


# --------------------------------------------------------------------------------------------------- pictures


def test_rows_on_the_screen_get_small_pictures_and_unreadable_ones_say_why(start, folder: Path, home: Path) -> None:
    (folder / "p3.png").write_bytes(b"no picture")
    driver = opened(start, folder, 5)
    model = driver.window.files.model
    decoration = Qt.ItemDataRole.DecorationRole
    driver.window.files.grab()
    driver.until(lambda: model.index(0, NAME).data(decoration) is not None)
    small = model.index(0, NAME).data(decoration).toImage()
    assert small.pixelColor(small.width() * 30 // 96, small.height() // 2).red() > 180, "the red disc"
    driver.until(lambda: model.entry(2).note == "p3.png is damaged or not a picture.")
    assert list((home / "cache" / "thumbnails").glob("*/*.jpg"))


def test_a_picture_that_breaks_off_is_told_as_unreadable(start, folder: Path) -> None:
    Image.fromarray(picture()).resize((900, 700)).save(folder / "p3.jpg")
    whole = (folder / "p3.jpg").read_bytes()
    (folder / "p3.jpg").write_bytes(whole[: len(whole) // 2])  # the header is whole
    driver = opened(start, folder, 5)
    driver.window.files.grab()
    driver.until(lambda: state(driver, "p3.jpg") is FileState.UNREADABLE)
    assert next(e.note for e in driver.window.files.model.entries() if e.name == "p3.jpg")


def test_a_folder_without_pictures_offers_another_and_says_what_can_be_read(start, tmp_path: Path) -> None:
    empty = tmp_path / "nothing here"
    empty.mkdir()
    (empty / "notes.txt").write_text("hello")
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    for name in ("a.png", "b.jpg"):
        (damaged / name).write_bytes(b"no picture")
    driver = start()
    for folder in (empty, damaged):
        driver.drop(folder)
        message = f"No pictures we can read in {folder.name}."
        driver.until(lambda message=message: driver.window.welcome.message == message)
        assert driver.window.findChild(QLabel, "formatsNote") is not None
        assert not driver.window.findChildren(ErrorDialog)
        assert driver.app.state.bus.project is None
    QTest.mouseClick(driver.window.welcome.formats_button, Qt.MouseButton.LeftButton)
    assert "TIFF" in driver.window.findChild(QLabel, "formatsNote").text()
    assert driver.window.welcome.another_button.isVisible()
    driver.drop(picture_file(tmp_path / "a.png"))
    driver.until(lambda: shown(driver) == "a.png")


def test_nothing_can_be_said_of_a_file_that_cannot_be_read(start, folder: Path) -> None:
    (folder / "p0.png").write_bytes(b"no picture")
    driver = start()
    driver.drop(folder)
    driver.until(lambda: driver.window.files.model.rowCount() == 5)
    driver.until(lambda: shown(driver) == "p0.png")
    for key in (Qt.Key.Key_C, Qt.Key.Key_Y):
        driver.press(key)
        assert driver.notices[-1] == "p0.png cannot be read, so there is nothing to say of it."
    assert not driver.window.flag_field.isVisible()
    driver.press(Qt.Key.Key_F)
    assert shown(driver) == "p1.png"


def test_a_file_that_was_still_on_its_way_can_be_read_in_the_end(start, folder: Path) -> None:
    driver = opened(start, folder)
    whole = picture_file(folder.parent / "whole.png").read_bytes()
    with (folder / "p3.png").open("wb") as file:
        file.write(whole[:20])
        file.flush()
        driver.until(lambda: len(names(driver)) == 5)
        assert state(driver, "p3.png") is FileState.UNREADABLE
        driver.app.router.route(GoToItem(item(driver, "p3.png")))
        driver.until(lambda: "p3.png" in driver.window.canvas.message)
        file.write(whole[20:])
    driver.until(lambda: state(driver, "p3.png") is FileState.TODO)
    driver.until(lambda: driver.window.canvas.message == "")
    assert driver.window.canvas.picture_size is not None
    assert driver.project.undo_title is None


def test_a_flag_shows_in_the_tags_and_on_the_time_line(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(video_file(tmp_path / "clip.mp4", 6))
    driver.click(30, 32)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    assert not any(mask.flagged for mask in driver.window.canvas._scene._masks)
    driver.press(Qt.Key.Key_Y)
    QTest.keyClick(driver.window.flag_field, Qt.Key.Key_Return)
    driver.until(lambda: all(mask.flagged for mask in driver.window.canvas._scene._masks))
    assert driver.window.timeline._model.summary().tolist()[0] == FLAGGED
    driver.press(Qt.Key.Key_Z, CTRL)
    driver.until(lambda: not any(mask.flagged for mask in driver.window.canvas._scene._masks))
    assert driver.window.timeline._model.summary().tolist()[0] != FLAGGED
