import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from sam2_annotator.ui.labels.entries import LabelEntry
from sam2_annotator.ui.panels.label_picker import LabelPicker, choices
from sam2_annotator.ui.theme.style import Theme
from sam2_annotator.ui.theme.widgets import RowView
from sam2_annotator.values.ids import LabelId, ObjectId
from sam2_annotator.values.intents import SetLabel

NAMES = ("traffic light", "cat", "light", "Katze", "cat-flap")
ENTRIES = tuple(LabelEntry(LabelId(n), name, n, 0, (1, 2, 3)) for n, name in enumerate(NAMES, start=1))
ONE = (ObjectId(7),)


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(400, 300)
    with qtbot.waitExposed(host):
        host.show()
    return host


@pytest.fixture
def picker(theme: Theme, host: QWidget) -> LabelPicker:
    return LabelPicker(theme, host)


def told_by(picker: LabelPicker) -> list[object]:
    told: list[object] = []
    picker.intent.connect(told.append)
    return told


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", [*NAMES, None]),
        ("li", ["light", "traffic light", "li"]),
        ("LIGHT", ["light", "traffic light", "LIGHT"]),
        ("cat", ["cat", "cat-flap"]),
        ("flap", ["cat-flap", "flap"]),
        ("at", ["cat", "Katze", "cat-flap", "at"]),
        (" dog  house ", ["dog house"]),
    ],
)
def test_the_likeliest_meaning_comes_first(typed: str, expected: list[str | None]) -> None:
    assert [choice.name for choice in choices(ENTRIES, typed)] == expected


def test_part_of_a_name_and_enter_give_the_label(qtbot: QtBot, picker: LabelPicker) -> None:
    told = told_by(picker)
    picker.ask(ONE, ENTRIES, QPoint(10, 10), "Label of dog 1")
    qtbot.keyClicks(picker.field, "fla")
    with qtbot.waitSignal(picker.focus_released):
        qtbot.keyClick(picker.field, Qt.Key.Key_Return)
    assert told == [SetLabel("cat-flap", ONE)]
    assert not picker.isVisible()


def test_down_reaches_the_new_name(qtbot: QtBot, picker: LabelPicker) -> None:
    told = told_by(picker)
    picker.ask(ONE, ENTRIES, QPoint(10, 10), "Label of dog 1")
    qtbot.keyClicks(picker.field, "ca")
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(picker.field, key)
    assert told == [SetLabel("ca", ONE)]


def test_enter_at_once_repeats_the_label_used_last(qtbot: QtBot, picker: LabelPicker) -> None:
    told = told_by(picker)
    picker.ask((), ENTRIES, QPoint(10, 10), "Label of dog 1")
    qtbot.keyClick(picker.field, Qt.Key.Key_Return)
    assert told == [SetLabel("traffic light", ())]


def test_without_labels_only_a_name_is_taken(qtbot: QtBot, picker: LabelPicker) -> None:
    told = told_by(picker)
    for text in ("", "dog"):
        picker.ask(ONE, (), QPoint(10, 10), "Label of dog 1")
        qtbot.keyClicks(picker.field, text)
        qtbot.keyClick(picker.field, Qt.Key.Key_Return)
    assert told == [SetLabel("dog", ONE)]


@pytest.mark.parametrize("leave", ["escape", "focus"])
def test_esc_or_going_elsewhere_changes_nothing(qtbot: QtBot, picker: LabelPicker, host: QWidget, leave: str) -> None:
    told = told_by(picker)
    picker.ask(ONE, ENTRIES, QPoint(10, 10), "Label of dog 1")
    qtbot.keyClicks(picker.field, "cat")
    if leave == "escape":
        qtbot.keyClick(picker.field, Qt.Key.Key_Escape)
    else:
        host.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        host.setFocus()
    assert not picker.isVisible()
    assert told == []


def test_a_click_takes_a_row(qtbot: QtBot, picker: LabelPicker) -> None:
    told = told_by(picker)
    picker.ask(ONE, ENTRIES, QPoint(10, 10), "Label of dog 1")
    view = picker.findChild(RowView)
    assert view is not None
    place = view.visualRect(view.model().index(1, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told == [SetLabel("cat", ONE)]


def test_it_stays_within_the_canvas(picker: LabelPicker, host: QWidget) -> None:
    for at in (QPoint(-50, -50), QPoint(900, 900)):
        picker.ask(ONE, ENTRIES, at, "Label of dog 1")
        assert host.rect().contains(picker.geometry())
