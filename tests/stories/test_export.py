"""A person exports what was outlined."""

import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from sam2_annotator.masks import rle
from sam2_annotator.ui.dialogs.export import ExportChoice, ExportDialog, ExportScope
from support.drawn import picture_file, video_file

CTRL = Qt.KeyboardModifier.ControlModifier


def outlined(start, tmp_path: Path):
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(30, 32)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    return driver


def test_ctrl_e_and_export_write_coco_with_the_very_pixels(start, tmp_path: Path) -> None:
    driver = outlined(start, tmp_path)
    driver.press(Qt.Key.Key_E, CTRL)
    dialog = driver.dialog(ExportDialog)
    folder = tmp_path / "out"
    dialog.chosen.emit(ExportChoice("coco", ExportScope.ALL, folder))
    dialog.reject()
    driver.until(lambda: any("written to" in text for text in driver.notices))
    (path,) = [path for path in folder.rglob("*.json") if "annotations" in json.loads(path.read_text())]
    written = json.loads(path.read_text())
    (annotation,) = written["annotations"]
    segmentation = annotation["segmentation"]
    assert rle.from_coco(segmentation["size"], segmentation["counts"]) == driver.mask()


def test_a_read_only_folder_is_one_sentence_and_the_program_goes_on(start, tmp_path: Path) -> None:
    driver = outlined(start, tmp_path)
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    driver.app.controllers.export.start(ExportChoice("coco", ExportScope.ALL, blocked / "out"))
    driver.until(lambda: not driver.app.threads.tasks.running)
    driver.until(lambda: any("out" in text or "file" in text for text in driver.notices))
    assert blocked.read_text() == "in the way"
    driver.click(70, 20)
    driver.answered()
    assert driver.mask(2).area > 0


def test_a_project_of_clips_is_offered_the_video_format(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(video_file(tmp_path / "clip.mp4", 5))
    driver.press(Qt.Key.Key_E, CTRL)
    dialog = driver.dialog(ExportDialog)
    assert dialog.choice().format_id == "coco-video"
    dialog.reject()


def test_a_folder_that_was_refused_is_not_replaced_the_second_time(start, tmp_path: Path) -> None:
    driver = outlined(start, tmp_path)
    mine = tmp_path / "documents"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    for _ in range(2):
        driver.notices.clear()
        driver.app.controllers.export.start(ExportChoice("coco", ExportScope.ALL, mine))
        driver.until(lambda: any("exists already" in text for text in driver.notices))
    assert [path.name for path in mine.iterdir()] == ["thesis.txt"]


def test_exporting_again_replaces_the_export_but_keeps_what_a_person_put_there(start, tmp_path: Path) -> None:
    driver = outlined(start, tmp_path)
    folder = tmp_path / "out"
    driver.app.controllers.export.start(ExportChoice("coco", ExportScope.ALL, folder))
    driver.until(lambda: any("written to" in text for text in driver.notices))
    driver.notices.clear()
    driver.app.controllers.export.again()
    driver.until(lambda: any("written to" in text for text in driver.notices))
    (folder / "images").mkdir()
    (folder / "images" / "a.png").write_text("copied by hand")
    driver.notices.clear()
    driver.app.controllers.export.again()
    driver.until(lambda: any("was not written by the last export" in text for text in driver.notices))
    assert (folder / "images" / "a.png").read_text() == "copied by hand"


def test_the_export_is_named_after_the_folder_that_was_opened(start, tmp_path: Path) -> None:
    folder = tmp_path / "holiday"
    folder.mkdir()
    picture_file(folder / "a.png")
    picture_file(folder / "b.png")
    driver = start()
    driver.open(folder)
    driver.press(Qt.Key.Key_E, CTRL)
    dialog = driver.dialog(ExportDialog)
    assert dialog.choice().folder == tmp_path / "holiday-coco", "beside the pictures, where no copy is taken for one"
    dialog.reject()


def test_the_folder_can_be_shown_from_the_notice(start, tmp_path: Path, monkeypatch) -> None:
    driver = outlined(start, tmp_path)
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True)
    driver.app.controllers.export.start(ExportChoice("coco", ExportScope.ALL, tmp_path / "out"))
    driver.until(lambda: any("written to" in text for text in driver.window.notices.texts))
    buttons = driver.window.notices.findChildren(QPushButton, "noticeAction")
    button = next(button for button in buttons if button.text() == "Show folder")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [Path(name) for name in opened] == [tmp_path / "out"]


def test_an_object_that_is_not_accepted_yet_is_said_to_be_left_out(start, tmp_path: Path) -> None:
    driver = outlined(start, tmp_path)
    driver.click(70, 20)
    driver.answered()
    driver.press(Qt.Key.Key_E, CTRL)
    dialog = driver.dialog(ExportDialog)
    label = dialog.findChild(QLabel, "exportProblems")
    driver.until(lambda: "1 object not accepted yet (Enter) is left out" in label.text())
    dialog.reject()
