"""A person works with the list of objects."""

import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMenu

from sam2_annotator.doc import mask_table
from sam2_annotator.doc.commands import AddObject, SetMask
from sam2_annotator.doc.edit import Edit
from sam2_annotator.doc.rows import MaskRow, ObjectRow
from sam2_annotator.ui.panels.objects_model import LIFE_ROLE, Column
from sam2_annotator.ui.theme.widgets import RowView
from sam2_annotator.ui.view_state import View, ViewChange
from sam2_annotator.values.ids import FrameIndex, ItemId, ObjectId
from sam2_annotator.values.intents import SetLocked
from sam2_annotator.values.states import MaskOrigin, MaskState
from support.drawing import blocks, draw
from support.drawn import picture_file, video_file
from support.window import Driver

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
LEFT, RIGHT = blocks((5, 5, 30, 30)), blocks((50, 5, 80, 30))


@pytest.fixture
def driver(start, tmp_path: Path) -> Driver:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    return driver


def view_of(driver: Driver) -> RowView:
    view = driver.window.objects.findChild(RowView, "objectsList")
    assert isinstance(view, RowView)
    return view


def press(driver: Driver, row: int, column: Column, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier):
    view = view_of(driver)
    place = view.visualRect(view.model().index(row, column)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, place)
    return place


def test_small_pictures_appear_behind_and_follow_changes(driver: Driver) -> None:
    draw(driver, LEFT, RIGHT)
    view = view_of(driver)
    driver.until(lambda: view.model().rowCount() == 2)

    def key(row: int) -> int:
        view.viewport().repaint()
        shown = view.model().data(view.model().index(row, Column.PICTURE), Qt.ItemDataRole.DecorationRole)
        return shown.cacheKey() if isinstance(shown, QPixmap) else 0

    driver.until(lambda: key(0) != 0 and key(1) != 0)
    before = key(0)
    driver.app.state.bus.apply(SetMask(driver.item, FrameIndex(0), ObjectId(1), RIGHT, MaskState.KEY))
    driver.until(lambda: key(0) not in (0, before))


def test_a_double_click_zooms_to_the_object(driver: Driver) -> None:
    draw(driver, LEFT, RIGHT)
    driver.until(lambda: view_of(driver).model().rowCount() == 2)
    zoom = driver.window.canvas.zoom
    place = press(driver, 1, Column.LABEL)
    QTest.mouseDClick(view_of(driver).viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert driver.window.canvas.zoom > zoom
    middle = driver.window.canvas.viewport().rect().center()
    x, y = driver.window.canvas.camera.to_image(middle.x(), middle.y())
    assert abs(x - 65) < 1
    assert abs(y - 17.5) < 1
    assert driver.app.state.view.selection == (ObjectId(2),)


def test_alt_and_the_eye_show_only_one_and_all_again(driver: Driver) -> None:
    draw(driver, LEFT, RIGHT)
    driver.until(lambda: view_of(driver).model().rowCount() == 2)
    press(driver, 1, Column.VISIBLE, ALT)
    assert [row.visible for row in driver.objects()] == [False, True]
    press(driver, 1, Column.VISIBLE, ALT)
    assert [row.visible for row in driver.objects()] == [True, True]
    driver.press(Qt.Key.Key_Z, CTRL)
    assert [row.visible for row in driver.objects()] == [False, True]


def test_keys_follow_the_order_of_the_list(driver: Driver) -> None:
    draw(driver, LEFT, blocks((50, 5, 90, 50)))
    driver.until(lambda: view_of(driver).model().rowCount() == 2)
    menu = driver.window.objects.findChild(QMenu, "objectsSortMenu")
    driver.until(lambda: len(driver.window.objects.listed()) == 2)
    next(action for action in menu.actions() if action.data() == "area").trigger()
    driver.until(lambda: driver.window.objects.listed() == (ObjectId(2), ObjectId(1)))
    driver.press(Qt.Key.Key_1, CTRL)
    assert driver.app.state.view.selection == (ObjectId(2),)
    driver.press(Qt.Key.Key_Down)
    assert driver.app.state.view.selection == (ObjectId(1),)


def test_enter_on_a_row_reached_by_tab_edits_the_label_in_place(driver: Driver) -> None:
    draw(driver, LEFT)
    driver.until(lambda: view_of(driver).model().rowCount() == 1)
    press(driver, 0, Column.NUMBER)
    view_of(driver).setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view_of(driver), Qt.Key.Key_Return)
    field = driver.window.objects.findChild(QLineEdit, "objectLabelEditor")
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "dog")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert driver.project.label(driver.objects()[0].label).name == "dog"


def test_in_clips_bars_show_where_objects_are(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(video_file(tmp_path / "clip.mp4", 8))
    draw(driver, LEFT, frame=2)
    draw(driver, RIGHT, frame=7)
    view = view_of(driver)

    def lives() -> list[object]:
        return [view.model().data(view.model().index(row, Column.LABEL), LIFE_ROLE) for row in range(2)]

    driver.until(lambda: lives() == [bytes([0, 0, 3, 0, 0, 0, 0, 0]), bytes([0, 0, 0, 0, 0, 0, 0, 3])])


@dataclass(frozen=True)
class AddMany:
    """Objects of which the first hundred have a mask."""

    item: ItemId
    count: int
    title: str = "Many"

    def apply(self, edit: Edit) -> None:
        """Write the rows."""
        for number in range(1, self.count + 1):
            object_id = ObjectId(edit.new_id(ObjectRow))
            edit.put(ObjectRow(object_id, self.item, number, None, False, visible=True, locked=False, z=number))
            if number > 100:
                continue
            x, y = 9 * (number % 10), 6 * (number // 10 % 10)
            mask = blocks((x, y, x + 6, y + 4))
            key = (self.item, FrameIndex(0), object_id)
            edit.put(MaskRow(*key, edit.keep(mask), MaskState.KEY, None, None, mask.area, MaskOrigin.EDITED))


def test_ten_thousand_objects_are_shown_and_scrolled_without_long_waits(driver: Driver) -> None:
    driver.project.apply(AddMany(driver.item, 10_000))
    begin = time.perf_counter()
    driver.app.presenters.objects.show_objects()
    filled = time.perf_counter() - begin
    view = view_of(driver)
    assert view.model().rowCount() == 10_000
    bar, longest = view.verticalScrollBar(), 0.0
    for place in range(0, bar.maximum(), max(1, bar.maximum() // 30)):
        begin = time.perf_counter()
        bar.setValue(place)
        view.viewport().repaint()
        longest = max(longest, time.perf_counter() - begin)
    print(f"filled in {1000 * filled:.0f} ms, a scrolled view drawn in at most {1000 * longest:.1f} ms")
    assert filled < 3
    assert longest < 0.5
    driver.press(Qt.Key.Key_1, CTRL)
    assert driver.app.state.view.selection == (ObjectId(1),)
    assert bar.value() == 0


def test_a_change_among_many_masks_reads_no_other_mask_again(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    draw(driver, *(blocks((x, y, x + 4, y + 4)) for x in range(0, 90, 8) for y in range(0, 60, 8)))
    driver.until(lambda: len(driver.window.objects.listed()) == 96)
    read: list[str] = []
    as_ever = mask_table.read
    monkeypatch.setattr(mask_table, "read", lambda execute, digest: read.append(digest) or as_ever(execute, digest))
    driver.app.state.bus.apply(AddObject(driver.item))
    driver.app.presenters.canvas.on_view(ViewChange(frozenset({View.SELECTION})))
    assert read == []


def test_removing_many_objects_names_a_few(driver: Driver) -> None:
    draw(driver, *[blocks((5, 5, 9, 9))] * 12)
    driver.app.router.route(SetLocked((driver.objects()[0].id, driver.objects()[1].id), True))
    driver.press(Qt.Key.Key_A, CTRL)
    driver.press(Qt.Key.Key_Delete)
    assert driver.notices[-2:] == [
        "Locked and left as they are: object 1, object 2.",
        "Removed object 3, object 4, object 5 and 7 more.",
    ]
    assert driver.app.state.view.selection == tuple(row.id for row in driver.objects())


def test_a_draft_counts_neither_in_the_list_of_objects_nor_in_that_of_files(start, tmp_path: Path) -> None:
    driver = start()
    driver.open(picture_file(tmp_path / "a.png"))
    driver.click(30, 32)
    driver.answered()
    driver.press(Qt.Key.Key_Return)
    driver.skip_naming()
    driver.click(80, 10)
    driver.answered()
    count = driver.window.objects.findChild(QLabel, "objectsCount")
    assert (driver.window.objects.listed()[1:] != (), count.text()) == (True, "1"), "its row is there"
    driver.until(lambda: driver.window.files.model.entry(0).objects == 1)
    driver.press(Qt.Key.Key_Return)
    driver.until(lambda: driver.window.files.model.entry(0).objects == 2)
    assert count.text() == "2"
