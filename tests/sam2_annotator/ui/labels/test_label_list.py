"""The list of labels under mouse and keys."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from sam2_annotator.doc.commands.labels import (
    DeleteLabel,
    MergeLabels,
    MoveLabel,
    RenameLabel,
    SetLabelColour,
    SetLabelShortcut,
)
from sam2_annotator.ui.labels.entries import LabelEntry
from sam2_annotator.ui.labels.label_list import LabelList
from sam2_annotator.ui.labels.model import Column
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.values.ids import LabelId
from sam2_annotator.values.palette import COLOURS

DOG, CAT, BIRD = (
    LabelEntry(LabelId(n), name, digit, n, COLOURS[n])
    for n, name, digit in ((1, "dog", 1), (2, "cat", 2), (3, "bird", None))
)
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(params=[False], ids=["editor"])
def labels(qtbot: QtBot, theme: Theme, request: pytest.FixtureRequest) -> LabelList:
    view = LabelList("labels", theme, chooses=request.param)
    qtbot.addWidget(view)
    view.resize(300, 200)
    view.set_entries((DOG, CAT, BIRD), None)
    with qtbot.waitExposed(view):
        view.show()
    return view


def wishes(view: LabelList) -> list[object]:
    told: list[object] = []
    view.wish.connect(told.append)
    view.chosen.connect(told.append)
    return told


def place(view: LabelList, row: int, column: Column) -> QPoint:
    return view.visualRect(view.model().index(row, column)).center()


def double_click(qtbot: QtBot, view: LabelList, at: QPoint) -> None:
    qtbot.mouseClick(view.viewport(), LEFT, pos=at)
    qtbot.mouseDClick(view.viewport(), LEFT, pos=at)


def editor(view: LabelList) -> QLineEdit:
    found = view.findChild(QLineEdit, "labelEditor")
    assert found is not None
    return found


def test_a_double_click_renames_in_place(qtbot: QtBot, labels: LabelList) -> None:
    told = wishes(labels)
    double_click(qtbot, labels, place(labels, 1, Column.NAME))
    editor(labels).selectAll()
    qtbot.keyClicks(editor(labels), "tiger")
    with qtbot.waitSignal(labels.focus_released):
        qtbot.keyClick(editor(labels), Qt.Key.Key_Return)
    assert told == [RenameLabel(CAT.label, "tiger")]


@pytest.mark.parametrize(("typed", "digit"), [("7", 7), ("", None)])
def test_the_number_is_edited_in_place(qtbot: QtBot, labels: LabelList, typed: str, digit: int | None) -> None:
    told = wishes(labels)
    double_click(qtbot, labels, place(labels, 0, Column.DIGIT))
    editor(labels).clear()
    qtbot.keyClicks(editor(labels), typed)
    qtbot.keyClick(editor(labels), Qt.Key.Key_Return)
    assert told == [SetLabelShortcut(DOG.label, digit)]


@pytest.mark.parametrize("typed", ["10", "x", "0"])
def test_what_is_no_key_is_left_alone(qtbot: QtBot, labels: LabelList, typed: str) -> None:
    told = wishes(labels)
    double_click(qtbot, labels, place(labels, 0, Column.DIGIT))
    editor(labels).clear()
    qtbot.keyClicks(editor(labels), typed)
    qtbot.keyClick(editor(labels), Qt.Key.Key_Return)
    assert told == []


def test_the_keyboard_does_it_all(qtbot: QtBot, labels: LabelList) -> None:
    told = wishes(labels)
    labels.select(CAT.label)
    qtbot.keyClick(labels, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(labels, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(labels, Qt.Key.Key_Delete)
    qtbot.keyClick(labels, Qt.Key.Key_F2)
    qtbot.keyClicks(editor(labels), "s")
    qtbot.keyClick(editor(labels), Qt.Key.Key_Escape)
    qtbot.keyClick(labels, Qt.Key.Key_Return)
    assert told == [MoveLabel(CAT.label, 0), MoveLabel(CAT.label, 2), DeleteLabel(CAT.label), CAT]


@pytest.mark.parametrize("labels", [True], indirect=True, ids=["tab"])
def test_in_the_tab_a_click_chooses(qtbot: QtBot, labels: LabelList) -> None:
    told = wishes(labels)
    qtbot.mouseClick(labels.viewport(), LEFT, pos=place(labels, 1, Column.NAME))
    assert told == [CAT]


def drop(view: LabelList, row: int, y: int) -> None:
    """Drop a row where a drag of it would end."""
    content = view.model().mimeData([view.model().index(row, 0)])
    move, none, at = Qt.DropAction.MoveAction, Qt.KeyboardModifier.NoModifier, QPoint(60, y)
    for event in (
        QDragEnterEvent(at, move, content, LEFT, none),
        QDragMoveEvent(at, move, content, LEFT, none),
        QDropEvent(QPointF(at), move, content, LEFT, none),
    ):
        QApplication.sendEvent(view.viewport(), event)


def test_a_dropped_row_asks_for_its_new_place(labels: LabelList) -> None:
    told = wishes(labels)
    top = labels.visualRect(labels.model().index(0, 0)).top()
    drop(labels, 2, top + 1)
    drop(labels, 0, 190)
    assert told == [MoveLabel(BIRD.label, 0), MoveLabel(DOG.label, 2)]
    assert labels.model().rowCount() == 3


def test_a_drop_among_filtered_rows_goes_before_the_row_below(labels: LabelList) -> None:
    told = wishes(labels)
    labels.set_filter("D")
    assert labels.model().rowCount() == 2
    drop(labels, 1, labels.visualRect(labels.model().index(0, 0)).top() + 1)
    assert told == [MoveLabel(BIRD.label, 0)]


def test_a_click_on_the_colour_offers_the_seven(qtbot: QtBot, labels: LabelList) -> None:
    told = wishes(labels)
    qtbot.mouseClick(labels.viewport(), LEFT, pos=place(labels, 0, Column.COLOUR))
    menu = labels.findChild(QMenu, "labelMenu")
    assert menu is not None
    actions = [action for action in menu.actions() if not action.isSeparator()]
    assert len(actions) == 8
    assert [action.isChecked() for action in actions].index(True) == 1
    actions[4].trigger()
    assert told == [SetLabelColour(DOG.label, COLOURS[4])]
    menu.close()


def test_the_menu_merges_and_swaps_keys(labels: LabelList) -> None:
    told = wishes(labels)
    menu = labels.menu(BIRD)
    found = {action.text().split("\t")[0]: action for action in menu.actions()}
    keys = found["Key"].menu().actions()
    assert [action.text() for action in keys[:3]] == ["1 (now dog)", "2 (now cat)", "3"]
    assert keys[-1].isChecked()
    keys[0].trigger()
    found["Merge into"].menu().actions()[0].trigger()
    found["Delete…"].trigger()
    assert told == [SetLabelShortcut(BIRD.label, 1), MergeLabels((BIRD.label,), DOG.label), DeleteLabel(BIRD.label)]
    assert not found["Move down"].isEnabled()


def test_the_selected_label_stays_selected_when_the_order_changes(labels: LabelList) -> None:
    labels.select(CAT.label)
    labels.set_entries((BIRD, CAT, DOG), None)
    assert labels.selected == CAT
    labels.set_entries((BIRD, DOG), None)
    assert labels.selected is None


@pytest.mark.parametrize("labels", [True], indirect=True, ids=["tab"])
def test_in_the_tab_the_label_of_new_objects_is_the_selected_one(labels: LabelList) -> None:
    labels.clearFocus()
    labels.set_entries((DOG, CAT, BIRD), CAT.label)
    assert labels.selected == CAT
    labels.set_entries((BIRD, DOG, CAT), BIRD.label)
    assert labels.selected == BIRD
    labels.set_entries((BIRD, DOG, CAT), None)
    assert labels.selected is None
