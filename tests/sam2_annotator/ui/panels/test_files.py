import time
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.panels.files import FileEntry, FilesPanel, FileState
from sam2_annotator.ui.panels.files_model import OBJECTS, STATE, file_filter
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import RowView
from sam2_annotator.values.ids import ItemId
from sam2_annotator.values.intents import GoToItem

MANY = tuple(FileEntry(ItemId(n), f"IMG_{n}.jpg", FileState.TODO, 0) for n in range(1, 10_001))
FEW = (
    FileEntry(ItemId(1), "a.jpg", FileState.STARTED, 2, ("dog", "cat")),
    FileEntry(ItemId(2), "b.jpg", FileState.UNREADABLE, 0, note="b.jpg is no picture."),
    FileEntry(ItemId(3), "ab.png", FileState.CONFIRMED, 1, ("dog",)),
)


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> FilesPanel:
    panel = FilesPanel(theme)
    qtbot.addWidget(panel)
    panel.resize(300, 400)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def view_of(panel: FilesPanel) -> RowView:
    view = panel.findChild(RowView)
    assert view is not None
    return view


def test_ten_thousand_rows_are_shown_at_once_without_a_widget_each(qtbot: QtBot, panel: FilesPanel) -> None:
    before = len(panel.findChildren(object))
    begin = time.perf_counter()
    panel.set_rows(MANY)
    panel.set_current(ItemId(9_000))
    panel.grab()
    assert time.perf_counter() - begin < 2
    assert len(panel.findChildren(object)) < before + 10
    assert view_of(panel).currentIndex().row() == 8_999


def test_one_changed_row_touches_one_row(panel: FilesPanel) -> None:
    panel.set_rows(MANY)
    model = view_of(panel).model()
    changed: list[int] = []
    model.dataChanged.connect(lambda first, last: changed.extend(range(first.row(), last.row() + 1)))
    panel.update_row(replace(MANY[41], objects=7))
    assert changed == [41]
    assert model.index(41, OBJECTS).data() == "7"


def test_a_click_goes_to_the_item_and_setting_it_tells_nothing(qtbot: QtBot, panel: FilesPanel) -> None:
    panel.set_rows(FEW)
    told: list[object] = []
    panel.intent.connect(told.append)
    panel.set_current(ItemId(1))
    view = view_of(panel)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.model().index(2, 1)).center())
    assert told == [GoToItem(ItemId(3))]


def test_the_filter_keeps_the_current_item_marked(qtbot: QtBot, panel: FilesPanel) -> None:
    panel.set_rows(FEW)
    panel.set_current(ItemId(3))
    told: list[object] = []
    panel.intent.connect(told.append)
    panel.focus_filter()
    field = panel.findChild(QLineEdit, "filesFilter")
    assert field is not None
    qtbot.keyClicks(field, "ab")
    assert view_of(panel).model().rowCount() == 1
    assert view_of(panel).currentIndex().row() == 0
    field.clear()
    assert view_of(panel).currentIndex().row() == 2
    assert told == []


@pytest.mark.parametrize(
    ("text", "items"),
    [("", [1, 2, 3]), ("a", [1, 3]), ("state:unread", [2]), ("label:cat", [1]), ("label:dog png", [3]), ("zzz", [])],
)
def test_filter_terms(text: str, items: list[int]) -> None:
    assert [e.item for e in FEW if file_filter(text)(e)] == items


def test_an_unreadable_item_says_why(panel: FilesPanel) -> None:
    panel.set_rows(FEW)
    assert view_of(panel).model().index(1, STATE).data(Qt.ItemDataRole.ToolTipRole) == "b.jpg is no picture."
