import time
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.panels.objects import ObjectEntry, ObjectsPanel
from sam2_annotator.ui.panels.objects_entry import SortBy, object_filter, short_area
from sam2_annotator.ui.panels.objects_model import Column, ObjectsModel
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import RowView
from sam2_annotator.values.ids import ObjectId
from sam2_annotator.values.intents import SelectObjects, SetLabel, SetLocked, SetVisible
from sam2_annotator.values.object_intents import CentreObject, PlaceOver, ShowOnly
from sam2_annotator.values.palette import colour, ring
from sam2_annotator.values.states import MaskState


def entry(number: int, label: str = "dog", state: MaskState | None = MaskState.KEY, area: int = 50) -> ObjectEntry:
    return ObjectEntry(
        object_id=ObjectId(100 + number),
        number=number,
        label=label,
        state=state,
        area=area,
        visible=True,
        locked=False,
        draft=False,
        colour=colour(number),
        ring=ring(number),
    )


ROWS = (entry(1), entry(2, "cat", MaskState.PROPAGATED, 500), entry(3, "", None, 0))


@pytest.fixture
def panel(qtbot: QtBot, theme: Theme) -> ObjectsPanel:
    panel = ObjectsPanel(theme)
    qtbot.addWidget(panel)
    panel.resize(320, 400)
    panel.set_rows(ROWS)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def view_of(panel: ObjectsPanel) -> RowView:
    view = panel.findChild(RowView, "objectsList")
    assert view is not None
    return view


def press(
    qtbot: QtBot,
    panel: ObjectsPanel,
    row: int,
    column: Column,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    view = view_of(panel)
    place = view.visualRect(view.model().index(row, column)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, place)


def intents(panel: ObjectsPanel) -> list[object]:
    told: list[object] = []
    panel.intent.connect(told.append)
    return told


def test_a_click_selects_and_control_adds(qtbot: QtBot, panel: ObjectsPanel) -> None:
    told = intents(panel)
    press(qtbot, panel, 0, Column.LABEL)
    press(qtbot, panel, 2, Column.LABEL, Qt.KeyboardModifier.ControlModifier)
    assert told == [SelectObjects((ObjectId(101),)), SelectObjects((ObjectId(101), ObjectId(103)))]


def test_a_click_on_the_eye_toggles_visibility_and_selects_nothing(qtbot: QtBot, panel: ObjectsPanel) -> None:
    told = intents(panel)
    press(qtbot, panel, 1, Column.VISIBLE)
    panel.set_rows((ROWS[0], replace(ROWS[1], visible=False), ROWS[2]))
    press(qtbot, panel, 1, Column.VISIBLE)
    assert told == [SetVisible((ObjectId(102),), False), SetVisible((ObjectId(102),), True)]


def test_the_lock_of_a_selected_row_means_all_selected(qtbot: QtBot, panel: ObjectsPanel) -> None:
    panel.set_selection((ObjectId(101), ObjectId(102)))
    told = intents(panel)
    press(qtbot, panel, 1, Column.LOCKED)
    press(qtbot, panel, 2, Column.LOCKED)
    assert told == [SetLocked((ObjectId(101), ObjectId(102)), True), SetLocked((ObjectId(103),), True)]


def test_a_selection_from_outside_tells_nothing_and_outlives_new_rows(panel: ObjectsPanel) -> None:
    told = intents(panel)
    panel.set_selection((ObjectId(102),))
    panel.set_rows((*ROWS, entry(4)))
    assert told == []
    rows = [index.row() for index in view_of(panel).selectionModel().selectedRows()]
    assert rows == [1]


def test_a_label_is_edited_in_place_with_completion(qtbot: QtBot, panel: ObjectsPanel) -> None:
    panel.set_labels(("dog", "person"))
    panel.set_selection((ObjectId(102),))
    told = intents(panel)
    panel.rename_selected()
    field = panel.findChild(QLineEdit, "objectLabelEditor")
    assert field is not None
    field.clear()
    qtbot.keyClicks(field, "per")
    with qtbot.waitSignal(panel.focus_released):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert told == [SetLabel("person", (ObjectId(102),))]


def test_esc_in_the_label_changes_nothing(qtbot: QtBot, panel: ObjectsPanel) -> None:
    panel.set_selection((ObjectId(102),))
    told = intents(panel)
    panel.rename_selected()
    field = panel.findChild(QLineEdit, "objectLabelEditor")
    assert field is not None
    qtbot.keyClicks(field, "xyz")
    with qtbot.waitSignal(panel.focus_released):
        qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert told == []


def test_typing_into_the_filter_shows_what_matches(qtbot: QtBot, panel: ObjectsPanel) -> None:
    panel.focus_filter()
    field = panel.findChild(QLineEdit, "objectsFilter")
    assert field is not None
    qtbot.keyClicks(field, "cat")
    assert view_of(panel).model().rowCount() == 1
    assert panel.findChild(QLineEdit, "objectsFilter").hasFocus()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", [1, 2, 3]),
        ("ca", [2]),
        ("3", [3]),
        ("label:dog", [1]),
        ("state:prop", [2]),
        ("area<100", [1, 3]),
        ("area>100 cat", [2]),
        ("area>100 dog", []),
    ],
)
def test_filter_terms(text: str, numbers: list[int]) -> None:
    assert [e.number for e in ROWS if object_filter(text)(e)] == numbers


def test_without_objects_it_says_how_to_begin(panel: ObjectsPanel) -> None:
    panel.set_rows(())
    shot = [label.text() for label in panel.findChildren(type(panel._empty)) if label.isVisible()]
    assert shot == ["Click something in the picture to outline it."]


def test_letters_are_not_eaten_by_the_list(qtbot: QtBot, panel: ObjectsPanel) -> None:
    view = view_of(panel)
    told = intents(panel)
    view.setFocus()
    qtbot.keyClicks(view, "c")
    assert told == []


def test_ten_thousand_objects_are_fast_and_changes_touch_only_their_rows(qtbot: QtBot, theme: Theme) -> None:
    rows = tuple(entry(number) for number in range(1, 10_001))
    model = ObjectsModel(theme)
    model.set_entries(rows)
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    begin = time.perf_counter()
    model.set_entries((*rows[:500], replace(rows[500], area=9), *rows[501:]))
    assert time.perf_counter() - begin < 1
    assert changed == [(500, 500)]


def test_a_right_click_asks_for_the_menu_where_it_was(qtbot: QtBot, panel: ObjectsPanel) -> None:
    panel.set_selection((ObjectId(101),))
    view = view_of(panel)
    with qtbot.waitSignal(panel.menu_requested) as asked:
        view.customContextMenuRequested.emit(QPoint(20, 10))
    assert asked.args == [view.viewport().mapToGlobal(QPoint(20, 10))]


def numbers(panel: ObjectsPanel) -> list[int]:
    return [object_id - 100 for object_id in panel.listed()]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        (SortBy.NUMBER, [1, 2, 3]),
        (SortBy.LABEL, [2, 1, 3]),
        (SortBy.AREA, [2, 1, 3]),
        (SortBy.STATE, [1, 2, 3]),
        (SortBy.STACK, [1, 3, 2]),
    ],
)
def test_the_list_is_sorted_as_chosen(panel: ObjectsPanel, sort: SortBy, expected: list[int]) -> None:
    panel.set_rows((replace(ROWS[0], z=9), replace(ROWS[1], z=1), replace(ROWS[2], z=5)))
    panel.set_selection((ObjectId(102),))
    menu = panel.findChild(QMenu, "objectsSortMenu")
    next(action for action in menu.actions() if action.data() == sort.value).trigger()
    assert numbers(panel) == expected
    (row,) = {index.row() for index in view_of(panel).selectionModel().selectedRows()}
    assert row == expected.index(2)


def test_rows_dropped_between_others_go_over_the_one_below(panel: ObjectsPanel) -> None:
    panel.set_rows(tuple(replace(row, z=row.number) for row in ROWS))
    menu = panel.findChild(QMenu, "objectsSortMenu")
    view, told = view_of(panel), intents(panel)
    model = view.model()
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsDragEnabled
    next(action for action in menu.actions() if action.data() == "stack").trigger()
    assert model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsDragEnabled
    assert numbers(panel) == [3, 2, 1]
    dragged = model.mimeData([model.index(2, 0), model.index(2, 1)])
    move = Qt.DropAction.MoveAction
    for row, over in ((0, 3), (1, 2), (3, None)):
        assert not model.dropMimeData(dragged, move, row, 0, QModelIndex())
        assert told.pop() == PlaceOver((ObjectId(101),), None if over is None else ObjectId(100 + over))
    model.dropMimeData(dragged, move, 2, 0, QModelIndex())
    assert told == [PlaceOver((ObjectId(101),), None)]


def test_a_double_click_centres_the_object_and_edits_nothing(qtbot: QtBot, panel: ObjectsPanel) -> None:
    view, told = view_of(panel), intents(panel)
    place = view.visualRect(view.model().index(1, Column.LABEL)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told[-1] == CentreObject(ObjectId(102))
    assert panel.findChild(QLineEdit, "objectLabelEditor") is None


def test_alt_and_a_click_on_the_eye_show_only_that_object(qtbot: QtBot, panel: ObjectsPanel) -> None:
    told = intents(panel)
    press(qtbot, panel, 1, Column.VISIBLE, Qt.KeyboardModifier.AltModifier)
    assert told == [ShowOnly((ObjectId(102),))]


def test_what_is_drawn_without_its_picture_is_asked_for_and_shown(qtbot: QtBot, panel: ObjectsPanel) -> None:
    asked: list[ObjectEntry] = []
    panel.picture_missing.connect(asked.append)
    panel.set_rows((replace(ROWS[0], picture="first"), ROWS[1]))
    panel.grab()
    assert {row.picture for row in asked} == {"first"}
    picture = QPixmap(36, 28)
    picture.fill(Qt.GlobalColor.red)
    panel.set_pictures({"first": picture})
    asked.clear()
    panel.grab()
    assert asked == []
    model = view_of(panel).model()
    assert isinstance(model.data(model.index(0, Column.PICTURE), Qt.ItemDataRole.DecorationRole), QPixmap)
    panel.set_rows((replace(ROWS[0], picture="second"), ROWS[1]))
    panel.grab()
    assert {row.picture for row in asked} == {"second"}
    shown = model.data(model.index(0, Column.PICTURE), Qt.ItemDataRole.DecorationRole)
    assert isinstance(shown, QPixmap), "the picture before stays until the next one is there"


def test_the_life_bar_is_drawn_where_the_object_is(panel: ObjectsPanel) -> None:
    view = view_of(panel)
    cell = view.visualRect(view.model().index(0, Column.LABEL))
    before = panel.grab().toImage()
    panel.set_lives({ObjectId(101): bytes([3, 3, 0, 0])})
    after = panel.grab().toImage()
    ratio = after.devicePixelRatio()
    corner = view.viewport().mapTo(panel, cell.bottomLeft())
    y = round((corner.y() - 3) * ratio)
    differ = [x for x in range(after.width()) if before.pixel(x, y) != after.pixel(x, y)]
    assert differ
    assert max(differ) <= (corner.x() + cell.width() / 2 + 2) * ratio


def test_words_that_match_nothing_are_said(qtbot: QtBot, panel: ObjectsPanel) -> None:
    panel.focus_filter()
    field = panel.findChild(QLineEdit, "objectsFilter")
    qtbot.keyClicks(field, "zebra")
    shown = [label.text() for label in panel.findChildren(type(panel._empty)) if label.isVisible()]
    assert 'No object matches "zebra".' in shown
    field.clear()
    assert view_of(panel).isVisible()


@pytest.mark.parametrize(
    ("area", "text"),
    [(9, "9"), (9_876, "9,876"), (12_345, "12.3 k"), (123_456, "123 k"), (999_999, "1 M"), (1_234_567, "1.23 M")],
)
def test_areas_fit_their_column(area: int, text: str) -> None:
    assert short_area(area) == text


@pytest.mark.parametrize("words", ["unlabelled", "new"])
def test_the_words_of_rows_without_a_label_are_read_in_full(panel: ObjectsPanel, words: str) -> None:
    panel.resize(300, 400)
    panel.set_rows((replace(entry(1, label=""), draft=words == "new"),))
    view = view_of(panel)
    index = view.model().index(0, Column.LABEL)
    assert index.data() == words
    assert view.text_width(words) <= view.columnWidth(Column.LABEL)
