"""The files panel: what a click, a key, a drop and the filter do."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.panels.files import FileEntry, FilesPanel, FileState
from sam2_annotator.ui.panels.files_model import NAME
from sam2_annotator.ui.panels.files_view import FilesView
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.frame import MediaKind, MediaRef
from sam2_annotator.values.ids import ItemId
from sam2_annotator.values.intents import AddPaths, CopyPaths, FilesAction, GoToItem, RemoveItems, RevealItem


def entry(number: int, name: str, state: FileState = FileState.TODO) -> FileEntry:
    return FileEntry(MediaRef(ItemId(number), MediaKind.IMAGE, Path("/a") / name), state)


FEW = (entry(1, "a.jpg", FileState.STARTED), entry(3, "ab.png", FileState.CONFIRMED), entry(2, "b.jpg"))


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> FilesPanel:
    panel = FilesPanel(theme)
    qtbot.addWidget(panel)
    panel.resize(300, 400)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


@pytest.fixture
def told(panel: FilesPanel) -> list[object]:
    wishes: list[object] = []
    panel.intent.connect(wishes.append)
    return wishes


def view_of(panel: FilesPanel) -> FilesView:
    view = panel.findChild(FilesView)
    assert view is not None
    return view


def text_of(panel: FilesPanel, name: str) -> str:
    label = panel.findChild(QLabel, name)
    assert label is not None
    return label.text()


def field_of(panel: FilesPanel) -> QLineEdit:
    field = panel.findChild(QLineEdit, "filesFilter")
    assert field is not None
    return field


def click(
    qtbot: QtBot, panel: FilesPanel, row: int, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    view = view_of(panel)
    place = view.visualRect(view.model().index(row, NAME)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, pos=place)


def test_ten_thousand_rows_are_shown_at_once_without_a_widget_each(qtbot: QtBot, panel: FilesPanel) -> None:
    before = len(panel.findChildren(object))
    begin = time.perf_counter()
    panel.model.put(entry(n, f"IMG_{n}.jpg") for n in range(1, 10_001))
    panel.set_current(ItemId(9_000))
    panel.grab()
    assert time.perf_counter() - begin < 2
    assert len(panel.findChildren(object)) < before + 10
    assert view_of(panel).currentIndex().row() == 8_999
    assert ItemId(9_000) in panel.visible_items()
    assert len(panel.visible_items()) < 20
    assert text_of(panel, "filesTotals") == "0 of 10,000 confirmed"


def test_a_click_goes_to_the_item_and_setting_it_tells_nothing(
    qtbot: QtBot, panel: FilesPanel, told: list[object]
) -> None:
    panel.model.put(FEW)
    panel.set_current(ItemId(1))
    click(qtbot, panel, 2)
    assert told == [GoToItem(ItemId(2))]


def test_rows_that_come_before_keep_the_current_one_marked(panel: FilesPanel, told: list[object]) -> None:
    panel.set_current(ItemId(2))
    panel.model.put(FEW[2:])
    assert view_of(panel).currentIndex().row() == 0
    panel.model.put(FEW[:2])
    assert view_of(panel).currentIndex().row() == 2
    panel.model.remove([ItemId(1)])
    assert view_of(panel).currentIndex().row() == 1
    assert told == []


def test_the_filter_keeps_the_current_item_marked(qtbot: QtBot, panel: FilesPanel, told: list[object]) -> None:
    panel.model.put(FEW)
    panel.set_current(ItemId(3))
    panel.focus_filter()
    qtbot.keyClicks(field_of(panel), "ab")
    assert view_of(panel).model().rowCount() == 1
    assert view_of(panel).currentIndex().row() == 0
    assert text_of(panel, "filesTotals") == "1 of 3 confirmed · 1 shown"
    field_of(panel).clear()
    assert view_of(panel).currentIndex().row() == 1
    assert told == []


def test_a_filter_that_nothing_passes_says_so_and_can_be_left(qtbot: QtBot, panel: FilesPanel) -> None:
    panel.model.put(FEW)
    qtbot.keyClicks(field_of(panel), "zzz")
    assert not view_of(panel).isVisible()
    assert text_of(panel, "filesEmpty") == "No file matches “zzz”."
    button = panel.findChild(QPushButton, "filesEmptyButton")
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert view_of(panel).isVisible()
    assert field_of(panel).text() == ""


def test_an_empty_project_offers_to_add_something(qtbot: QtBot, panel: FilesPanel, told: list[object]) -> None:
    assert text_of(panel, "filesEmpty").startswith("No files.")
    button = panel.findChild(QPushButton, "filesEmptyButton")
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told == [FilesAction.ADD_FILES]


def test_delete_in_the_list_asks_for_the_chosen_rows(qtbot: QtBot, panel: FilesPanel, told: list[object]) -> None:
    panel.model.put(FEW)
    panel.set_current(ItemId(1))
    click(qtbot, panel, 1, Qt.KeyboardModifier.ShiftModifier)
    assert told == [], "choosing several goes nowhere"
    qtbot.keyClick(view_of(panel), Qt.Key.Key_Delete)
    assert told == [RemoveItems((ItemId(1), ItemId(3)))]


def test_the_menu_of_a_row(panel: FilesPanel, told: list[object]) -> None:
    assert panel.menu() is None
    panel.model.put(FEW)
    panel.set_current(ItemId(3))
    menu = panel.menu()
    assert menu is not None
    for action in menu.actions():
        action.trigger()
    chosen = (ItemId(3),)
    assert told == [RevealItem(ItemId(3)), CopyPaths(chosen), RemoveItems(chosen)]


def test_files_dropped_on_the_list_are_to_join(panel: FilesPanel, told: list[object], tmp_path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.png"))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(10, 100), copy, data, left, none)
    QApplication.sendEvent(panel, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(panel, QDropEvent(QPointF(10, 100), copy, data, left, none))
    assert told == [AddPaths((tmp_path / "a.png",))]
