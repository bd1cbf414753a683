"""A person copies masks between frames, pictures, clips and windows."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sam2_annotator.doc.commands import AddLabel, SetLabel
from sam2_annotator.jobs.copied import MIME
from sam2_annotator.masks import morphology
from sam2_annotator.values.ids import LabelId, ObjectId
from sam2_annotator.values.states import MaskState
from support.drawing import blocks, draw
from support.drawn import picture_file, video_file
from support.window import Driver

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT, RIGHT = blocks((5, 5, 30, 30)), blocks((50, 5, 80, 30))


@pytest.fixture
def pictures(start, tmp_path: Path) -> Driver:
    """Two pictures, the second of double size."""
    driver = start()
    driver.open(
        picture_file(tmp_path / "a.png"), picture_file(tmp_path / "b.png", width=192, height=128, centre=(60, 64))
    )
    driver.press(Qt.Key.Key_V)
    return driver


@pytest.fixture
def clip(start, tmp_path: Path) -> Driver:
    driver = start()
    driver.open(video_file(tmp_path / "clip.mp4", 8))
    driver.press(Qt.Key.Key_V)
    return driver


def select_all(driver: Driver) -> None:
    driver.press(Qt.Key.Key_A, CTRL)


def go_on(driver: Driver) -> None:
    item, frame = driver.item, driver.frame
    driver.press(Qt.Key.Key_D)
    driver.until(lambda: (driver.item, driver.frame) != (item, frame))


def test_a_mask_comes_to_another_picture_at_the_same_relative_place(pictures: Driver) -> None:
    (source,) = draw(pictures, LEFT)
    bus = pictures.app.state.bus
    label = LabelId(bus.apply(AddLabel("dog")).created[0])
    bus.apply(SetLabel((source,), label))
    select_all(pictures)
    pictures.press(Qt.Key.Key_C, CTRL)
    go_on(pictures)
    pictures.press(Qt.Key.Key_V, CTRL)
    (row,) = pictures.objects()
    assert row.label == label
    assert pictures.mask() == morphology.resized(LEFT, 128, 192)
    assert pictures.app.state.view.selection == (row.id,)
    pictures.press(Qt.Key.Key_Z, CTRL)
    assert pictures.objects() == ()


def test_cut_takes_the_object_away_and_paste_brings_it_back(pictures: Driver) -> None:
    draw(pictures, LEFT, RIGHT)
    pictures.click(10, 10)
    pictures.press(Qt.Key.Key_X, CTRL)
    assert [row.number for row in pictures.objects()] == [2]
    assert pictures.project.undo_title == "Cut"
    pictures.press(Qt.Key.Key_V, CTRL)
    assert pictures.mask(3) == LEFT
    pictures.press(Qt.Key.Key_Z, CTRL)
    pictures.press(Qt.Key.Key_Z, CTRL)
    assert [row.number for row in pictures.objects()] == [1, 2]


def test_a_duplicate_lies_a_little_aside_and_is_selected(pictures: Driver) -> None:
    draw(pictures, LEFT)
    select_all(pictures)
    pictures.press(Qt.Key.Key_D, CTRL)
    assert pictures.mask(2) == morphology.moved(LEFT, 10, 10)
    assert pictures.app.state.view.selection == (pictures.objects()[1].id,)


def test_on_another_frame_of_its_clip_the_mask_stays_with_its_object(clip: Driver) -> None:
    draw(clip, LEFT)
    select_all(clip)
    clip.press(Qt.Key.Key_C, CTRL)
    go_on(clip)
    clip.press(Qt.Key.Key_V, CTRL)
    assert len(clip.objects()) == 1
    assert clip.mask(1, 1) == LEFT
    clip.press(Qt.Key.Key_V, CTRL)
    assert len(clip.objects()) == 2
    assert clip.mask(2, 1) == LEFT


def test_cut_in_a_clip_says_absent_on_that_frame_alone(clip: Driver) -> None:
    (row,) = draw(clip, LEFT)
    draw(clip, RIGHT, frame=1)
    clip.app.state.view.select(row)
    clip.press(Qt.Key.Key_X, CTRL)
    assert clip.project.states(clip.item)[row] == {0: MaskState.ABSENT}
    clip.press(Qt.Key.Key_V, CTRL)
    assert clip.mask(1, 0) == LEFT


def test_ctrl_shift_v_asks_for_how_many_frames(clip: Driver) -> None:
    (row,) = draw(clip, LEFT)
    select_all(clip)
    clip.press(Qt.Key.Key_C, CTRL)
    go_on(clip)
    clip.press(Qt.Key.Key_V, CTRL | SHIFT)
    form = clip.window.range_form
    assert form.isVisible()
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "4")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert not form.isVisible()
    assert clip.masked_frames() == [0, 1, 2, 3, 4]
    assert clip.mask(1, 4) == LEFT
    assert clip.notices[-1] == "Pasted to 4 frames."
    clip.press(Qt.Key.Key_Z, CTRL)
    assert clip.masked_frames() == [0]
    assert clip.project.object(row) is not None


def test_masks_are_taken_along_to_the_next_frame(clip: Driver) -> None:
    draw(clip, LEFT, RIGHT)
    clip.app.actions["edit.copy_to_next"].trigger()
    assert clip.frame == 1
    assert [clip.mask(1, 1), clip.mask(2, 1)] == [LEFT, RIGHT]
    assert len(clip.objects()) == 2
    clip.press(Qt.Key.Key_Z, CTRL)
    assert [clip.mask(1, 1), clip.mask(2, 1)] == [None, None]
    clip.press(Qt.Key.Key_A)
    for _ in range(10):
        clip.app.actions["edit.copy_to_next"].trigger()
    assert clip.frame == 7
    assert clip.masked_frames(2) == list(range(8))
    assert clip.notices[-1] == "There is no next frame."


def test_masks_are_taken_along_to_the_next_picture(pictures: Driver) -> None:
    draw(pictures, LEFT)
    first = pictures.item
    pictures.app.actions["edit.copy_to_next"].trigger()
    assert pictures.item != first
    assert pictures.mask() == morphology.resized(LEFT, 128, 192)


def test_other_programs_get_a_picture_of_what_was_cut_out(pictures: Driver) -> None:
    draw(pictures, LEFT)
    pictures.until(lambda: pictures.window.canvas.picture_size is not None)
    select_all(pictures)
    pictures.press(Qt.Key.Key_C, CTRL)
    image = QApplication.clipboard().image()
    assert (image.width(), image.height()) == (25, 25)
    assert image.pixelColor(3, 3).alpha() == 255


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"masks": 3}', b'{"masks": [{"size": [1, 1]}]}', b"\xff"])
def test_what_cannot_be_read_is_said_and_changes_nothing(pictures: Driver, content: bytes) -> None:
    data = QMimeData()
    data.setData(MIME, content)
    QApplication.clipboard().setMimeData(data)
    pictures.press(Qt.Key.Key_V, CTRL)
    assert pictures.objects() == ()
    assert pictures.notices[-1].startswith(("What is on the clipboard", "There are no masks"))


def test_a_locked_object_gets_nothing_by_pasting(clip: Driver) -> None:
    (row,) = draw(clip, LEFT)
    select_all(clip)
    clip.press(Qt.Key.Key_C, CTRL)
    clip.press(Qt.Key.Key_L, CTRL)
    go_on(clip)
    clip.press(Qt.Key.Key_V, CTRL)
    assert clip.masked_frames() == [0]
    assert "locked" in clip.notices[-1]
    assert clip.app.state.view.selection == (ObjectId(row),)


def test_a_mask_comes_to_a_project_that_has_not_its_label(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    (source,) = draw(driver, LEFT)
    bus = driver.app.state.bus
    bus.apply(SetLabel((source,), LabelId(bus.apply(AddLabel("dog")).created[0])))
    select_all(driver)
    driver.press(Qt.Key.Key_C, CTRL)
    (tmp_path / "other").mkdir()
    driver.open(picture_file(tmp_path / "other" / "b.png"))
    driver.until(lambda: driver.project.labels() == ())
    driver.press(Qt.Key.Key_V, CTRL)
    (row,) = driver.objects()
    assert [label.name for label in driver.project.labels()] == ["dog"]
    assert row.label == driver.project.labels()[0].id
    driver.press(Qt.Key.Key_Z, CTRL)
    assert driver.project.labels() == ()
    assert driver.objects() == ()


def test_unselected_nothing_is_copied(pictures: Driver) -> None:
    draw(pictures, LEFT)
    pictures.press(Qt.Key.Key_C, CTRL)
    assert pictures.notices[-1] == "Select an object first."
